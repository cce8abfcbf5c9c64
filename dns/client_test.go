package dns

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

func TestANameIsLookedUpByUDPOverEitherFamily(t *testing.T) {
	for _, server := range []netip.Addr{server1, server6} {
		w := newWorld(t, Config{Servers: []netip.AddrPort{at(server)}})
		w.answer = zone(addr("a.test.", "198.51.100.1", 60), addr("a.test.", "2001:db8:1::1", 60), addr("b.test.", "198.51.100.9", 60), addr("a.test.", "198.51.100.2", 30))
		a, took, err := w.lookup("A.Test", A)
		if err != nil || took != 0 || a.Canonical != "a.test." || a.TTL != 30*time.Second || fmt.Sprint(a.Addrs) != "[198.51.100.1 198.51.100.2]" {
			t.Errorf("%+v, %v after %v", a, err, took)
		}
		if a, _, err := w.lookup("a.test.", AAAA); err != nil || fmt.Sprint(a.Addrs) != "[2001:db8:1::1]" {
			t.Errorf("%+v, %v", a, err)
		}
		if want := []string{server.String() + " UDP a.test. TypeA", server.String() + " UDP a.test. TypeAAAA"}; !slices.Equal(w.asked, want) {
			t.Errorf("asked %q", w.asked)
		}
	}
}

func TestAnAnswerIsKeptForAsLongAsItHolds(t *testing.T) {
	w := newWorld(t, Config{MaxTTL: time.Hour, MaxNegativeTTL: time.Minute})
	w.answer = func(_ netip.Addr, _ way, q dnsmessage.Message) *dnsmessage.Message {
		switch q.Questions[0].Name.String() {
		case "a.test.":
			return &dnsmessage.Message{Answers: []dnsmessage.Resource{addr("a.test.", "198.51.100.1", 30)}}
		case "long.test.":
			return &dnsmessage.Message{Answers: []dnsmessage.Resource{addr("long.test.", "198.51.100.1", 1e9)}}
		case "zero.test.":
			return &dnsmessage.Message{Answers: []dnsmessage.Resource{addr("zero.test.", "198.51.100.1", 0)}}
		case "huge.test.": // RFC 2181 §8
			return &dnsmessage.Message{Answers: []dnsmessage.Resource{addr("huge.test.", "198.51.100.1", 1<<31)}}
		case "none.test.":
			return &dnsmessage.Message{Authorities: []dnsmessage.Resource{soa(600, 20)}}
		case "unsure.test.":
			return &dnsmessage.Message{}
		}
		return &dnsmessage.Message{Header: dnsmessage.Header{RCode: dnsmessage.RCodeNameError}, Authorities: []dnsmessage.Resource{soa(600, 600)}}
	}
	for name, c := range map[string]struct {
		err   error
		holds time.Duration
	}{
		"a.test": {nil, 30 * time.Second}, "long.test": {nil, time.Hour}, "zero.test": {nil, 0}, "huge.test": {nil, 0},
		"none.test": {ErrNoData, 20 * time.Second}, "unsure.test": {ErrNoData, 0}, "no.test": {ErrNotFound, time.Minute},
	} {
		ask := func() int {
			before := len(w.asked)
			a, _, err := w.lookup(name, A)
			if !errors.Is(err, c.err) || err == nil && a.TTL > c.holds {
				t.Errorf("%s: %+v, %v", name, a, err)
			}
			return len(w.asked) - before
		}
		if ask() != 1 {
			t.Errorf("%s: not asked for", name)
		}
		if c.holds > 0 {
			w.sleep(c.holds - time.Second)
			if ask() != 0 {
				t.Errorf("%s: asked for though the answer is known", name)
			}
			w.sleep(time.Second)
		}
		if ask() != 1 {
			t.Errorf("%s: kept for too long", name)
		}
	}
	if s := w.dns.Stats(); s.CacheHits != 4 || s.UDP != uint64(len(w.asked)) {
		t.Errorf("%+v", s)
	}
}

