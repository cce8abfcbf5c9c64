package netconn

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
	"smoltls/tcp"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

// latency is that of one way over the link.
const latency = 50 * time.Millisecond

// newEarlyWorld is a world with a long link, whose server takes early data and whose dialer has a session for it.
func newEarlyWorld(t *testing.T) (*world, *Listener) {
	t.Helper()
	w, l, _ := newCutWorld(t)
	return w, l
}

// newCutWorld is newEarlyWorld, whose link can be cut.
func newCutWorld(t *testing.T) (*world, *Listener, *switchable) {
	t.Helper()
	a, b := phy.NewSharedPipe(phy.PipeConfig{})
	slow := phy.Impairment{Delay: latency}
	link := &switchable{Device: phy.Fault(a, phy.FaultConfig{In: slow, Out: slow})}
	w := worldOver(t, link, b)
	w.serverTLS.MaxEarlyData = 10_000
	w.clientTLS.ClientSessionCache = tlssock.NewLRUClientSessionCache(0)
	w.dialer.EarlyData = true
	l := w.listenEarly(t)
	client, server := w.dialEarly(t, l)
	if s := client.State(); s.EarlyData != tlssock.EarlyDataNoSession || !client.ConnectionState().HandshakeComplete {
		t.Fatalf("the first connection: %v", s.EarlyData)
	}
	server.Write([]byte("ticket")) // comes after the ticket
	io.ReadFull(client, make([]byte, 6))
	client.Close()
	server.Close()
	return w, l, link
}

func (w *world) listenEarly(t *testing.T) *Listener {
	t.Helper()
	l, err := w.server.ListenWith("tcp", ":443", ListenConfig{TLS: w.serverTLS, AcceptEarly: true})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// dialEarly opens a connection and writes to it.
func (w *world) dialEarly(t *testing.T, l *Listener) (client, server *TLSConn) {
	t.Helper()
	client = w.dialOnly(t)
	client.Write([]byte("question"))
	return client, accepted(t, l)
}

func (w *world) dialOnly(t *testing.T) *TLSConn {
	t.Helper()
	c, err := w.dialer.DialTLSContext(t.Context(), "tcp4", serverName+":443")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c.(*TLSConn)
}

func accepted(t *testing.T, l *Listener) *TLSConn {
	t.Helper()
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c.(*TLSConn)
}

// readAs reads want.
func readAs(t *testing.T, c net.Conn, want string) {
	t.Helper()
	got := make([]byte, len(want))
	if _, err := io.ReadFull(c, got); string(got) != want || err != nil {
		t.Errorf("read %q, %v; want %q", got, err, want)
	}
}

func TestEarlyDataIsAnsweredARoundTripSooner(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, l := newEarlyWorld(t)
		for _, c := range []struct {
			early bool
			want  time.Duration // TCP's handshake, and that of TLS if it is waited for, and the question and its answer
		}{{false, 6 * latency}, {true, 4 * latency}} {
			w.dialer.EarlyData, w.dialer.servers = c.early, serverConfigs{}
			begin := time.Now()
			client, server := w.dialEarly(t, l)
			readAs(t, server, "question")
			if h := server.ConnectionState().HandshakeComplete; h == c.early {
				t.Errorf("the server's handshake is complete: %v", h)
			}
			server.Write([]byte("answer"))
			readAs(t, client, "answer")
			if d := time.Since(begin); d < c.want || d > c.want+latency {
				t.Errorf("early data %v: answered after %v, want %v", c.early, d, c.want)
			}
			if err := server.HandshakeContext(t.Context()); err != nil || !server.ConnectionState().HandshakeComplete {
				t.Error(err)
			}
			client.Close()
			if !client.ConnectionState().HandshakeComplete {
				t.Error("a handshake that was complete is not so after Close")
			}
			if s := client.State(); c.early && s.EarlyData != tlssock.EarlyDataAccepted || !s.DidResume {
				t.Errorf("%v, resumed %v", s.EarlyData, s.DidResume)
			}
		}
	})
}

func TestAHandshakeThatWasBrokenOffIsNotComplete(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, l := newEarlyWorld(t)
		client, server := w.dialEarly(t, l)
		client.Close()
		server.Close()
		for name, c := range map[string]*TLSConn{"client": client, "server": server} {
			if c.State().HandshakeComplete || c.ConnectionState().HandshakeComplete {
				t.Errorf("that of the %s is", name)
			}
		}
	})
}

// What was agreed on is known before the server has answered, from the session.
func TestTheProtocolIsKnownWithEarlyData(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, l := newEarlyWorld(t)
		w.dialOnly(t).Close()
		w.clientTLS.NextProtos, w.serverTLS.NextProtos = []string{"x"}, []string{"x"}
		w.dialer.servers = serverConfigs{}
		l.Close()
		l = w.listenEarly(t)
		for _, complete := range []bool{true, false} {
			c := w.dialOnly(t)
			if s := c.ConnectionState(); s.NegotiatedProtocol != "x" || s.HandshakeComplete != complete {
				t.Errorf("%q, complete %v", s.NegotiatedProtocol, s.HandshakeComplete)
			}
			c.Write([]byte("x"))
			s := accepted(t, l)
			s.Write([]byte("ticket"))
			readAs(t, c, "ticket")
			c.Close()
		}
	})
}

