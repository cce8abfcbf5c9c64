package netconn

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"testing"
	"time"
)

func TestCandidatesTakeTurns(t *testing.T) {
	var c candidates
	for _, s := range []string{"2001:db8::1", "192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::2"} {
		c.add(netip.MustParseAddr(s))
	}
	for _, want := range []string{"2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2", "192.0.2.3"} {
		if got := c.next().String(); got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
	if !c.empty() {
		t.Error("more are left")
	}
}

// fixed is a Resolver that gives the same whatever it is asked for.
type fixed []netip.Addr

func (f fixed) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) { return f, nil }

func TestAnAnswerIsTakenForWhatWasAsked(t *testing.T) {
	r := &race{asked: 2, resolutionDelay: time.Second}
	now := time.Now()
	many := make([]netip.Addr, 100)
	for i := range many {
		many[i] = netip.AddrFrom4([4]byte{192, 0, 2, byte(i)})
	}
	many[0] = netip.MustParseAddr("2001:db8::1") // of the other family: not asked for here
	r.learn(lookup{six: false, addrs: many}, now)
	if len(r.candidates.four) != MaxAddresses-1 || len(r.candidates.six) != 0 {
		t.Errorf("%d and %d addresses", len(r.candidates.four), len(r.candidates.six))
	}
	if r.holdUntil != now.Add(time.Second) {
		t.Error("IPv6's addresses are not waited for")
	}
	if addrs, err := (&Dialer{Resolver: fixed(many)}).packetAddrs(t.Context(), "udp", "many.test"); len(addrs) != MaxAddresses || addrs[0] != many[0] || err != nil {
		t.Errorf("for UDP: %v, %v", addrs, err)
	}
	if addrs, err := (&Dialer{Resolver: fixed(many)}).packetAddrs(t.Context(), "udp4", "many.test"); len(addrs) != MaxAddresses-1 || err != nil {
		t.Errorf("for UDP over IPv4: %v, %v", addrs, err)
	}
	broken := errors.New("broken")
	r.learn(lookup{six: true, err: broken}, now)
	if !r.holdUntil.IsZero() || r.asked != 0 || r.lookupErr != broken {
		t.Errorf("%+v", r)
	}
	r = &race{asked: 1}
	r.learn(lookup{}, now)
	var dns *net.DNSError
	if !errors.As(r.verdict(), &dns) {
		t.Errorf("no address and no error: %v", r.verdict())
	}
}
