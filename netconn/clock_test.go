package netconn

import (
	"errors"
	"io"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"smoltls/phy"
	"smoltls/x509lite"
)

// A clock far from the real one, on a link with delay: the injector, which sleeps by the real clock, must neither spin
// nor sleep for years.
func TestARunnerGoesByItsOwnClock(t *testing.T) {
	for _, shift := range []time.Duration{0, 50 * 365 * 24 * time.Hour, -50 * 365 * 24 * time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			now := func() time.Time { return time.Now().Add(shift) }
			const delay = 30 * time.Millisecond
			a, b := phy.NewSharedPipe(phy.PipeConfig{})
			far := phy.Fault(a, phy.FaultConfig{In: phy.Impairment{Delay: delay}, Out: phy.Impairment{Delay: delay}})
			client, err := Start(Config{Device: far, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")}, Now: now})
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			server := start(t, b, "192.0.2.2/24")
			l, err := server.Listen("tcp", ":80")
			if err != nil {
				t.Fatal(err)
			}
			begin := time.Now()
			c, err := (&Dialer{Runner: client}).Dial("tcp", "192.0.2.2:80")
			if err != nil {
				t.Fatal(err)
			}
			if d := time.Since(begin); d != 4*delay { // ARP and SYN
				t.Errorf("shifted by %v: connected after %v", shift, d)
			}
			s, err := l.Accept()
			if err != nil {
				t.Fatal(err)
			}
			c.Write([]byte("x"))
			c.Close()
			if got, err := io.ReadAll(s); string(got) != "x" || err != nil {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

func TestCertificatesAreJudgedByTheClockOfTheRunner(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		l := w.listen(t, true)
		a, b := phy.NewSharedPipe(phy.PipeConfig{})
		_ = b
		late, err := Start(Config{Device: a, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.2/24")}, Now: func() time.Time { return time.Now().Add(20 * 365 * 24 * time.Hour) }})
		if err != nil {
			t.Fatal(err)
		}
		defer late.Close()
		own, err := late.ListenTLS("tcp", l.Addr().String(), w.serverTLS)
		if err != nil {
			t.Fatal(err)
		}
		defer own.Close()
		d := &Dialer{Runner: late, TLS: w.clientTLS, Resolver: hosts{serverName: {"192.0.2.2"}}}
		_, err = d.DialTLSContext(t.Context(), "tcp", serverName+own.Addr().String()[len("[::]"):])
		if !errors.Is(err, x509lite.ErrExpired) {
			t.Errorf("got %v", err)
		}
	})
}
