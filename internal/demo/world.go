package demo

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
	"smoltls/tcp"
	"smoltls/tlssock"
)

// world is two stations on an in-memory Ethernet: a client and a server, polled by one loop.
type world struct {
	now         time.Time
	real        bool // the clock is the machine's, not the world's own
	client      station
	server      station
	clientReady time.Time // when the client's handshake was done
	failed      error     // of a handshake, as the server saw it
}

type station struct {
	ifc *iface.Interface
	tls *set.TLSSocketSet
}

const port = 443

var (
	clientAddr = netip.MustParsePrefix("192.0.2.1/24")
	serverAddr = netip.MustParsePrefix("192.0.2.2/24")
)

// bufferSize is the size of TCP's buffers in the demonstration.
const bufferSize = 256 << 10

// newWorld joins two stations by a link with a delay each way.
func newWorld(now time.Time, delay time.Duration) (*world, error) {
	w := &world{now: now}
	a, b := phy.NewPipe(phy.PipeConfig{})
	for _, s := range []struct {
		st   *station
		dev  phy.Device
		addr netip.Prefix
	}{{&w.client, a, clientAddr}, {&w.server, b, serverAddr}} {
		if delay > 0 {
			s.dev = phy.Fault(s.dev, phy.FaultConfig{Out: phy.Impairment{Delay: delay}})
		}
		ifc, err := iface.New(iface.Config{Device: s.dev, Addrs: []netip.Prefix{s.addr}})
		if err != nil {
			return nil, err
		}
		s.st.ifc, s.st.tls = ifc, set.NewTLS(ifc, set.Limits{})
	}
	return w, nil
}

// connect makes the server listen and the client connect, and polls until both know the outcome. server is nil, and
// w.failed says why, when the handshake failed at the server.
func (w *world) connect(clientCfg, serverCfg *tlssock.Config) (client, server *tlssock.Socket, err error) {
	tcpCfg := &tcp.Config{SendBuffer: bufferSize, RecvBuffer: bufferSize}
	lh, err := w.server.tls.Listen(netip.AddrPortFrom(serverAddr.Addr(), port), set.ListenConfig{
		TLS: serverCfg, TCP: tcp.ListenConfig{Config: tcpCfg},
		HandshakeFailed: func(_ netip.AddrPort, err error) { w.failed = err },
	})
	if err != nil {
		return nil, nil, err
	}
	ch, err := w.client.tls.ConnectTCP(netip.AddrPortFrom(serverAddr.Addr(), port), clientCfg, tcpCfg)
	if err != nil {
		return nil, nil, err
	}
	client, _ = w.client.tls.Get(ch)
	settled := w.runUntil(func() bool {
		if w.clientReady.IsZero() && client.Engine().HandshakeComplete() {
			w.clientReady = w.now
		}
		if server == nil {
			if sh, ok := w.server.tls.Accept(lh); ok {
				server, _ = w.server.tls.Get(sh)
			}
		}
		return (client.Err() != nil || client.Engine().HandshakeComplete()) && (server != nil || w.failed != nil)
	})
	if !settled {
		return nil, nil, errors.New("no connection came about")
	}
	return client, server, nil
}

// introduce makes the two stations find each other's Ethernet addresses, by a connection that is refused: nobody
// listens yet.
func (w *world) introduce() error {
	h, err := w.client.tls.Connect(netip.AddrPortFrom(serverAddr.Addr(), port), &tlssock.Config{InsecureSkipVerify: true})
	if err != nil {
		return err
	}
	s, _ := w.client.tls.Get(h)
	w.runUntil(func() bool { return s.Err() != nil })
	w.client.tls.Remove(h)
	if !errors.Is(s.Err(), tcp.ErrRefused) {
		return fmt.Errorf("the stations do not find each other: %w", s.Err())
	}
	return nil
}

// failure runs a handshake that must fail, and gives the reason that each end has.
func (w *world) failure(clientCfg, serverCfg *tlssock.Config) (client, server error, err error) {
	_, err = w.server.tls.Listen(netip.AddrPortFrom(serverAddr.Addr(), port), set.ListenConfig{
		TLS:             serverCfg,
		HandshakeFailed: func(_ netip.AddrPort, err error) { w.failed = err },
	})
	if err != nil {
		return nil, nil, err
	}
	h, err := w.client.tls.Connect(netip.AddrPortFrom(serverAddr.Addr(), port), clientCfg)
	if err != nil {
		return nil, nil, err
	}
	s, _ := w.client.tls.Get(h)
	if !w.runUntil(func() bool { return s.Err() != nil && w.failed != nil }) {
		return nil, nil, fmt.Errorf("the handshake should have failed at both ends, but: client %v, server %v", s.Err(), w.failed)
	}
	return s.Err(), w.failed, nil
}

// step polls both stations once.
func (w *world) step() error {
	if w.real {
		w.now = time.Now()
	}
	for _, st := range []*station{&w.client, &w.server} {
		if err := set.Poll(w.now, st.ifc, nil, st.tls); err != nil {
			return err
		}
	}
	return nil
}

// runUntil polls, moving the world's clock to the next deadline each time, until done or until nothing is left that
// could happen.
func (w *world) runUntil(done func() bool) bool {
	const bound = 100_000
	for range bound {
		if w.step() != nil {
			return false
		}
		if done() {
			return true
		}
		at := earliest(set.PollAt(w.now, w.client.ifc, nil, w.client.tls), set.PollAt(w.now, w.server.ifc, nil, w.server.tls))
		if at.IsZero() {
			return false
		}
		if at.After(w.now) {
			w.now = at
		}
	}
	return false
}

func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// transfer sends n bytes of a pattern from one end to the other, checks them, and gives how long it took.
func (w *world) transfer(from, to *tlssock.Socket, n int64, progress Progress) (time.Duration, error) {
	var sent, received int64
	start := time.Now()
	for received < n {
		for sent < n {
			p := pattern(sent)
			m, err := from.TryWrite(p[:min(int64(len(p)), n-sent)])
			sent += int64(m)
			if errors.Is(err, tlssock.ErrWouldBlock) {
				break
			}
			if err != nil {
				return 0, err
			}
		}
		if err := w.step(); err != nil {
			return 0, err
		}
		for {
			p, err := to.Peek()
			if errors.Is(err, tlssock.ErrWouldBlock) {
				break
			}
			if err != nil {
				return 0, err
			}
			if !bytes.Equal(p, pattern(received)[:len(p)]) {
				return 0, fmt.Errorf("bytes %d to %d arrived altered", received, received+int64(len(p)))
			}
			received += int64(len(p))
			progress.Add(len(p))
			to.Discard(len(p))
		}
	}
	return time.Since(start), nil
}

var patternBytes = func() []byte {
	const period = 65521 // a prime, so that no power of two hides a slip
	b := make([]byte, 2*period)
	for i := range b {
		b[i] = byte(i%period) ^ byte(i%period>>8)
	}
	return b
}()

// pattern gives the bytes of an endless pattern from offset on: at least 65,521 of them.
func pattern(offset int64) []byte { return patternBytes[offset%(int64(len(patternBytes))/2):] }
