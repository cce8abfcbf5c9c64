package netconn

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
)

// Many connections at once over a bad link, used in all the ways that there are: whoever goes on to the end has its
// data back, and when all have ended nothing is left of them.
func TestManyConnectionsOverABadLink(t *testing.T) {
	for seed := range uint64(2) {
		synctest.Test(t, func(t *testing.T) {
			left, right := phy.NewSharedPipe(phy.PipeConfig{})
			bad := phy.Impairment{Drop: 0.02, Duplicate: 0.01, Reorder: 0.05, Corrupt: 0.01, Delay: 5 * time.Millisecond, Jitter: 5 * time.Millisecond}
			w := worldOver(t, phy.Fault(left, phy.FaultConfig{Seed: seed, In: bad, Out: bad}), right)
			var users sync.WaitGroup
			for _, secure := range []bool{false, true} {
				l := w.listen(t, secure)
				users.Go(func() { echoAll(l, &users) })
				dial := w.dialer.DialContext
				if secure {
					dial = w.dialer.DialTLSContext
				}
				_, port, _ := net.SplitHostPort(l.Addr().String())
				var clients sync.WaitGroup
				for i := range uint64(20) {
					clients.Go(func() {
						rng := rand.New(rand.NewPCG(seed, i))
						if err := use(rng, func(ctx context.Context) (net.Conn, error) {
							return dial(ctx, "tcp", net.JoinHostPort(serverName, port))
						}); err != nil {
							t.Errorf("seed %d, client %d, TLS %v: %v", seed, i, secure, err)
						}
					})
				}
				users.Go(func() { clients.Wait(); l.Close() })
			}
			users.Wait()
			time.Sleep(20 * time.Minute) // for what is orphaned to end
			for _, r := range []*Runner{w.client, w.server} {
				r.Do(func(ifc *iface.Interface, tcps *set.TCPSocketSet, tlss *set.TLSSocketSet) {
					conns := ifc.Stats().Conns + tcps.Len() + tlss.Len() + tlss.Lingering() + len(r.tcpHome.conns) + len(r.tlsHome.conns) + len(r.parting.byHandle)
					if used := ifc.Pool().Out(); conns != 0 || used != 0 {
						t.Errorf("seed %d: %d connections and %d bytes of buffers are left", seed, conns, used)
					}
				})
			}
		})
	}
}

// echoAll answers every connection with what it brings.
func echoAll(l *Listener, users *sync.WaitGroup) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		users.Go(func() {
			defer c.Close()
			c.SetDeadline(time.Now().Add(5 * time.Minute))
			io.Copy(struct{ io.Writer }{c}, c) // errors: some clients go without a word
		})
	}
}

var errNotBack = errors.New("what comes back is not what was sent")

// use opens a connection and does something with it that rng chooses.
func use(rng *rand.Rand, dial func(context.Context) (net.Conn, error)) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if rng.IntN(5) == 0 { // loses patience
		time.AfterFunc(time.Duration(rng.IntN(60))*time.Millisecond, cancel)
	}
	c, err := dial(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	defer c.Close()
	sent := make([]byte, rng.IntN(200_000))
	for i := range sent {
		sent[i] = byte(rng.Uint32())
	}
	switch rng.IntN(4) {
	case 0: // goes without a word
		time.AfterFunc(time.Duration(rng.IntN(200))*time.Millisecond, func() { c.Close() })
		c.Write(sent)
		return nil
	case 1: // has a deadline
		c.SetDeadline(time.Now().Add(time.Duration(rng.IntN(200)) * time.Millisecond))
		c.Write(sent)
		io.Copy(io.Discard, c)
		return nil
	}
	wrote := make(chan error, 1)
	go func() {
		_, err := c.Write(sent)
		wrote <- errors.Join(err, c.(closeWriter).CloseWrite())
	}()
	got, err := io.ReadAll(c)
	if err := errors.Join(err, <-wrote); err != nil {
		return fmt.Errorf("after %d of %d bytes: %w", len(got), len(sent), err)
	}
	if !bytes.Equal(got, sent) {
		return fmt.Errorf("%w: %d bytes, %d", errNotBack, len(got), len(sent))
	}
	return nil
}

// All calls that there are, from several goroutines at once, on connections that are used before their handshake is
// over: none hangs, and nothing is left. The race detector looks on.
func TestEverythingAtOnceOnEarlyConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, l := newEarlyWorld(t)
		l.Close()
		w.serverTLS.SetSessionTicketKeys([][32]byte{{1}})
		l = w.listenEarly(t)
		var users sync.WaitGroup
		users.Go(func() {
			for seed := uint64(0); ; seed++ {
				c, err := l.Accept()
				if err != nil {
					return
				}
				users.Go(func() { useAtOnce(c.(*TLSConn), rand.New(rand.NewPCG(seed, 1))) })
			}
		})
		var clients sync.WaitGroup
		for seed := range uint64(4) {
			clients.Go(func() {
				rng := rand.New(rand.NewPCG(seed, 2))
				for k := range 15 {
					if seed == 0 && k%5 == 4 { // what was early data so far is refused
						w.serverTLS.SetSessionTicketKeys([][32]byte{{byte(k)}})
					}
					ctx, cancel := context.WithTimeout(t.Context(), time.Duration(rng.IntN(1000))*time.Millisecond)
					if c, err := w.dialer.DialTLSContext(ctx, "tcp4", serverName+":443"); err == nil {
						useAtOnce(c.(*TLSConn), rng)
					}
					cancel()
				}
			})
		}
		clients.Wait()
		l.Close()
		users.Wait()
		time.Sleep(20 * time.Minute)
		for _, r := range []*Runner{w.client, w.server} {
			r.Do(func(ifc *iface.Interface, _ *set.TCPSocketSet, tlss *set.TLSSocketSet) {
				left := ifc.Stats().Conns + tlss.Len() + tlss.Lingering() + tlss.Handshaking() + len(r.tlsHome.conns) + len(r.unsettled)
				if used := ifc.Pool().Out(); left != 0 || used != 0 {
					t.Errorf("%d connections and %d bytes of buffers are left", left, used)
				}
			})
		}
	})
}

// useAtOnce has several goroutines do what rng chooses, and closes c.
func useAtOnce(c *TLSConn, rng *rand.Rand) {
	defer c.Close()
	var users sync.WaitGroup
	for k := range 5 {
		rng := rand.New(rand.NewPCG(rng.Uint64(), 3))
		users.Go(func() {
			b := make([]byte, 40_000)
			for range 6 {
				soon := time.Now().Add(time.Duration(rng.IntN(400)) * time.Millisecond)
				switch rng.IntN(8) {
				case 0, 1, 2:
					if k > 0 {
						c.SetReadDeadline(soon)
						c.Read(b[:rng.IntN(len(b))])
						continue
					}
					c.SetWriteDeadline(soon) // one goroutine writes: the bubble's clock stands while others wait for it
					c.Write(b[:rng.IntN(len(b))])
				case 3:
					c.SetWriteDeadline(soon)
				case 4:
					c.SetDeadline(soon)
					c.ConnectionState()
				case 5:
					ctx, cancel := context.WithDeadline(context.Background(), soon)
					c.HandshakeContext(ctx)
					cancel()
				case 6:
					if rng.IntN(4) == 0 {
						c.SetWriteDeadline(soon)
						c.CloseWrite()
					}
				case 7:
					if rng.IntN(6) == 0 {
						c.Close()
					}
				}
			}
		})
	}
	users.Wait()
}
