package dns

import (
	"errors"
	"net/netip"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

func TestServersAreExchanged(t *testing.T) {
	w := newWorld(t, Config{Servers: []netip.AddrPort{at(server1)}})
	w.answer = func(server netip.Addr, _ way, _ dnsmessage.Message) *dnsmessage.Message {
		if server == server1 {
			return nil
		}
		return &dnsmessage.Message{Answers: []dnsmessage.Resource{addr("a.test.", "198.51.100.1", 60)}}
	}
	q, err := w.dns.Lookup(w.now, "a.test", A)
	if err != nil {
		t.Fatal(err)
	}
	w.poll()
	if err := w.dns.SetServers([]netip.AddrPort{at(server2)}); err != nil {
		t.Fatal(err)
	}
	w.until(q.Done)
	if a, err := q.Answer(); err != nil || len(a.Addrs) != 1 {
		t.Errorf("%v, %v", a, err)
	}
	for _, wrong := range [][]netip.AddrPort{nil, {{}}, make([]netip.AddrPort, MaxServers+1)} {
		if err := w.dns.SetServers(wrong); !errors.Is(err, ErrConfig) {
			t.Errorf("%v: %v", wrong, err)
		}
	}
	if _, _, err := w.lookup("b.test", A); err == nil || w.asked[len(w.asked)-1] != "192.0.2.54 UDP b.test. TypeA" {
		t.Errorf("%v, %v", err, w.asked)
	}
}
