package dhcp_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"smoltls/dhcp"
	"smoltls/dns"
	"smoltls/iface"
	"smoltls/internal/nstest"
	"smoltls/netconn"
	"smoltls/phy"
	"smoltls/set"
)

var host = netip.MustParsePrefix("192.0.2.1/24") // the kernel's end, where the server is

const (
	patience = 20 * time.Second // of a test, by the real clock
	first    = "192.0.2.100,192.0.2.109"
	second   = "192.0.2.200,192.0.2.209"
)

// link is a Runner whose clock the test moves, beside a server that it starts and stops.
type link struct {
	*netconn.Runner
	t      *testing.T
	ns     *nstest.NetNS
	dev    *phy.TunTap
	leases string // dnsmasq's file
	log    chan string
	stop   func()

	mu     sync.Mutex
	ahead  time.Duration
	events []dhcp.Event
	news   chan struct{}
}

// outlives is a device that is there when its Runner has ended: without it the server could not tell where the last
// message came from.
type outlives struct{ *phy.TunTap }

func (outlives) Close() error { return nil }

func newLink(t *testing.T) *link {
	t.Helper()
	nstest.Program(t, "dnsmasq")
	l := &link{t: t, leases: filepath.Join(t.TempDir(), "leases"), news: make(chan struct{}, 64)}
	l.dev, l.ns = nstest.TAP(t, host)
	return l
}

// dnsmasq serves addresses of a range.
func (l *link) dnsmasq(rng string, more ...string) {
	l.t.Helper()
	cmd := l.ns.Command(nstest.Program(l.t, "dnsmasq"), append([]string{
		"--keep-in-foreground", "--log-facility=-", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--user=root", "--pid-file=", "--bind-interfaces", "--interface=tap0",
		"--dhcp-leasefile=" + l.leases, "--dhcp-authoritative", "--no-ping", "--log-dhcp", "--dhcp-range=" + rng + ",255.255.255.0,10m", "--domain=example.test", "--local=/test/",
		"--host-record=a.test,198.51.100.1", "--dhcp-option=option:mtu,1400", "--dhcp-option=121,198.51.100.0/24,192.0.2.7,0.0.0.0/0,192.0.2.1",
	}, more...)...)
	out, err := cmd.StderrPipe()
	if err != nil {
		l.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		l.t.Fatal(err)
	}
	l.log = make(chan string, 1<<14)
	log, done := l.log, make(chan struct{})
	go func() {
		defer close(done)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			log <- lines.Text()
		}
		close(log)
	}()
	var once sync.Once
	l.stop = func() {
		once.Do(func() { cmd.Process.Kill(); <-done; cmd.Wait() })
	}
	l.t.Cleanup(l.stop)
	l.said("DHCP, sockets bound")
}

// said waits until the server says what.
func (l *link) said(what string) {
	l.t.Helper()
	deadline := time.After(patience)
	var all strings.Builder
	for {
		select {
		case line, more := <-l.log:
			if strings.Contains(line, what) {
				return
			}
			if fmt.Fprintln(&all, line); more {
				continue
			}
		case <-deadline:
		}
		l.t.Fatalf("the server does not say %q:\n%s", what, all.String())
	}
}

// run starts the Runner.
func (l *link) run(cfg dhcp.Config, change func(*netconn.Config)) {
	l.t.Helper()
	cfg.Event = func(e dhcp.Event) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.events = append(l.events, e)
		select {
		case l.news <- struct{}{}:
		default:
		}
	}
	if cfg.ProbeInterval == 0 {
		cfg.ProbeInterval = 50 * time.Millisecond
	}
	c := netconn.Config{Device: outlives{l.dev}, DHCP: &cfg, Now: l.now}
	c.Interface.HardwareAddr = [6]byte{2, 0, 0, 0, 0, 7}
	if change != nil {
		change(&c)
	}
	r, err := netconn.Start(c)
	if err != nil {
		l.t.Fatal(err)
	}
	l.Runner = r
	l.t.Cleanup(func() { r.Close() })
}

