package iface

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smoltls/internal/nstest"
	"smoltls/phy"
)

const (
	kernelPatience = 30 * time.Second
	kernelAddr     = "2001:db8:a::ff" // on the TAP's link
	beyondAddr     = "2001:db8:ff::1" // behind the kernel as a router
)

// kernelLink is our station at one end of a TAP and the kernel, as a router for IPv6, at the other.
type kernelLink struct {
	*station
	t     *testing.T
	dev   *phy.TunTap
	ns    *nstest.NetNS
	heard []AddrEvent
}

func newKernelLink(t *testing.T) *kernelLink {
	dev, ns := nstest.TAP(t, netip.MustParsePrefix(kernelAddr+"/64"), netip.MustParsePrefix("192.0.2.1/24"))
	l := &kernelLink{t: t, dev: dev, ns: ns}
	l.sysctl("all/forwarding", "1")
	l.ip("addr", "add", beyondAddr+"/128", "dev", "lo")
	return l
}

// start makes the station. Two with the same secret choose the same addresses.
func (l *kernelLink) start() {
	l.t.Helper()
	i, err := New(Config{
		Device: l.dev, Autoconf: true, StableSecret: []byte(l.t.Name()), Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.2/24")},
		AddrEvent: func(e AddrEvent) { l.heard = append(l.heard, e) },
	})
	if err != nil {
		l.t.Fatal(err)
	}
	l.station = &station{i, make(map[*Conn]int)}
}

func (l *kernelLink) sysctl(name, value string) {
	l.t.Helper()
	if err := l.ns.Do(func() error { return os.WriteFile("/proc/sys/net/ipv6/conf/"+name, []byte(value), 0o644) }); err != nil {
		l.t.Fatal(err)
	}
}

func (l *kernelLink) ip(args ...string) string {
	l.t.Helper()
	return l.run("ip", args...)
}

func (l *kernelLink) run(program string, args ...string) string {
	l.t.Helper()
	out, err := l.ns.Command(nstest.Program(l.t, program), args...).CombinedOutput()
	if err != nil {
		l.t.Fatalf("%s %v: %v\n%s", program, args, err, out)
	}
	return string(out)
}

// bridge makes the TAP a port of a bridge in the kernel.
func (l *kernelLink) bridge(options ...string) {
	l.t.Helper()
	args := append([]string{"link", "add", "br0", "type", "bridge"}, options...)
	if out, err := l.ns.Command(nstest.Program(l.t, "ip"), args...).CombinedOutput(); err != nil {
		nstest.Missing(l.t, "bridge", string(out))
	}
	l.ip("link", "set", "tap0", "master", "br0")
	l.ip("link", "set", "br0", "up")
}

// radvd advertises the kernel as a router, until the test ends.
func (l *kernelLink) radvd() {
	l.t.Helper()
	dir := l.t.TempDir()
	conf := filepath.Join(dir, "radvd.conf")
	const text = `interface tap0 {
		AdvSendAdvert on; MinRtrAdvInterval 3; MaxRtrAdvInterval 4; AdvDefaultPreference high; AdvDefaultLifetime 1000;
		AdvLinkMTU 1400; AdvCurHopLimit 33; AdvReachableTime 20000; AdvRetransTimer 1500;
		prefix 2001:db8:a::/64 { AdvOnLink on; AdvAutonomous on; AdvValidLifetime 5000; AdvPreferredLifetime 4000; };
		RDNSS 2001:db8:a::53 fe80::53 { AdvRDNSSLifetime 600; };
		DNSSL example.net a.example { AdvDNSSLLifetime 600; };
		route 2001:db8:77::/48 { AdvRoutePreference low; AdvRouteLifetime 600; };
	};`
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		l.t.Fatal(err)
	}
	cmd := l.ns.Command(nstest.Program(l.t, "radvd"), "-n", "-m", "stderr", "-C", conf, "-p", filepath.Join(dir, "pid"))
	if err := cmd.Start(); err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
}

// until polls until done.
func (l *kernelLink) until(what string, done func() bool) {
	l.t.Helper()
	for end := time.Now().Add(kernelPatience); !done(); {
		now := time.Now()
		if now.After(end) {
			l.t.Fatalf("not within %v: %s\n%+v\n%+v", kernelPatience, what, l.Addrs(), l.Stats())
		}
		l.Ingress(now, 100)
		l.Egress(now, 100)
		at := l.PollAt(now)
		if soon := now.Add(50 * time.Millisecond); at.IsZero() || at.After(soon) {
			at = soon
		}
		l.dev.Wait(at)
	}
}

// meanwhile polls while a program runs in the namespace, which must succeed.
func (l *kernelLink) meanwhile(program string, args ...string) {
	l.t.Helper()
	cmd := l.ns.Command(nstest.Program(l.t, program), args...)
	ended := make(chan string, 1)
	go func() {
		out, err := cmd.CombinedOutput()
		if err != nil {
			ended <- fmt.Sprintf("%s %v: %v\n%s", program, args, err, out)
		}
		close(ended)
	}()
	l.until(program, func() bool {
		select {
		case failure := <-ended:
			if failure != "" {
				l.t.Fatal(failure)
			}
			return true
		default:
			return false
		}
	})
}

