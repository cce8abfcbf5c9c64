package dns

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// several looks one name up several times at once.
func (w *world) several(name string, n int) (qs []*Query) {
	w.t.Helper()
	for range n {
		q, err := w.dns.Lookup(w.now, name, A)
		if err != nil {
			w.t.Fatal(err)
		}
		qs = append(qs, q)
	}
	return qs
}

func TestAQuestionIsUnderWayOnce_RFC5452_5(t *testing.T) {
	for name, cfg := range map[string]Config{"UDP": {}, "TLS": overTLS()} {
		w := newWorld(t, cfg)
		w.answer = zone(addr("a.test.", "198.51.100.1", 60))
		other, _ := w.dns.Lookup(w.now, "a.test", AAAA)
		qs := w.several("a.test", 3)
		for _, q := range append(qs, other) {
			w.until(q.Done)
		}
		for _, q := range qs {
			if a, err := q.Answer(); err != nil || len(a.Addrs) != 1 || a.TTL != time.Minute {
				t.Errorf("%s: %+v, %v", name, a, err)
			}
		}
		if len(w.asked) != 2 || len(w.dns.queries) != 0 || !w.dns.PollAt().IsZero() && name == "UDP" {
			t.Errorf("%s: asked %q", name, w.asked)
		}
		qs[0].answer.Addrs[0] = server1
		if qs[1].answer.Addrs[0] == server1 {
			t.Error("two have the same slice")
		}
	}
}

func TestAQuestionGoesOnWhenWhoAskedItLosesInterest(t *testing.T) {
	for name, cfg := range map[string]Config{"UDP": {}, "TLS": overTLS()} {
		w := newWorld(t, cfg)
		w.answer = zone(addr("a.test.", "198.51.100.1", 60))
		qs := w.several("a.test", 4)
		qs[2].Cancel()
		qs[0].Cancel()
		if _, err := qs[0].Answer(); !errors.Is(err, ErrClosed) || len(w.dns.queries) != 2 {
			t.Errorf("%s: %v, %d under way", name, err, len(w.dns.queries))
		}
		for _, k := range []int{1, 3} {
			w.until(qs[k].Done)
			if a, err := qs[k].Answer(); err != nil || len(a.Addrs) != 1 {
				t.Errorf("%s: %+v, %v", name, a, err)
			}
		}
		if len(w.asked) != 1 {
			t.Errorf("%s: asked %q", name, w.asked)
		}
	}
}

func TestAFailureIsToldToAllWhoWaitForIt(t *testing.T) {
	w := newWorld(t, Config{Rounds: 1})
	w.answer = func(netip.Addr, way, dnsmessage.Message) *dnsmessage.Message { return nil }
	qs := w.several("a.test", 3)
	if at := w.dns.PollAt(); at != w.now.Add(DefaultTimeout) {
		t.Errorf("due at %v", at)
	}
	for _, q := range qs {
		w.until(q.Done)
		if _, err := q.Answer(); !errors.Is(err, ErrTimeout) {
			t.Error(err)
		}
	}
	qs = w.several("a.test", 2)
	w.dns.Close()
	for _, q := range qs {
		if _, err := q.Answer(); !q.Done() || !errors.Is(err, ErrClosed) {
			t.Error(err)
		}
	}
}