func (l *link) now() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Now().Add(l.ahead)
}

// pass lets time pass that nobody has to wait for.
func (l *link) pass(d time.Duration) {
	l.mu.Lock()
	l.ahead += d
	l.mu.Unlock()
	l.Wake()
}

func (l *link) configured() dhcp.Lease {
	l.t.Helper()
	ctx, cancel := context.WithTimeout(l.t.Context(), patience)
	defer cancel()
	lease, err := l.WaitConfigured(ctx)
	if err != nil {
		l.t.Fatal(err)
	}
	return lease
}

// until waits for the n-th event of a kind, or of any.
func (l *link) until(k dhcp.EventKind, n int) dhcp.Event {
	l.t.Helper()
	deadline := time.After(patience)
	for {
		l.mu.Lock()
		seen := 0
		for _, e := range l.events {
			if e.Kind == k || k == 0 {
				if seen++; seen == n {
					l.mu.Unlock()
					return e
				}
			}
		}
		all := slices.Clone(l.events)
		l.mu.Unlock()
		select {
		case <-l.news:
		case <-deadline:
			l.t.Fatalf("not %v: %v", k, all)
		}
	}
}

func (l *link) inRange(lease dhcp.Lease, rng string) {
	l.t.Helper()
	from, to, _ := strings.Cut(rng, ",")
	if a := lease.Addr.Addr(); a.Less(netip.MustParseAddr(from)) || netip.MustParseAddr(to).Less(a) {
		l.t.Errorf("%v is not in %s", a, rng)
	}
}

func (l *link) leaseFile() string {
	l.t.Helper()
	b, err := os.ReadFile(l.leases)
	if err != nil {
		l.t.Fatal(err)
	}
	return string(b)
}

func TestDnsmasqConfiguresTheInterface(t *testing.T) {
	l := newLink(t)
	l.dnsmasq(first)
	l.run(dhcp.Config{Hostname: "device-7"}, nil)
	resolver, err := l.NewResolver(dns.Config{})
	if err != nil {
		t.Fatal(err)
	}
	addrs, err := resolver.LookupNetIP(t.Context(), "ip4", "a.test") // waits for the lease
	if err != nil || fmt.Sprint(addrs) != "[198.51.100.1]" {
		t.Errorf("%v, %v", addrs, err)
	}
	lease := l.configured()
	l.inRange(lease, first)
	if lease.Server != host.Addr() || lease.Addr.Bits() != 24 || lease.MTU != 1400 || lease.Domain != "example.test" || fmt.Sprint(lease.DNS) != "[192.0.2.1]" || lease.End.Sub(lease.Begin) != 10*time.Minute ||
		fmt.Sprint(lease.Routes) != "[{198.51.100.0/24 192.0.2.7} {0.0.0.0/0 192.0.2.1}]" || fmt.Sprint(lease.Routers) != "[192.0.2.1]" {
		t.Errorf("%+v", lease)
	}
	if !strings.Contains(l.leaseFile(), lease.Addr.Addr().String()+" device-7") {
		t.Errorf("dnsmasq has leased %q", l.leaseFile())
	}
	l.Close()
	if e := l.until(dhcp.Ended, 1); e.Lease.Addr != lease.Addr {
		t.Errorf("%v", e)
	}
	l.said("DHCPRELEASE(tap0) " + lease.Addr.Addr().String())
}