// kernelLinkLocal is the kernel's link-local address on the TAP.
func (l *kernelLink) kernelLinkLocal() netip.Addr {
	l.t.Helper()
	for _, f := range strings.Fields(l.ip("-6", "addr", "show", "dev", "tap0", "scope", "link")) {
		if p, err := netip.ParsePrefix(f); err == nil {
			return p.Addr()
		}
	}
	l.t.Fatal("the kernel has no link-local address")
	return netip.Addr{}
}

func (l *kernelLink) preferred(network netip.Prefix) bool {
	a := l.autoAddr(network)
	return a != nil && a.state == AddrPreferred
}

// TestKernelRouterConfiguresUs: radvd advertises a network; we take it, and both ends ping each other, on the link and
// through the kernel as a router.
func TestKernelRouterConfiguresUs(t *testing.T) {
	t.Parallel()
	l := newKernelLink(t)
	l.radvd()
	l.start()
	l.until("an address by SLAAC", func() bool { return l.preferred(netA) })
	if l.mtu6 != 1400 || l.hopLimit != 33 || l.neighbors.nd.retrans != 1500*time.Millisecond || len(l.routers) != 1 || l.routers[0].preference != 1 {
		t.Errorf("MTU %d, hop limit %d, %+v, %+v", l.mtu6, l.hopLimit, l.neighbors.nd, l.routers)
	}
	if len(l.learnedRoutes) != 1 || l.learnedRoutes[0].prefix != netip.MustParsePrefix("2001:db8:77::/48") || l.learnedRoutes[0].preference != -1 {
		t.Errorf("%+v", l.learnedRoutes)
	}
	if s, d := fmt.Sprint(l.DNSServers()), fmt.Sprint(l.SearchDomains()); s != "[2001:db8:a::53 fe80::53]" || d != "[example.net a.example]" {
		t.Errorf("DNS by %s, in %s", s, d)
	}
	own := l.autoAddr(netA)
	if left := own.valid.Sub(l.Interface.now); left > 5000*time.Second || left < 4900*time.Second {
		t.Errorf("valid for %v", left)
	}
	for _, to := range []string{own.addr().String(), l.linkLocal().addr().String() + "%tap0"} {
		l.meanwhile("ping", "-c", "2", "-i", "0.2", "-W", "10", to)
	}
	l.meanwhile("ping", "-c", "2", "-i", "0.2", "-W", "10", "-I", beyondAddr, own.addr().String()) // our answers go by the router
	for _, to := range []netip.Addr{netip.MustParseAddr(kernelAddr), netip.MustParseAddr(beyondAddr), l.kernelLinkLocal()} {
		s := l.openPing(t, 0)
		if err := s.TrySend(7, []byte("hello"), Meta{Remote: netip.AddrPortFrom(to, 0)}); err != nil {
			t.Fatal(err)
		}
		l.until("an answer from "+to.String(), func() bool { return s.Readable() })
		if _, m, err := s.Peek(); err != nil || m.Remote.Addr() != to {
			t.Errorf("%v, %v", m, err)
		}
	}
}

// TestKernelHasTheAddressThatWeChose: the kernel answers our question, we choose another one; and it refuses an address
// that we have.
func TestKernelHasTheAddressThatWeChose(t *testing.T) {
	t.Parallel()
	l := newKernelLink(t)
	l.start()
	first := l.Addrs()[1].Prefix
	if !first.Addr().IsLinkLocalUnicast() {
		t.Fatalf("%+v", l.Addrs())
	}
	l.ip("addr", "add", first.String(), "dev", "tap0", "nodad")
	l.until("another link-local address", func() bool { return l.linkLocal() != nil })
	if second := l.linkLocal().addr(); second == first.Addr() || l.Stats().AddrConflicts != 1 {
		t.Errorf("%v, %d conflicts", second, l.Stats().AddrConflicts)
	}
	seen := false
	for _, e := range l.heard {
		seen = seen || e == AddrEvent{first, AddrDuplicate, true}
	}
	if !seen {
		t.Errorf("%+v", l.heard)
	}
	t.Log("# the kernel tests an address of ours")
	ours := l.linkLocal().addr().String()
	l.ip("addr", "add", ours+"/64", "dev", "tap0")
	l.until("the kernel's test to fail", func() bool {
		return strings.Contains(l.ip("-6", "addr", "show", "dev", "tap0", "to", ours), "dadfailed")
	})
}

