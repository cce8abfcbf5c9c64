package set

import (
	"crypto"
	"crypto/tls"
	"io"
	"testing"

	"smoltls/iface"
	"smoltls/phy"
	"smoltls/tlssock"
)

// countedKey counts what it signs: a server's handshakes.
type countedKey struct {
	crypto.Signer
	signed int
}

func (k *countedKey) Sign(rand io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	k.signed++
	return k.Signer.Sign(rand, digest, opts)
}

// storm is a server with one client that is connected, and the first flights of many more that wait in its device.
type storm struct {
	*tlsWorld
	key            *countedKey
	listener       ListenerHandle
	client, server *tlssock.Socket
}

func newStorm(t *testing.T, clients int) *storm {
	w := newTLSWorldOn(t, phy.PipeConfig{Queue: 4 * clients}, iface.Limits{}, Limits{}, Limits{})
	s := &storm{tlsWorld: w, key: &countedKey{Signer: w.server.Key}}
	cfg := w.serverConfig()
	cfg.Certificates = []tls.Certificate{{Certificate: w.server.Chain, PrivateKey: s.key}}
	s.listener = w.listen(ListenConfig{TLS: cfg})
	s.client, s.server = w.sockets(w.connect(s.listener, nil))

	for range clients {
		if _, err := w.sa.Connect(port1, w.clientConfig()); err != nil {
			t.Fatal(err)
		}
	}
	for range 4 { // SYN, SYN+ACK, ClientHello; the server makes no step meanwhile
		PollBudget(w.now, w.a, nil, w.sa, Budget{HandshakeSteps: 2 * clients})
		w.b.Ingress(w.now, DefaultFrames)
		w.b.Egress(w.now, DefaultFrames)
	}
	s.key.signed = 0
	return s
}

func TestAStormOfHandshakesIsSpreadOverPolls(t *testing.T) {
	const clients = 100
	for _, c := range []struct{ budget, want int }{{0, DefaultHandshakeSteps}, {1, 1}, {7, 7}} {
		s := newStorm(t, clients)
		for s.key.signed < clients {
			before := s.key.signed
			more, err := PollBudget(s.now, s.b, nil, s.sb, Budget{HandshakeSteps: c.budget})
			if err != nil {
				t.Fatal(err)
			}
			if n := s.key.signed - before; n == 0 || n > c.want {
				t.Fatalf("%d signatures in a poll whose budget is %d", n, c.want)
			}
			if left := s.key.signed < clients; left && (!more || s.quiet(PollAt(s.now, s.b, nil, s.sb)) || !HasWork(s.b, nil, s.sb)) {
				t.Fatalf("after %d signatures the poll says that nothing is left to do", s.key.signed)
			}
		}
		s.poll()
		for n := range clients {
			if _, ok := s.sb.Accept(s.listener); !ok {
				t.Fatalf("%d of %d clients connected; failed: %v", n, clients, s.failed)
			}
		}
	}
}

// Who is connected does not wait until all who are not have been served.
func TestAnEstablishedSocketIsServedAmidAStormOfHandshakes(t *testing.T) {
	s := newStorm(t, 100)
	if _, err := s.client.TryWrite([]byte("now")); err != nil {
		t.Fatal(err)
	}
	Poll(s.now, s.a, nil, s.sa)
	Poll(s.now, s.b, nil, s.sb)
	buf := make([]byte, 10)
	if n, err := s.server.TryRead(buf); err != nil || string(buf[:n]) != "now" {
		t.Fatalf("after the first poll: %q, %v", buf[:n], err)
	}
	if s.key.signed > DefaultHandshakeSteps {
		t.Errorf("%d handshakes went before", s.key.signed)
	}
}

// Handshakes that ended while they waited for their share take none from those that follow.
func TestHandshakesThatAreOverTakeNoShareOfAPoll(t *testing.T) {
	const clients = 100
	s := newStorm(t, clients)
	PollBudget(s.now, s.b, nil, s.sb, Budget{HandshakeSteps: 1})
	if n := s.sb.shaking.len(); n < clients-1 {
		t.Fatalf("%d wait", n)
	}
	s.now = s.now.Add(2 * DefaultHandshakeTimeout)
	s.sb.advance(s.now, 0) // their time is up
	if steps := s.sb.advance(s.now, clients); steps != 0 || s.sb.shaking.len() != 0 {
		t.Errorf("%d steps for nothing, and %d wait", steps, s.sb.shaking.len())
	}
}
