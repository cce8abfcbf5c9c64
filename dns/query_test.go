package dns

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"smoltls/iface"
)

func two() Config { return Config{Servers: []netip.AddrPort{at(server1), at(server2)}} }

func TestServersAreAskedInTurn(t *testing.T) {
	good := &dnsmessage.Message{Answers: []dnsmessage.Resource{addr("a.test.", "198.51.100.1", 60)}}
	for story, c := range map[string]struct {
		first func() *dnsmessage.Message
		took  time.Duration
	}{
		"the first says nothing": {func() *dnsmessage.Message { return nil }, DefaultTimeout},
		"the first fails": {func() *dnsmessage.Message {
			return &dnsmessage.Message{Header: dnsmessage.Header{RCode: dnsmessage.RCodeServerFailure}}
		}, 0},
		"the first refuses": {func() *dnsmessage.Message {
			return &dnsmessage.Message{Header: dnsmessage.Header{RCode: dnsmessage.RCodeRefused}}
		}, 0},
		"the first has another number": {func() *dnsmessage.Message {
			return &dnsmessage.Message{Header: dnsmessage.Header{ID: 1}, Answers: good.Answers}
		}, DefaultTimeout},
		"the first answers something else": {func() *dnsmessage.Message {
			return &dnsmessage.Message{Questions: []dnsmessage.Question{{Name: dnsmessage.MustNewName("b.test."), Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET}}}
		}, DefaultTimeout},
	} {
		w := newWorld(t, two())
		w.answer = func(server netip.Addr, _ way, _ dnsmessage.Message) *dnsmessage.Message {
			if server == server1 {
				return c.first()
			}
			m := *good
			return &m
		}
		if _, took, err := w.lookup("a.test", A); err != nil || took != c.took {
			t.Errorf("%s: %v after %v", story, err, took)
		}
	}
}

func TestAServerWhereNobodyListensIsPassedOver(t *testing.T) {
	w := newWorld(t, Config{Servers: []netip.AddrPort{netip.AddrPortFrom(server1, 5353), netip.MustParseAddrPort("203.0.113.1:53"), at(server2)}})
	w.answer = zone(addr("a.test.", "198.51.100.1", 60))
	if _, took, err := w.lookup("a.test", A); err != nil || took != 0 {
		t.Errorf("%v after %v", err, took)
	}
	w = newWorld(t, Config{Servers: []netip.AddrPort{netip.AddrPortFrom(server1, 5353)}})
	if _, _, err := w.lookup("a.test", A); !errors.Is(err, iface.ErrRefused) {
		t.Errorf("%v", err)
	}
}

func TestPatienceGrowsFromRoundToRoundAndEnds(t *testing.T) {
	w := newWorld(t, two())
	w.answer = func(netip.Addr, way, dnsmessage.Message) *dnsmessage.Message { return nil }
	_, took, err := w.lookup("a.test", A)
	var e *Error
	if !errors.Is(err, ErrTimeout) || !errors.As(err, &e) || !e.Timeout() || !e.Temporary() {
		t.Errorf("%v", err)
	}
	if want := 2 * (1 + 2 + 4) * DefaultTimeout; took != want || len(w.asked) != 2*DefaultRounds {
		t.Errorf("after %v, not %v, and %d questions", took, want, len(w.asked))
	}
}

func TestALateAnswerOfTheFirstServerIsNotTaken(t *testing.T) { // its port is closed
	w := newWorld(t, two())
	w.answer = func(server netip.Addr, _ way, _ dnsmessage.Message) *dnsmessage.Message {
		return &dnsmessage.Message{Header: dnsmessage.Header{RCode: dnsmessage.RCodeServerFailure}}
	}
	if _, _, err := w.lookup("a.test", A); !errors.Is(err, ErrServer) || !strings.Contains(err.Error(), "ServerFailure") {
		t.Errorf("%v", err)
	}
}

