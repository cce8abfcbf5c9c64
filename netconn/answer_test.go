package netconn

import (
	"context"
	"crypto"
	"crypto/tls"
	"errors"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"smoltls/phy"
	"smoltls/tlssock"
)

func TestAKeyThatSignsLaterSignsInAGoroutineOfItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		for _, c := range []*tlssock.Config{w.clientTLS, w.serverTLS} {
			c.Certificates[0].PrivateKey = tlssock.SignLater(c.Certificates[0].PrivateKey.(crypto.Signer))
		}
		w.pair(t, true)
	})
}

func TestACallbackWhoseAnswerComesLaterNeedsSomebodyToGiveIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		cert := w.serverTLS.Certificates[0]
		w.serverTLS.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return nil, tlssock.ErrPending }
		reasons := make(chan error, 1)
		cfg := ListenConfig{TLS: w.serverTLS, HandshakeFailed: func(_ netip.AddrPort, err error) { reasons <- err }}
		if _, err := w.server.ListenWith("tcp", ":443", cfg); err != nil {
			t.Fatal(err)
		}
		if _, err := w.dialer.DialTLSContext(t.Context(), "tcp", "server.test:443"); err == nil {
			t.Error("connected without a certificate")
		}
		if err := <-reasons; !errors.Is(err, ErrNoAnswer) {
			t.Errorf("the server says %v", err)
		}

		a, b := phy.NewSharedPipe(phy.PipeConfig{})
		client := start(t, a, "192.0.2.1/24")
		server, err := Start(Config{Device: b, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.2/24")},
			Answer: func(ctx context.Context, p *tlssock.Pending) tlssock.Answer {
				if p.Kind != tlssock.PendingCertificate || ctx.Err() != nil {
					t.Errorf("asked for %v, context: %v", p.Kind, ctx.Err())
				}
				return tlssock.Answer{Certificate: &cert}
			}})
		if err != nil {
			t.Fatal(err)
		}
		defer server.Close()
		if _, err := server.ListenTLS("tcp", ":443", w.serverTLS); err != nil {
			t.Fatal(err)
		}
		d := &Dialer{Runner: client, TLS: w.clientTLS, Resolver: hosts{serverName: {"192.0.2.2"}}}
		if _, err := d.DialTLSContext(t.Context(), "tcp", "server.test:443"); err != nil {
			t.Error(err)
		}
	})
}

// An answer that never comes ends with the context that it is given, and Close returns.
func TestCloseEndsAnswersThatAreUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := phy.NewSharedPipe(phy.PipeConfig{})
		w := worldOver(t, a, b)
		w.client.Close()
		w.server.Close()
		a, b = phy.NewSharedPipe(phy.PipeConfig{})
		client := start(t, a, "192.0.2.1/24")
		asked := make(chan struct{})
		server, err := Start(Config{Device: b, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.2/24")},
			Answer: func(ctx context.Context, p *tlssock.Pending) tlssock.Answer {
				close(asked)
				<-ctx.Done()
				return tlssock.Answer{Err: ctx.Err()}
			}})
		if err != nil {
			t.Fatal(err)
		}
		w.serverTLS.Certificates[0].PrivateKey = tlssock.SignLater(w.serverTLS.Certificates[0].PrivateKey.(crypto.Signer))
		if _, err := server.ListenTLS("tcp", ":443", w.serverTLS); err != nil {
			t.Fatal(err)
		}
		d := &Dialer{Runner: client, TLS: w.clientTLS, Resolver: hosts{serverName: {"192.0.2.2"}}}
		failed := make(chan error)
		go func() { _, err := d.DialTLSContext(t.Context(), "tcp", "server.test:443"); failed <- err }()
		<-asked
		server.Close()
		if err := <-failed; err == nil {
			t.Error("connected without a signature")
		}
	})
}

// once is a replay guard that accepts one hello.
type once struct{ asked int }

func (o *once) Accept(time.Time, tlssock.EarlyHello) bool { o.asked++; return o.asked == 1 }

func TestAReplayGuardThatAnswersLaterIsAskedByDefault(t *testing.T) {
	p := &tlssock.Pending{Kind: tlssock.PendingEarlyData, ReplayGuard: &once{}, EarlyHello: &tlssock.EarlyHello{}}
	for _, want := range []bool{true, false} {
		if a := defaultAnswer(t.Context(), p); a.EarlyData != want || a.Err != nil {
			t.Errorf("%+v", a)
		}
	}
}
