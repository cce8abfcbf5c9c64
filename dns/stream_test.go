package dns

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"smoltls/tlssock"
	"smoltls/x509lite"
)

func overTLS() Config {
	return Config{TLS: &tlssock.Config{}, Servers: []netip.AddrPort{netip.AddrPortFrom(server1, TLSPort)}}
}

func echo(_ netip.Addr, _ way, q dnsmessage.Message) *dnsmessage.Message {
	return &dnsmessage.Message{Answers: []dnsmessage.Resource{addr(q.Questions[0].Name.String(), "198.51.100.1", 60)}}
}

// atOnce looks n names up, all at the same time.
func (w *world) atOnce(n int) (queries []*Query) {
	w.t.Helper()
	for i := range n {
		q, err := w.dns.Lookup(w.now, fmt.Sprint(i, ".test"), A)
		if err != nil {
			w.t.Fatal(err)
		}
		queries = append(queries, q)
	}
	return queries
}

// answered waits for the answers to atOnce's, each its own.
func (w *world) answered(queries []*Query) {
	w.t.Helper()
	for i, q := range queries {
		w.until(q.Done)
		if a, err := q.Answer(); err != nil || a.Canonical != fmt.Sprint(i, ".test.") {
			w.t.Errorf("%+v, %v", a, err)
		}
	}
}

func TestDNSOverTLSUsesOneConnectionForAll(t *testing.T) { // RFC 7858 §3.4
	w := newWorld(t, overTLS())
	w.answer = echo
	w.answered(w.atOnce(20))
	if _, _, err := w.lookup("late.test", A); err != nil {
		t.Error(err)
	}
	if n := w.tlss.Stats().HandshakesCompleted; n != 1 {
		t.Errorf("%d connections", n)
	}
	for _, asked := range w.asked {
		if asked[:len("192.0.2.53 TLS")] != "192.0.2.53 TLS" {
			t.Errorf("asked %s", asked)
		}
	}
	w.sleep(DefaultIdleTimeout + time.Second)
	if len(w.dns.streams) != 0 || w.sockets.Len() != 0 {
		t.Error("the connection is still there")
	}
	if _, _, err := w.lookup("later.test", A); err != nil {
		t.Error(err)
	}
}

// Whoever asks over TLS wants nobody else to know: there is no falling back (RFC 8310 §5).
func TestAServerThatIsSomebodyElseIsToldNothing(t *testing.T) {
	w := newWorld(t, overTLS())
	w.answer = echo
	w.dns.cfg.TLS = &tlssock.Config{Trust: x509lite.Pin(identity(t, "dns.test").Leaf), ServerName: "dns.test"}
	if _, _, err := w.lookup("a.test", A); !errors.Is(err, x509lite.ErrNotPinned) {
		t.Errorf("%v", err)
	}
	if len(w.asked) != 0 {
		t.Errorf("asked %q", w.asked)
	}
	if n := len(w.dns.streams) + w.sockets.Len(); n != 0 {
		t.Errorf("%d connections are left", n)
	}
}

func TestAConnectionThatTheServerClosesIsMadeAgain(t *testing.T) {
	w := newWorld(t, overTLS())
	w.answer = echo
	if _, _, err := w.lookup("a.test", A); err != nil {
		t.Fatal(err)
	}
	for s := range w.streams {
		s.Close()
		delete(w.streams, s)
	}
	if _, _, err := w.lookup("b.test", A); err != nil {
		t.Errorf("%v", err)
	}
}

func TestNumbersOnAConnectionAreNotUsedTwice(t *testing.T) {
	cfg := overTLS()
	same := 0
	cfg.Rand = numbers(func() byte { same++; return byte(same / 6) }) // three lookups in a row draw the same
	w := newWorld(t, cfg)
	w.answer = echo
	queries := w.atOnce(3)
	if a, b, c := queries[0].id, queries[1].id, queries[2].id; a == b || b == c || a == c {
		t.Errorf("%d, %d, %d", a, b, c)
	}
	w.answered(queries)
}

// numbers is an entropy source.
type numbers func() byte

func (n numbers) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = n()
	}
	return len(p), nil
}

// An entropy source that is broken must not hold up the loop: on a connection a number need only be free.
func TestNumbersOnAConnectionAreFoundWhateverIsDrawn(t *testing.T) {
	cfg := overTLS()
	cfg.Rand = numbers(func() byte { return 0xff })
	w := newWorld(t, cfg)
	w.answer = echo
	w.answered(w.atOnce(3))
}