func TestDnsmasqRenewsRebindsAndVanishes(t *testing.T) {
	l := newLink(t)
	l.dnsmasq(first)
	l.run(dhcp.Config{Timeout: 100 * time.Millisecond, MaxTimeout: time.Second}, nil)
	lease := l.configured()
	l.pass(5*time.Minute + time.Second) // T1
	if e := l.until(dhcp.Renewed, 1); e.Lease.Addr != lease.Addr || !e.Lease.End.After(lease.End) {
		t.Errorf("%+v", e)
	}
	l.pass(9 * time.Minute) // T2, and nobody was asked before
	if e := l.until(dhcp.Renewed, 2); e.Lease.Addr != lease.Addr {
		t.Errorf("%+v", e)
	}
	l.stop()
	l.pass(11 * time.Minute)
	if e := l.until(dhcp.Lost, 1); !errors.Is(e.Err, dhcp.ErrExpired) || e.Lease.Addr != lease.Addr {
		t.Errorf("%+v", e)
	}
	l.Do(func(ifc *iface.Interface, _ *set.TCPSocketSet, _ *set.TLSSocketSet) {
		if s := ifc.AddrState(lease.Addr.Addr()); s != iface.AddrGone {
			t.Errorf("%v is %v", lease.Addr, s)
		}
	})
	l.dnsmasq(first)
	if again := l.configured(); again.Addr != lease.Addr { // it was asked for
		t.Errorf("%v, before %v", again, lease)
	}
}

func TestDnsmasqRefusesAfterItsRangeHasChanged(t *testing.T) {
	l := newLink(t)
	l.dnsmasq(first)
	l.run(dhcp.Config{Timeout: 100 * time.Millisecond, MaxTimeout: time.Second}, nil)
	lease := l.configured()
	l.inRange(lease, first)
	l.stop()
	if err := os.Remove(l.leases); err != nil {
		t.Fatal(err)
	}
	l.dnsmasq(second)
	l.pass(5*time.Minute + time.Second)
	if e := l.until(dhcp.Lost, 1); !errors.Is(e.Err, dhcp.ErrRefused) {
		t.Errorf("%+v", e)
	}
	l.inRange(l.configured(), second)
}

func TestDnsmasqConfirmsARememberedLease(t *testing.T) {
	l := newLink(t)
	l.dnsmasq(first)
	l.run(dhcp.Config{}, func(c *netconn.Config) { c.KeepLease = true })
	lease := l.configured()
	l.Close()
	if !strings.Contains(l.leaseFile(), lease.Addr.Addr().String()) {
		t.Fatalf("not kept: %q", l.leaseFile())
	}
	for _, c := range []struct {
		name string
		rng  string
		ok   bool
	}{{"the same network", first, true}, {"another network", second, false}} {
		l.stop()
		l.dnsmasq(c.rng)
		l.run(dhcp.Config{Lease: &lease}, func(c *netconn.Config) { c.KeepLease = true })
		got := l.configured()
		l.inRange(got, c.rng)
		if (got.Addr == lease.Addr) != c.ok {
			t.Errorf("%s: %v, before %v", c.name, got.Addr, lease.Addr)
		}
		l.Close()
	}
}

func TestDnsmasqGivesAnotherAddressAfterAConflict(t *testing.T) {
	l := newLink(t)
	l.dnsmasq("192.0.2.100,192.0.2.101")
	if err := l.ns.Do(func() error { return phy.ConfigureHost("tap0", netip.MustParsePrefix("192.0.2.100/32")) }); err != nil { // the kernel has it: it answers
		t.Fatal(err)
	}
	l.run(dhcp.Config{Request: netip.MustParseAddr("192.0.2.100"), Broadcast: true}, nil) // or the server would talk to itself
	for n := 1; ; n++ {                                                                   // dnsmasq may offer it again, after it was declined
		e := l.until(0, n)
		if e.Kind == dhcp.Bound {
			break
		}
		if !errors.Is(e.Err, dhcp.ErrConflict) || e.Lease.Addr.Addr() != netip.MustParseAddr("192.0.2.100") {
			t.Errorf("%+v", e)
		}
		l.pass(70 * time.Second)
	}
	l.said("DHCPDECLINE(tap0) 192.0.2.100")
	if lease := l.configured(); lease.Addr.Addr() != netip.MustParseAddr("192.0.2.101") {
		t.Errorf("%+v", lease)
	}
}
