package dns_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"smoltls/dns"
	"smoltls/internal/nstest"
	"smoltls/netconn"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

var (
	host  = netip.MustParsePrefix("192.0.2.1/24") // the kernel's end, where the name server is
	host6 = netip.MustParsePrefix("2001:db8::1/64")
)

// realServer starts a name server in a namespace with a TAP interface, waits until it says that it is ready, and gives
// a Runner at the other end.
func realServer(t *testing.T, ready, program string, args ...string) *netconn.Runner {
	t.Helper()
	path := nstest.Program(t, program)
	dev, ns := nstest.TAP(t, host, host6)
	cmd := ns.Command(path, args...)
	out, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	started := make(chan string)
	go func() {
		var said strings.Builder
		for lines := bufio.NewScanner(out); lines.Scan(); {
			fmt.Fprintln(&said, lines.Text())
			if strings.Contains(lines.Text(), ready) {
				started <- ""
				ready = "\n" // once
			}
		}
		select {
		case started <- said.String():
		default:
		}
	}()
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	if said := <-started; said != "" {
		t.Fatalf("%s does not start:\n%s", program, said)
	}
	r, err := netconn.Start(netconn.Config{Device: dev, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.2/24"), netip.MustParsePrefix("2001:db8::2/64")}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func resolver(t *testing.T, r *netconn.Runner, c dns.Config) *netconn.DNSResolver {
	t.Helper()
	d, err := r.NewResolver(c)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// many are the addresses of a name whose answer is longer than a datagram.
func many() (addrs []string) {
	for i := range 150 {
		addrs = append(addrs, fmt.Sprintf("203.0.113.%d", i+1))
	}
	return addrs
}

// asksAll asks all that both servers are told.
func asksAll(t *testing.T, d *netconn.DNSResolver) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for _, c := range []struct {
		network, name string
		want          []string
		err           error
	}{
		{"ip4", "a.test", []string{"198.51.100.1"}, nil},
		{"ip6", "a.test", []string{"2001:db8:1::1"}, nil},
		{"ip", "WWW.Test.", []string{"2001:db8:1::1", "198.51.100.1"}, nil}, // by two aliases
		{"ip6", "four.test", nil, dns.ErrNoData},
		{"ip4", "nobody.test", nil, dns.ErrNotFound},
	} {
		addrs, err := d.LookupNetIP(ctx, c.network, c.name)
		var got []string
		for _, a := range addrs {
			got = append(got, a.String())
		}
		if !slices.Equal(got, c.want) || !errors.Is(err, c.err) {
			t.Errorf("%s %s: %v, %v", c.network, c.name, got, err)
		}
	}
	addrs, err := d.LookupNetIP(ctx, "ip4", "many.test")
	if err != nil || len(addrs) != dns.DefaultAddrs {
		t.Errorf("many.test: %d addresses, %v", len(addrs), err)
	}
}

func TestDnsmasqAnswersByUDPAndTCP(t *testing.T) {
	args := []string{
		"--keep-in-foreground", "--log-facility=-", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--user=root", "--pid-file=", "--bind-interfaces", "--interface=tap0", "--local-ttl=60",
		"--local=/test/", "--host-record=a.test,198.51.100.1,2001:db8:1::1", "--host-record=four.test,198.51.100.4", "--cname=b.test,a.test", "--cname=www.test,b.test",
	}
	for _, a := range many() {
		args = append(args, "--host-record=many.test,"+a)
	}
	r := realServer(t, "started", "dnsmasq", args...)
	for _, server := range []netip.Addr{host.Addr(), host6.Addr()} {
		d := resolver(t, r, dns.Config{Servers: []netip.AddrPort{netip.AddrPortFrom(server, dns.Port)}})
		asksAll(t, d)
		if s := d.Stats(); s.Truncated != 1 || s.Stream != 1 || s.UDP == 0 {
			t.Errorf("%+v", s)
		}
	}
	// A server that is not there, before one that is.
	d := resolver(t, r, dns.Config{Servers: []netip.AddrPort{netip.AddrPortFrom(host.Addr(), 54), netip.AddrPortFrom(host.Addr(), dns.Port)}})
	if _, err := d.LookupNetIP(t.Context(), "ip4", "a.test"); err != nil {
		t.Error(err)
	}
}

func TestUnboundAnswersByUDPTCPAndTLS(t *testing.T) {
	dir := t.TempDir()
	id, err := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: time.Now(), Names: []string{"dns.test"}})
	if err != nil {
		t.Fatal(err)
	}
	key, err := id.PrivateKeyPEM()
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string, b []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	var conf strings.Builder
	fmt.Fprintf(&conf, "server:\n directory: %q\n chroot: \"\"\n username: \"\"\n pidfile: \"\"\n use-syslog: no\n logfile: \"\"\n module-config: \"iterator\"\n", dir)
	fmt.Fprintf(&conf, " tls-port: %d\n tls-service-pem: %q\n tls-service-key: %q\n", dns.TLSPort, write("cert.pem", id.CertificatePEM()), write("key.pem", key))
	for _, a := range []netip.Addr{host.Addr(), host6.Addr()} {
		for _, port := range []int{dns.Port, dns.TLSPort} {
			fmt.Fprintf(&conf, " interface: %v@%d\n", a, port)
		}
	}
	conf.WriteString(" access-control: 0.0.0.0/0 allow\n access-control: ::/0 allow\n ip-freebind: yes\n local-zone: \"test.\" static\n")
	local := []string{
		"test. 60 IN SOA ns.test. root.test. 1 60 60 60 60", "a.test. 60 IN A 198.51.100.1", "a.test. 60 IN AAAA 2001:db8:1::1", "four.test. 60 IN A 198.51.100.4",
		"b.test. 60 IN CNAME a.test.", "www.test. 60 IN CNAME b.test.",
	}
	for _, a := range many() {
		local = append(local, "many.test. 60 IN A "+a)
	}
	for _, record := range local {
		fmt.Fprintf(&conf, " local-data: %q\n", record)
	}
	r := realServer(t, "start of service", "unbound", "-d", "-p", "-c", write("unbound.conf", []byte(conf.String())))
	for _, server := range []netip.Addr{host.Addr(), host6.Addr()} {
		d := resolver(t, r, dns.Config{Servers: []netip.AddrPort{netip.AddrPortFrom(server, dns.Port)}})
		asksAll(t, d)
		if s := d.Stats(); s.Truncated != 1 || s.UDP == 0 {
			t.Errorf("%+v", s)
		}
		over := dns.Config{Servers: []netip.AddrPort{netip.AddrPortFrom(server, dns.TLSPort)}, TLS: &tlssock.Config{Trust: x509lite.Pin(id.Leaf), ServerName: "dns.test"}}
		d = resolver(t, r, over)
		asksAll(t, d)
		if s := d.Stats(); s.UDP != 0 || s.Stream == 0 {
			t.Errorf("%+v", s)
		}
	}
	stranger, err := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: time.Now(), Names: []string{"dns.test"}})
	if err != nil {
		t.Fatal(err)
	}
	over := dns.Config{Servers: []netip.AddrPort{netip.AddrPortFrom(host.Addr(), dns.TLSPort)}, TLS: &tlssock.Config{Trust: x509lite.Pin(stranger.Leaf), ServerName: "dns.test"}}
	_, err = resolver(t, r, over).LookupNetIP(t.Context(), "ip4", "a.test")
	var e *net.DNSError
	if !errors.Is(err, x509lite.ErrNotPinned) || !errors.As(err, &e) {
		t.Errorf("a server that is somebody else: %v", err)
	}
}
