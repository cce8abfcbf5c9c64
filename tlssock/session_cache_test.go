package tlssock

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
)

func TestSessionCacheIsBoundedAndGivesTheNewestOnce(t *testing.T) {
	c := NewLRUClientSessionCache(3)
	s := map[string]*ClientSession{}
	for _, key := range []string{"a", "b", "c", "d"} {
		s[key] = &ClientSession{ticket: []byte(key)}
		c.Put(key, s[key])
	}
	if _, ok := c.Get("a"); ok {
		t.Error("the oldest did not make room")
	}
	if got, ok := c.Get("b"); !ok || got != s["b"] {
		t.Error("lost")
	}
	if _, ok := c.Get("b"); ok {
		t.Error("given twice")
	}
	c.Put("d", s["a"])
	if got, _ := c.Get("d"); got != s["a"] {
		t.Error("not the newest")
	}
	if got, _ := c.Get("d"); got != s["d"] {
		t.Error("the older one is lost")
	}
	c.Put("d", nil)
	if _, ok := c.Get("d"); ok {
		t.Error("nil is no session")
	}
	big := NewLRUClientSessionCache(0).(*lruCache)
	for k := range 10_000 {
		big.Put(fmt.Sprint(k%1000), &ClientSession{})
	}
	if big.order.Len() != DefaultSessionCache || len(big.byKey) > DefaultSessionCache {
		t.Errorf("%d sessions of %d keys", big.order.Len(), len(big.byKey))
	}
	one := NewLRUClientSessionCache(0).(*lruCache)
	for range 100 {
		one.Put("k", &ClientSession{})
	}
	if one.order.Len() != DefaultSessionsPerKey {
		t.Errorf("%d sessions of one key", one.order.Len())
	}
}

func TestAStoredSessionIsTheSameAndASpoiledOneIsNone(t *testing.T) {
	p := newResumingPair(t)
	p.again()
	s, _ := p.clientCfg.ClientSessionCache.Get(testServerName)
	b, err := s.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	var got ClientSession
	if err := got.UnmarshalBinary(b); err != nil {
		t.Fatal(err)
	}
	got.proved, got.issued, s.proved, s.issued = got.proved.UTC(), got.issued.UTC(), s.proved.UTC(), s.issued.UTC()
	if !reflect.DeepEqual(&got, s) {
		t.Errorf("%+v, want %+v", got, *s)
	}
	var se *SessionError
	for n := range b {
		if err := new(ClientSession).UnmarshalBinary(b[:n]); !errors.As(err, &se) {
			t.Fatalf("%d of %d bytes: %v", n, len(b), err)
		}
	}
	if err := new(ClientSession).UnmarshalBinary(make([]byte, maxStoredSession+1)); !errors.As(err, &se) {
		t.Error(err)
	}
	p.clientCfg.ClientSessionCache.Put(testServerName, &got)
	if !p.again() {
		t.Error("a stored session resumes nothing")
	}
}