// Whoever asks and does not wait for the answer, again and again, of a server that does not answer at all.
func TestQuestionsThatWaitForTheirConnectionAreBounded(t *testing.T) {
	w := newWorld(t, overTLS())
	w.answer = echo
	busy := 0
	for i := range 5000 {
		q, err := w.dns.Lookup(w.now, fmt.Sprint(i, ".test"), A)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := q.Answer(); errors.Is(err, ErrBusy) {
			busy++
		}
		q.Cancel()
	}
	if n := len(w.dns.streams[0].out); n > maxMessage || busy == 0 {
		t.Errorf("%d bytes wait, %d questions were refused", n, busy)
	}
	w.sleep(time.Second)
	if _, _, err := w.lookup("a.test", A); err != nil {
		t.Error(err)
	}
}

// A connection may be dead though nobody has said so: the next server in line, even the same one, is asked over
// another.
func TestAConnectionWithoutAnswersIsNotUsedAgain(t *testing.T) {
	w := newWorld(t, overTLS())
	w.answer = echo
	if _, _, err := w.lookup("a.test", A); err != nil {
		t.Fatal(err)
	}
	for s := range w.streams {
		delete(w.streams, s) // nobody reads from it any more, and nobody closes it
	}
	if _, took, err := w.lookup("b.test", A); err != nil || took > DefaultTimeout+time.Second {
		t.Errorf("after %v: %v", took, err)
	}
	w.sleep(DefaultIdleTimeout + time.Second)
	if len(w.dns.streams) != 0 || w.sockets.Len() != 0 {
		t.Errorf("%d connections, %d sockets are left", len(w.dns.streams), w.sockets.Len())
	}
}

func TestConnectionsLeaveNothingInTheirSet(t *testing.T) {
	w := newWorld(t, Config{})
	w.answer = func(server netip.Addr, by way, q dnsmessage.Message) *dnsmessage.Message {
		a := echo(server, by, q)
		a.Truncated = by == byUDP
		return a
	}
	for i := range 3 {
		if _, _, err := w.lookup(fmt.Sprint(i, ".test"), A); err != nil {
			t.Fatal(err)
		}
		w.sleep(DefaultIdleTimeout + time.Second)
	}
	for h := range w.dns.tcps.Ready() {
		t.Errorf("news of %v waits", h)
	}
	if n := w.dns.tcps.Len(); n != 0 {
		t.Errorf("%d sockets", n)
	}
}

func TestAConnectionThatIsOpenLeavesTheLoopAlone(t *testing.T) {
	for name, cfg := range map[string]Config{"TCP": {}, "TLS": overTLS()} {
		w := newWorld(t, cfg)
		w.answer = func(server netip.Addr, by way, q dnsmessage.Message) *dnsmessage.Message {
			a := echo(server, by, q)
			a.Truncated = by == byUDP
			return a
		}
		if _, _, err := w.lookup("a.test", A); err != nil {
			t.Fatal(err)
		}
		for range 10 {
			w.poll()
			w.serve()
		}
		if at := w.pollAt(); len(w.dns.streams) != 1 || !at.After(w.now) {
			t.Errorf("%s: %d connections, and the next poll is due in %v", name, len(w.dns.streams), at.Sub(w.now))
		}
	}
}

func TestTheLengthOfAQuestionInSecretTellsNothing_RFC8467_4_1(t *testing.T) {
	for name, cfg := range map[string]Config{"TLS": overTLS(), "UDP": {}} {
		w := newWorld(t, cfg)
		w.answer = func(_ netip.Addr, _ way, q dnsmessage.Message) *dnsmessage.Message {
			b, err := q.Pack()
			if err != nil {
				t.Fatal(err)
			}
			if padded := len(b)%paddingBlock == 0; padded != (name == "TLS") {
				t.Errorf("%s: %d bytes", name, len(b))
			}
			return &dnsmessage.Message{Answers: []dnsmessage.Resource{addr(q.Questions[0].Name.String(), "198.51.100.1", 60)}}
		}
		for n := 1; n < 200; n += 9 {
			long := strings.Repeat("abcdefgh.", n/9) + strings.Repeat("x", 1+n%9) + ".test"
			if _, _, err := w.lookup(long, A); err != nil {
				t.Fatal(name, n, err)
			}
		}
	}
}

func TestAServerThatKnowsNoEDNSIsAskedInSecretWithoutIt(t *testing.T) {
	w := newWorld(t, overTLS())
	w.answer = func(_ netip.Addr, _ way, q dnsmessage.Message) *dnsmessage.Message {
		if len(q.Additionals) > 0 {
			return &dnsmessage.Message{Header: dnsmessage.Header{RCode: dnsmessage.RCodeFormatError}}
		}
		return &dnsmessage.Message{Answers: []dnsmessage.Resource{addr("a.test.", "198.51.100.1", 60)}}
	}
	if _, _, err := w.lookup("a.test", A); err != nil || len(w.asked) != 2 {
		t.Errorf("%v, asked %q", err, w.asked)
	}
}