func TestWhatIsWrongWithANameIsToldAtOnce(t *testing.T) {
	w := newWorld(t, Config{})
	long := ""
	for range 60 {
		long += "abcde."
	}
	for _, name := range []string{"", ".", "a..b", ".a", long, "a." + string(make([]byte, 64)) + ".b"} {
		_, _, err := w.lookup(name, A)
		var e *Error
		if !errors.Is(err, ErrName) || !errors.As(err, &e) || e.Name != name {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestLookupsUnderWayAreBounded(t *testing.T) {
	w := newWorld(t, Config{Limits: Limits{Queries: 2}})
	w.answer = zone()
	for i := range 2 {
		if _, err := w.dns.Lookup(w.now, fmt.Sprint(i, ".test"), A); err != nil {
			t.Fatal(err)
		}
	}
	_, err := w.dns.Lookup(w.now, "c.test", A)
	var e *Error
	if !errors.Is(err, ErrBusy) || !errors.As(err, &e) || !e.Temporary() {
		t.Errorf("%v", err)
	}
	w.sleep(time.Second)
	if _, err := w.dns.Lookup(w.now, "c.test", A); err != nil {
		t.Errorf("when they are done: %v", err)
	}
}

func TestCloseAndCancelEndLookups(t *testing.T) {
	w := newWorld(t, Config{})
	w.answer = func(netip.Addr, way, dnsmessage.Message) *dnsmessage.Message { return nil }
	a, _ := w.dns.Lookup(w.now, "a.test", A)
	b, _ := w.dns.Lookup(w.now, "b.test", A)
	if a.Done() || w.dns.PollAt() != w.now.Add(DefaultTimeout) {
		t.Errorf("done already, or due at %v", w.dns.PollAt())
	}
	a.Cancel()
	a.Cancel()
	if len(w.dns.queries) != 1 {
		t.Errorf("%d under way", len(w.dns.queries))
	}
	w.dns.Close()
	for _, q := range []*Query{a, b} {
		if _, err := q.Answer(); !q.Done() || !errors.Is(err, ErrClosed) {
			t.Errorf("%v", err)
		}
	}
	if _, err := w.dns.Lookup(w.now, "c.test", A); !errors.Is(err, ErrClosed) {
		t.Errorf("%v", err)
	}
	if !w.dns.PollAt().IsZero() {
		t.Errorf("due at %v", w.dns.PollAt())
	}
	w.sleep(time.Minute)
	if out := w.client.Pool().Out(); out != 0 {
		t.Errorf("%d bytes are held", out)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("no entropy") }

func TestWithoutEntropyNothingIsAsked(t *testing.T) {
	w := newWorld(t, Config{Rand: broken{}})
	if _, err := w.dns.Lookup(w.now, "a.test", A); err == nil {
		t.Error("asked")
	}
	if len(w.dns.queries) != 0 {
		t.Error("under way")
	}
}

// What is an address already nobody is asked for.
func TestAnAddressIsItsOwnAnswer(t *testing.T) {
	w := newWorld(t, Config{})
	w.answer = zone()
	for _, c := range []struct {
		name string
		typ  Type
		want string
		err  error
	}{
		{"198.51.100.1", A, "198.51.100.1", nil}, {"2001:db8::1", AAAA, "2001:db8::1", nil}, {"::ffff:198.51.100.1", A, "198.51.100.1", nil},
		{"198.51.100.1", AAAA, "", ErrNoData}, {"2001:db8::1", A, "", ErrNoData},
	} {
		q, err := w.dns.Lookup(w.now, c.name, c.typ)
		if err != nil || !q.Done() {
			t.Errorf("%s %v: %v, done %v", c.name, c.typ, err, err == nil && q.Done())
			continue
		}
		a, err := q.Answer()
		if !errors.Is(err, c.err) || c.err == nil && (len(a.Addrs) != 1 || a.Addrs[0].String() != c.want || a.Canonical != c.name || a.TTL <= 0) {
			t.Errorf("%s %v: %+v, %v", c.name, c.typ, a, err)
		}
	}
	if len(w.asked) != 0 {
		t.Errorf("asked %q", w.asked)
	}
}