func TestAliasesAreFollowed(t *testing.T) {
	w := newWorld(t, Config{})
	// In any order in one answer; and in another one where the server stops.
	w.answer = func(_ netip.Addr, _ way, q dnsmessage.Message) *dnsmessage.Message {
		switch q.Questions[0].Name.String() {
		case "a.test.":
			return &dnsmessage.Message{Answers: []dnsmessage.Resource{addr("C.test.", "198.51.100.1", 60), cname("b.test.", "c.Test.", 20), cname("a.test.", "B.test.", 40)}}
		case "x.test.":
			return &dnsmessage.Message{Answers: []dnsmessage.Resource{cname("x.test.", "a.test.", 10)}}
		}
		t.Errorf("asked for %v", q.Questions)
		return nil
	}
	for name, ttl := range map[string]time.Duration{"a.test": 20 * time.Second, "x.test": 10 * time.Second} {
		if a, _, err := w.lookup(name, A); err != nil || strings.ToLower(a.Canonical) != "c.test." || a.TTL != ttl || len(a.Addrs) != 1 {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
	}
}

func TestAliasesWithoutEndAreGivenUp(t *testing.T) {
	w := newWorld(t, Config{})
	n := 0
	for story, answer := range map[string]func(netip.Addr, way, dnsmessage.Message) *dnsmessage.Message{
		"a loop in one answer": zone(cname("a.test.", "b.test.", 60), cname("b.test.", "a.test.", 60)),
		"one after the other": func(_ netip.Addr, _ way, q dnsmessage.Message) *dnsmessage.Message {
			n++
			return &dnsmessage.Message{Answers: []dnsmessage.Resource{cname(q.Questions[0].Name.String(), fmt.Sprint(n, ".test."), 60)}}
		},
	} {
		w.answer = answer
		if _, _, err := w.lookup("a.test", A); !errors.Is(err, ErrAliases) {
			t.Errorf("%s: %v", story, err)
		}
	}
	if n != DefaultAliases+1 {
		t.Errorf("asked %d times", n)
	}
}

func TestATruncatedAnswerIsAskedForAgainByTCP(t *testing.T) { // RFC 7766 §5
	w := newWorld(t, Config{})
	many := make([]dnsmessage.Resource, 1000)
	for i := range many {
		many[i] = addr("a.test.", fmt.Sprintf("198.51.%d.%d", i/256, i%256), 60)
	}
	w.answer = func(_ netip.Addr, by way, _ dnsmessage.Message) *dnsmessage.Message {
		if by == byUDP {
			return &dnsmessage.Message{Header: dnsmessage.Header{Truncated: true}}
		}
		return &dnsmessage.Message{Answers: many}
	}
	a, took, err := w.lookup("a.test", A)
	if err != nil || took > time.Second || len(a.Addrs) != DefaultAddrs {
		t.Errorf("%d addresses, %v after %v", len(a.Addrs), err, took)
	}
	if s := w.dns.Stats(); s.Truncated != 1 || s.Stream != 1 || s.UDP != 1 {
		t.Errorf("%+v", s)
	}
}

// RFC 6891 §7: a server that knows no EDNS says that it can't read the question.
func TestAServerThatKnowsNoEDNSIsAskedWithoutIt(t *testing.T) {
	w := newWorld(t, Config{})
	w.answer = func(_ netip.Addr, _ way, q dnsmessage.Message) *dnsmessage.Message {
		if len(q.Additionals) > 0 {
			if h := q.Additionals[0].Header; h.Type != dnsmessage.TypeOPT || int(h.Class) != udpSize {
				t.Errorf("%+v", h)
			}
			return &dnsmessage.Message{Header: dnsmessage.Header{RCode: dnsmessage.RCodeFormatError}}
		}
		return &dnsmessage.Message{Answers: []dnsmessage.Resource{addr("a.test.", "198.51.100.1", 60)}}
	}
	if _, took, err := w.lookup("a.test", A); err != nil || took != 0 || len(w.asked) != 2 {
		t.Errorf("%v after %v and %d questions", err, took, len(w.asked))
	}
}

func TestAServerThatCanNotEvenReadTheQuestionIsAskedWithoutEDNS_RFC6891_7(t *testing.T) {
	w := newWorld(t, Config{})
	old := true
	w.answer = func(_ netip.Addr, _ way, q dnsmessage.Message) *dnsmessage.Message {
		if len(q.Additionals) > 0 || !old {
			return &dnsmessage.Message{Header: dnsmessage.Header{RCode: dnsmessage.RCodeFormatError}, Questions: []dnsmessage.Question{}}
		}
		return &dnsmessage.Message{Answers: []dnsmessage.Resource{addr("a.test.", "198.51.100.1", 60)}}
	}
	if _, took, err := w.lookup("a.test", A); err != nil || took != 0 || len(w.asked) != 2 {
		t.Errorf("%v after %v and %d questions", err, took, len(w.asked))
	}
	old = false
	if _, took, err := w.lookup("b.test", A); !errors.Is(err, ErrServer) || took != 0 {
		t.Errorf("%v after %v", err, took)
	}
	w.answer = func(netip.Addr, way, dnsmessage.Message) *dnsmessage.Message { // says nothing, and not to what
		return &dnsmessage.Message{Questions: []dnsmessage.Question{}}
	}
	if _, _, err := w.lookup("c.test", A); !errors.Is(err, ErrTimeout) {
		t.Error(err)
	}
}

func TestPortsAndNumbersAreDifferentEachTime(t *testing.T) { // RFC 5452 §9
	w := newWorld(t, Config{Rounds: 50, Timeout: time.Millisecond})
	ports, ids := make(map[uint16]bool), make(map[uint16]bool)
	w.answer = func(_ netip.Addr, _ way, q dnsmessage.Message) *dnsmessage.Message {
		ids[q.ID] = true
		return &dnsmessage.Message{Header: dnsmessage.Header{RCode: dnsmessage.RCodeServerFailure}}
	}
	for i := range 20 {
		q, err := w.dns.Lookup(w.now, fmt.Sprint(i, ".test"), A)
		if err != nil {
			t.Fatal(err)
		}
		ports[q.udp.LocalAddr().Port()] = true
		w.until(q.Done)
	}
	if len(ports) < 18 || len(ids) < 18 {
		t.Errorf("%d ports, %d numbers in 20 lookups", len(ports), len(ids))
	}
}