// What was written for the protocol of the session must not be taken for another one's, and nobody shall wait for the
// answer to it.
func TestAProtocolThatIsAnotherOneThanTheSessionsBreaksTheConnection(t *testing.T) {
	for name, write := range map[string]bool{"with early data": true, "without": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, l := newEarlyWorld(t)
				w.clientTLS.NextProtos, w.clientTLS.ClientSessionCache = []string{"old", "new"}, tlssock.NewLRUClientSessionCache(0)
				w.dialer.servers = serverConfigs{}
				listen := func(protocol string) {
					l.Close()
					w.serverTLS = w.serverTLS.Clone()
					w.serverTLS.NextProtos = []string{protocol}
					w.serverTLS.SetSessionTicketKeys([][32]byte{{1}})
					l = w.listenEarly(t)
				}
				listen("old")
				c, s := w.dialEarly(t, l)
				s.Write([]byte("ticket"))
				readAs(t, c, "ticket")
				listen("new")
				c = w.dialOnly(t)
				if p := c.State().NegotiatedProtocol; p != "old" {
					t.Fatalf("the session is for %q", p)
				}
				if write {
					c.Write([]byte("in the old protocol"))
				}
				c.SetReadDeadline(time.Now().Add(time.Minute))
				if _, err := c.Read(make([]byte, 1)); !errors.Is(err, tlssock.ErrEarlyDataRejected) {
					t.Errorf("Read: %v", err)
				}
				if _, err := c.Write([]byte("more in the old protocol")); !errors.Is(err, tlssock.ErrEarlyDataRejected) {
					t.Errorf("Write: %v", err)
				}
				if err := c.HandshakeContext(t.Context()); !errors.Is(err, tlssock.ErrEarlyDataRejected) {
					t.Errorf("HandshakeContext: %v", err)
				}
				c.Close()
				accepted(t, l).Close()
				c, s = w.dialEarly(t, l)
				readAs(t, s, "question")
				if p := c.State().NegotiatedProtocol; p != "new" {
					t.Errorf("the next connection speaks %q", p)
				}
			})
		})
	}
}

func TestEarlyDataThatIsNotTakenArrivesAllTheSame(t *testing.T) {
	for name, spoil := range map[string]func(*world){
		"the server wants none":         func(w *world) { w.serverTLS = w.serverTLS.Clone(); w.serverTLS.MaxEarlyData = 0 },
		"the server has other keys now": func(w *world) { w.serverTLS.SetSessionTicketKeys([][32]byte{{1}}) },
		"a HelloRetryRequest": func(w *world) {
			w.serverTLS = w.serverTLS.Clone()
			w.serverTLS.CurvePreferences = []tls.CurveID{tls.CurveP384}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, l := newEarlyWorld(t)
				l.Close()
				spoil(w)
				l = w.listenEarly(t)
				client, server := w.dialEarly(t, l)
				client.Write([]byte(" and more"))
				readAs(t, server, "question and more")
				if s := client.State().EarlyData; s == tlssock.EarlyDataAccepted || s == tlssock.EarlyDataOffered || s == tlssock.EarlyDataNoSession {
					t.Errorf("early data %v", s)
				}
				client.CloseWrite()
				if _, err := server.Read(make([]byte, 1)); err != io.EOF {
					t.Errorf("more came, or %v", err)
				}
			})
		})
	}
}

func TestMoreThanMayBeEarlyWaitsForTheHandshake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, l := newEarlyWorld(t)
		client := w.dialOnly(t)
		sent := bytes.Repeat([]byte("0123456789"), 30_000)
		go func() { client.Write(sent); client.CloseWrite() }()
		server := accepted(t, l)
		if got, err := io.ReadAll(server); !bytes.Equal(got, sent) || err != nil {
			t.Errorf("%d bytes, %v", len(got), err)
		}
	})
}

// CloseWrite right after early data does not break the handshake off.
func TestCloseWriteWaitsForTheHandshake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, l := newEarlyWorld(t)
		client, server := w.dialEarly(t, l)
		if err := client.CloseWrite(); err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(server); string(got) != "question" || err != nil {
			t.Errorf("%q, %v", got, err)
		}
	})
}

// A session is as good as its server: another one behind the same address gets no more than early data, and Read says
// why.
func TestReadSaysThatTheServerIsNotTrusted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, l := newEarlyWorld(t)
		l.Close()
		other := identity(t, serverName)
		w.serverTLS = &tlssock.Config{Certificates: tlssock.Certificates(other), Trust: w.serverTLS.Trust, ClientAuth: tls.RequireAndVerifyClientCert}
		w.listenEarly(t)
		client := w.dialOnly(t)
		if _, err := client.Write([]byte("question")); err != nil {
			t.Fatal(err)
		}
		_, err := client.Read(make([]byte, 1))
		if _, ok := errors.AsType[*x509lite.VerifyError](err); !ok {
			t.Errorf("Read: %v", err)
		}
		if again := client.HandshakeContext(t.Context()); again == nil {
			t.Errorf("HandshakeContext: %v", again)
		}
	})
}

func TestWaitingForTheHandshakeEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, l := newEarlyWorld(t)
		client := w.dialOnly(t)
		client.Write([]byte("question"))
		server := accepted(t, l)
		w.client.Do(func(_ *iface.Interface, _ *set.TCPSocketSet, tlss *set.TLSSocketSet) {
			s, _ := tlss.Get(client.h)
			s.Transport().Abort() // the client says nothing any more, not even this
		})
		short, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
		defer cancel()
		server.SetWriteDeadline(time.Now())
		if err := server.HandshakeContext(t.Context()); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("by the deadline: %v", err)
		}
		server.SetWriteDeadline(time.Time{})
		if err := server.HandshakeContext(short); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("by the context: %v", err)
		}
		if err := server.HandshakeContext(t.Context()); err == nil || errors.Is(err, set.ErrHandshakeTimeout) {
			t.Errorf("by the peer: %v", err)
		}
		server.Close()
		if err := server.HandshakeContext(t.Context()); !errors.Is(err, net.ErrClosed) {
			t.Errorf("by Close: %v", err)
		}
	})
}

func TestTheHandshakeIsOverThoughNothingMoreCanBeWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, l := newEarlyWorld(t)
		l.Close()
		l, err := w.server.ListenWith("tcp", ":443", ListenConfig{TLS: w.serverTLS, AcceptEarly: true, TCP: tcp.ListenConfig{Config: &tcp.Config{SendBuffer: 64 << 10}}})
		if err != nil {
			t.Fatal(err)
		}
		w.dialer.TCP = &tcp.Config{RecvBuffer: 20 << 10}
		_, server := w.dialEarly(t, l) // who reads nothing
		go io.Copy(server, zeros{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		begin := time.Now()
		if err := server.HandshakeContext(ctx); err != nil || time.Since(begin) > 3*latency {
			t.Errorf("%v after %v", err, time.Since(begin))
		}
		server.Close()
	})
}

// What was written goes out though the connection is closed, and the Runner too, before anybody knows whether the
// server takes early data.
func TestEarlyDataArrivesThoughTheConnectionIsClosedAtOnce(t *testing.T) {
	for name, listen := range map[string]func(*world) ListenConfig{
		"to a server that gives it early": func(w *world) ListenConfig { return ListenConfig{TLS: w.serverTLS, AcceptEarly: true} },
		"to one that waits":               func(w *world) ListenConfig { return ListenConfig{TLS: w.serverTLS} },
		"to one that does not take it": func(w *world) ListenConfig {
			cfg := w.serverTLS.Clone()
			cfg.MaxEarlyData = 0
			return ListenConfig{TLS: cfg}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, l := newEarlyWorld(t)
				l.Close()
				l, err := w.server.ListenWith("tcp", ":443", listen(w))
				if err != nil {
					t.Fatal(err)
				}
				client := w.dialOnly(t)
				if _, err := client.Write([]byte("question")); err != nil {
					t.Fatal(err)
				}
				client.Close()
				if client.State().HandshakeComplete {
					t.Fatal("it was not closed before the end of its handshake")
				}
				begin := time.Now()
				w.client.Close()
				if d := time.Since(begin); d >= DefaultLinger {
					t.Errorf("Close took %v though the peer is there", d)
				}
				l.SetDeadline(time.Now().Add(time.Second))
				server := accepted(t, l)
				if got, err := io.ReadAll(server); string(got) != "question" || err != nil {
					t.Errorf("%q, %v", got, err)
				}
			})
		})
	}
}

// A server that never answers keeps a connection that was closed for as long as a handshake may take, and no longer.
func TestAConnectionThatWasClosedEarlyEndsWithItsHandshake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, _, link := newCutWorld(t)
		client := w.dialOnly(t)
		w.client.Do(func(*iface.Interface, *set.TCPSocketSet, *set.TLSSocketSet) { link.cut = true })
		client.Write([]byte("question"))
		client.Close()
		sockets := func() (n int) {
			w.client.Do(func(_ *iface.Interface, _ *set.TCPSocketSet, tlss *set.TLSSocketSet) { n = tlss.Len() })
			return n
		}
		if sockets() != 1 {
			t.Error("it does not wait for its handshake")
		}
		time.Sleep(set.DefaultHandshakeTimeout - time.Second)
		if sockets() != 1 {
			t.Error("it does not wait for as long as a handshake may take")
		}
		time.Sleep(2 * time.Second)
		if n := sockets(); n != 0 || len(w.client.unsettled) != 0 {
			t.Errorf("%d sockets, %d of them wait", n, len(w.client.unsettled))
		}
	})
}
