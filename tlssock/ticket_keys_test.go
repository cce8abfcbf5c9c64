package tlssock

import (
	"crypto/rand"
	"errors"
	"testing"
	"time"
)

func TestTicketKeysThatAreNotGivenAreMadeAndRotate(t *testing.T) {
	c := &Config{}
	first, err := c.keysForTickets(epoch, rand.Reader)
	if err != nil || len(first) != 1 {
		t.Fatal(len(first), err)
	}
	const day = 24 * time.Hour
	if same, _ := c.keysForTickets(epoch.Add(day-1), rand.Reader); same[0] != first[0] {
		t.Error("a new key before its time")
	}
	for k := range 30 {
		keys, err := c.keysForTickets(epoch.Add(time.Duration(k+1)*day), rand.Reader)
		if err != nil || len(keys) != min(k+2, maxTicketKeys) || (keys[len(keys)-1] == first[0]) != (k < 7) {
			t.Errorf("day %d: %d keys, %v", k+1, len(keys), err)
		}
	}
	if _, err := new(Config).keysForTickets(epoch, errReader{}); err == nil {
		t.Error("a key without entropy")
	}
}

type errReader struct{}

func (errReader) Read([]byte) (int, error) { return 0, errors.New("no entropy") }

func TestGivenTicketKeysAreTheSameEverywhere(t *testing.T) {
	a, b := &Config{}, &Config{}
	if err := a.SetSessionTicketKeys(nil); !errors.Is(err, ErrConfig) {
		t.Error(err)
	}
	for _, c := range []*Config{a, b} {
		if err := c.SetSessionTicketKeys([][32]byte{{7}, {8}}); err != nil {
			t.Fatal(err)
		}
	}
	ka, _ := a.keysForTickets(epoch, nil)
	kb, _ := b.keysForTickets(epoch.Add(1000*time.Hour), nil)
	s := session{suite: 0x1301, secret: make([]byte, 32), proved: epoch, issued: epoch}
	for n := range 2 {
		ticket, err := ka[n].seal(nil, rand.Reader, &s)
		if err != nil {
			t.Fatal(err)
		}
		var got session
		if err := openTicket(kb, ticket, &got); err != nil || got.suite != s.suite {
			t.Errorf("key %d: %v", n, err)
		}
		if err := openTicket(kb[1-n:2-n], ticket, &got); err == nil {
			t.Errorf("key %d: opened with another one", n)
		}
	}
	if _, err := ka[0].seal(nil, errReader{}, &s); err == nil {
		t.Error("sealed without entropy")
	}
}