// TestKernelRedirectsUs: the kernel, our default router, knows a better hop on the same link, and says so.
func TestKernelRedirectsUs(t *testing.T) {
	t.Parallel()
	l := newKernelLink(t)
	l.radvd()
	better := netip.MustParseAddr("fe80::99")
	l.ip("neigh", "add", better.String(), "lladdr", "02:00:00:00:00:99", "dev", "tap0")
	l.ip("-6", "route", "add", "2001:db8:c::/64", "via", better.String(), "dev", "tap0")
	l.start()
	l.until("an address by SLAAC", func() bool { return l.preferred(netA) })
	dst := netip.MustParseAddr("2001:db8:c::5")
	s := l.openPing(t, 0)
	if err := s.TrySend(1, nil, Meta{Remote: netip.AddrPortFrom(dst, 0)}); err != nil {
		t.Fatal(err)
	}
	l.until("a redirect", func() bool { return l.Stats().Redirects == 1 })
	if hop, _ := l.nextHop(dst); hop != better {
		t.Errorf("goes by %v", hop)
	}
	if nb := l.neighbors.m[better]; nb == nil || nb.mac != [6]byte{2, 0, 0, 0, 0, 0x99} {
		t.Errorf("%+v", nb)
	}
}

// TestKernelBridgeHearsOurGroups: a bridge that snoops knows which groups we listen to, of both families, in the newer
// and the older form of its queries.
func TestKernelBridgeHearsOurGroups(t *testing.T) {
	for _, version := range []string{"newer", "older"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			l := newKernelLink(t)
			mld, igmp := "2", "3"
			if version == "older" {
				mld, igmp = "1", "2"
			}
			l.bridge("mcast_snooping", "1", "mcast_querier", "1", "mcast_mld_version", mld, "mcast_igmp_version", igmp,
				"mcast_startup_query_interval", "100", "mcast_startup_query_count", "30", "mcast_query_use_ifaddr", "1")
			l.ip("addr", "add", "192.0.2.77/24", "dev", "br0")
			l.start()
			u, _ := l.openUDP(t, "[::]:5", PacketConfig{})
			for _, g := range []netip.Addr{groupA, groupA4} {
				if err := u.JoinGroup(g); err != nil {
					t.Fatal(err)
				}
			}
			knows := func(g netip.Addr) bool {
				return strings.Contains(l.run("bridge", "mdb", "show"), "port tap0 grp "+g.String()+" ")
			}
			l.until("the bridge to know our groups", func() bool {
				return l.linkLocal() != nil && knows(groupA) && knows(groupA4) && knows(solicitedNode(l.linkLocal().addr()))
			})
			older := version == "older"
			l.until("queries", func() bool {
				return l.Stats().GroupQueries > 2 && l.members[family6].olderTo > 0 == older && l.members[family4].olderTo > 0 == older
			})
			u.Close()
			l.until("the bridge to forget our groups", func() bool { return !knows(groupA) && !knows(groupA4) })
		})
	}
}

// TestKernelBridgeIsABlackHole: behind a bridge whose other port takes less than we do, and that says nothing, the
// kernel's TCP gets what we send, in packets as long as that port takes.
func TestKernelBridgeIsABlackHole(t *testing.T) {
	t.Parallel()
	const portMTU = 1400
	l := newKernelLink(t)
	l.bridge()
	peer := nstest.NewNetNS(t)
	holder := peer.Command(nstest.Program(t, "sleep"), "300") // a process by which the other namespace can be named
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { holder.Process.Kill(); holder.Wait() })
	l.ip("link", "add", "veth0", "mtu", fmt.Sprint(portMTU), "type", "veth", "peer", "name", "veth1", "mtu", "1500", "netns", fmt.Sprint(holder.Process.Pid))
	l.ip("link", "set", "veth0", "master", "br0", "up")
	if err := peer.Do(func() error { return phy.ConfigureHost("veth1", netip.MustParsePrefix("192.0.2.99/24")) }); err != nil {
		t.Fatal(err)
	}
	var listener net.Listener
	if err := peer.Do(func() (err error) {
		listener, err = net.Listen("tcp4", "192.0.2.99:9")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	got := make(chan int64, 1)
	go func() {
		c, err := listener.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		n, _ := io.Copy(io.Discard, c)
		got <- n
	}()
	l.start()
	c := &Conn{}
	if err := l.Connect(c, l, netip.MustParseAddrPort("192.0.2.99:9"), bigBuffers); err != nil {
		t.Fatal(err)
	}
	data, sent, pause := make([]byte, 1<<16), int64(0), time.Time{}
	l.until("the search to end", func() bool {
		if now := time.Now(); now.After(pause) { // not as fast as it goes: a size that is too long is tried three times, a second apart
			n, _ := c.TryWrite(data)
			sent, pause = sent+int64(n), now.Add(50*time.Millisecond)
		}
		p, known := l.path(c.RemoteAddr().Addr())
		return known && p.high == 0 || c.Err() != nil
	})
	const tag = 4 // the kernel leaves room for one
	if full := c.Info().MSS + 12 + c.tuple.headersLen(); c.Err() != nil || l.Stats().BlackHoles == 0 || full > portMTU+tag || full <= portMTU-pathSearchStep {
		t.Errorf("%v, packets of %d bytes, %+v", c.Err(), full, l.Stats())
	}
	c.CloseWrite()
	l.until("the kernel to have it all", func() bool { return len(got) > 0 })
	if n := <-got; n != sent {
		t.Errorf("%d of %d bytes", n, sent)
	}
}
