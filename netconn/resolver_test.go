package netconn

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"smoltls/dns"
	"smoltls/iface"
	"smoltls/set"
)

// nameServer is a name server on a Runner, which answers in the Runner's polls.
type nameServer struct {
	iface.UDPSocket
	t    *testing.T
	mute bool
}

// records are what it knows.
var records = map[dnsmessage.Type]dnsmessage.ResourceBody{
	dnsmessage.TypeA:    &dnsmessage.AResource{A: netip.MustParseAddr("192.0.2.2").As4()},
	dnsmessage.TypeAAAA: &dnsmessage.AAAAResource{AAAA: netip.MustParseAddr("2001:db8::2").As16()},
}

func serveNames(t *testing.T, r *Runner) *nameServer {
	t.Helper()
	s := &nameServer{t: t}
	r.Do(func(ifc *iface.Interface, _ *set.TCPSocketSet, _ *set.TLSSocketSet) {
		if err := ifc.OpenUDP(&s.UDPSocket, s, netip.MustParseAddrPort("192.0.2.2:53"), iface.PacketConfig{}); err != nil {
			t.Fatal(err)
		}
	})
	return s
}

// PacketEvent answers what has come. It is called in the middle of a poll, and TrySendTo only queues.
func (s *nameServer) PacketEvent() {
	for !s.mute && s.Readable() {
		b := make([]byte, 1500)
		n, m, err := s.TryRecv(b)
		if err != nil {
			return
		}
		var q dnsmessage.Message
		if err := q.Unpack(b[:n]); err != nil {
			s.t.Error(err)
			return
		}
		asked := q.Questions[0]
		q.Response, q.Additionals = true, nil
		if asked.Name.String() == serverName+"." {
			q.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: asked.Name, Type: asked.Type, Class: asked.Class, TTL: 60}, Body: records[asked.Type]}}
		} else {
			q.RCode = dnsmessage.RCodeNameError
		}
		b, _ = q.Pack()
		s.TrySendTo(b, iface.Meta{Remote: m.Remote})
	}
}

func TestNamesAreLookedUpOverTheStackItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		server := serveNames(t, w.server)
		resolver, err := w.client.NewResolver(dns.Config{Servers: []netip.AddrPort{netip.MustParseAddrPort("192.0.2.2:53")}})
		if err != nil {
			t.Fatal(err)
		}
		for network, want := range map[string]string{"ip4": "[192.0.2.2]", "ip6": "[2001:db8::2]", "ip": "[2001:db8::2 192.0.2.2]"} {
			addrs, err := resolver.LookupNetIP(t.Context(), network, serverName)
			if fmt.Sprint(addrs) != want || err != nil {
				t.Errorf("%s: %v, %v", network, addrs, err)
			}
		}
		if addrs, err := resolver.LookupNetIP(t.Context(), "ip", "192.0.2.9"); fmt.Sprint(addrs) != "[192.0.2.9]" || err != nil {
			t.Errorf("%v, %v", addrs, err)
		}
		var d *net.DNSError
		if _, err := resolver.LookupNetIP(t.Context(), "ip", "nobody.test"); !errors.As(err, &d) || !d.IsNotFound || d.Name != "nobody.test" || !errors.Is(err, dns.ErrNotFound) {
			t.Errorf("%v", err)
		}
		if _, err := resolver.LookupNetIP(t.Context(), "udp", serverName); err == nil {
			t.Error("a network that there is not")
		}
		if s := resolver.Stats(); s.UDP != 4 || s.CacheHits != 2 {
			t.Errorf("%+v", s)
		}

		server.mute = true
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begin := time.Now()
		_, err = resolver.LookupNetIP(ctx, "ip4", "slow.test")
		if !errors.As(err, &d) || !d.IsTimeout || !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) != time.Second {
			t.Errorf("%v after %v", err, time.Since(begin))
		}
		begin = time.Now()
		_, err = resolver.LookupNetIP(t.Context(), "ip4", "slow.test")
		if !errors.As(err, &d) || !d.IsTimeout || !errors.Is(err, dns.ErrTimeout) || time.Since(begin) != 14*time.Second {
			t.Errorf("%v after %v", err, time.Since(begin))
		}

		failed := make(chan error)
		go func() { _, err := resolver.LookupNetIP(t.Context(), "ip", "slow.test"); failed <- err }()
		synctest.Wait()
		w.client.Close()
		if err := <-failed; !errors.Is(err, net.ErrClosed) {
			t.Errorf("when the Runner is closed: %v", err)
		}
		if _, err := w.client.NewResolver(dns.Config{}); !errors.Is(err, net.ErrClosed) {
			t.Errorf("%v", err)
		}
	})
}

func TestADialerAsksItsResolver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		serveNames(t, w.server)
		var err error
		if w.dialer.Resolver, err = w.client.NewResolver(dns.Config{Servers: []netip.AddrPort{netip.MustParseAddrPort("192.0.2.2:53")}}); err != nil {
			t.Fatal(err)
		}
		c, _ := w.pair(t, true)
		if addr := c.RemoteAddr().(*net.TCPAddr).AddrPort().Addr(); addr != netip.MustParseAddr("2001:db8::2") {
			t.Errorf("connected to %v", addr)
		}
		var d *net.DNSError
		if _, err := w.dialer.Dial("tcp", "nobody.test:80"); !errors.As(err, &d) || !d.IsNotFound {
			t.Errorf("%v", err)
		}
		if _, err := w.client.NewResolver(dns.Config{}); !errors.Is(err, dns.ErrConfig) {
			t.Errorf("%v", err)
		}
	})
}
