package netconn

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"smoltls/phy"
	"smoltls/tcp"
)

// slow is a Resolver whose answers take their time, by network.
type slow struct {
	hosts
	after map[string]time.Duration
}

func (s slow) LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error) {
	select {
	case <-time.After(s.after[network]):
		return s.hosts.LookupNetIP(ctx, network, host)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// racing makes a world whose server has only these addresses, and gives how long a dial takes and where it ends.
func racing(t *testing.T, resolver Resolver, serverAddrs ...string) (d time.Duration, remote netip.Addr, err error) {
	synctest.Test(t, func(t *testing.T) {
		a, b := phy.NewSharedPipe(phy.PipeConfig{})
		client := start(t, a, "192.0.2.1/24", "2001:db8::1/64")
		server := start(t, b, serverAddrs...)
		if _, err := server.Listen("tcp", ":80"); err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		c, e := (&Dialer{Runner: client, Resolver: resolver}).Dial("tcp", "server.test:80")
		d, err = time.Since(begin), e
		if err == nil {
			remote = c.RemoteAddr().(*net.TCPAddr).AddrPort().Addr()
		}
		if n := len(client.tcpHome.conns); n > 1 || err != nil && n != 0 {
			t.Errorf("%d connections are left", n)
		}
	})
	return d, remote, err
}

func TestHappyEyeballs(t *testing.T) {
	const both4, both6 = "192.0.2.2/24", "2001:db8::2/64"
	names := hosts{"server.test": {"2001:db8::2", "192.0.2.2"}}
	for _, c := range []struct {
		story    string
		resolver Resolver
		server   []string
		after    time.Duration
		remote   string
	}{
		{"IPv6 is tried first", names, []string{both4, both6}, 0, "2001:db8::2"},
		{"IPv4 a quarter of a second later, when IPv6 is silent (RFC 8305 §5)", names, []string{both4}, DefaultAttemptDelay, "192.0.2.2"},
		{"IPv6's addresses may come a little later (§3)", slow{names, map[string]time.Duration{"ip6": 40 * time.Millisecond}}, []string{both4, both6}, 40 * time.Millisecond, "2001:db8::2"},
		{"but not much later (§3)", slow{names, map[string]time.Duration{"ip6": time.Hour}}, []string{both4, both6}, DefaultResolutionDelay, "192.0.2.2"},
		{"IPv6 waits for nobody (§3)", slow{names, map[string]time.Duration{"ip4": time.Hour}}, []string{both4, both6}, 0, "2001:db8::2"},
		{"an address whose network is not reachable costs nothing", hosts{"server.test": {"2001:db8:ffff::1", "192.0.2.2"}}, []string{both4}, 0, "192.0.2.2"},
		{"families take turns (§4)", hosts{"server.test": {"2001:db8::77", "2001:db8::78", "192.0.2.2"}}, []string{both4, both6}, DefaultAttemptDelay, "192.0.2.2"},
		{"a family that comes late joins in (§5)", slow{hosts{"server.test": {"2001:db8::2", "192.0.2.77"}}, map[string]time.Duration{"ip6": time.Second}}, []string{both6}, time.Second, "2001:db8::2"},
	} {
		d, remote, err := racing(t, c.resolver, c.server...)
		if err != nil || d != c.after || remote.String() != c.remote {
			t.Errorf("%s: %v after %v, %v", c.story, remote, d, err)
		}
	}
}

func TestARaceThatNobodyWinsIsLostWithTheFirstReason(t *testing.T) {
	_, _, err := racing(t, hosts{"server.test": {"2001:db8::77", "192.0.2.77"}}, "192.0.2.2/24")
	var op *net.OpError
	if !errors.Is(err, tcp.ErrUnreachable) || !errors.As(err, &op) || op.Addr.String() != "[2001:db8::77]:80" {
		t.Errorf("got %v", err)
	}
	_, _, err = racing(t, hosts{"server.test": nil}, "192.0.2.2/24")
	var dns *net.DNSError
	if !errors.As(err, &dns) || !dns.IsNotFound {
		t.Errorf("got %v", err)
	}
}
