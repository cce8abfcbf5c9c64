package netconn

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
)

func TestWhatWasWrittenArrivesThoughEverythingIsClosedAtOnce(t *testing.T) {
	both(t, func(t *testing.T, secure bool) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			client, server := w.pair(t, secure)
			sent := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
			got := make(chan []byte)
			go func() {
				b, err := io.ReadAll(server)
				if err != nil {
					t.Errorf("server: %v", err)
				}
				got <- b
			}()
			if n, err := client.Write(sent); n != len(sent) || err != nil {
				t.Fatalf("wrote %d, %v", n, err)
			}
			client.Close()
			begin := time.Now()
			w.client.Close()
			if d := time.Since(begin); d >= DefaultLinger {
				t.Errorf("Close took %v though the peer is there", d)
			}
			if !bytes.Equal(<-got, sent) {
				t.Error("what arrived is not what was written")
			}
		})
	})
}

func TestCloseReturnsThoughThePeerIsSilent(t *testing.T) {
	both(t, func(t *testing.T, secure bool) {
		synctest.Test(t, func(t *testing.T) {
			a, b := phy.NewSharedPipe(phy.PipeConfig{})
			broken := &switchable{Device: a}
			w := worldOver(t, broken, b)
			client, _ := w.pair(t, secure)
			w.client.Do(func(*iface.Interface, *set.TCPSocketSet, *set.TLSSocketSet) { broken.cut = true })
			client.Write(make([]byte, 1000))
			client.Close()
			begin := time.Now()
			w.client.Close()
			if d := time.Since(begin); d != DefaultLinger {
				t.Errorf("Close took %v", d)
			}
		})
	})
}

// switchable is a device whose frames are lost when cut is set.
type switchable struct {
	phy.Device
	cut bool
}

func (d *switchable) Wake() { d.Device.(phy.Waker).Wake() }

func (d *switchable) Receive(now time.Time) ([]byte, error) {
	for {
		if frame, err := d.Device.Receive(now); !d.cut || frame == nil {
			return frame, err
		}
	}
}

func (d *switchable) Send(now time.Time, n int) error {
	if d.cut {
		return nil
	}
	return d.Device.Send(now, n)
}

func TestEveryCallThatWaitsEndsWithTheRunner(t *testing.T) {
	both(t, func(t *testing.T, secure bool) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			client, server := w.pair(t, secure)
			l := w.listen(t, secure)
			failed := make(chan error, 3)
			go func() { _, err := server.Read(make([]byte, 1)); failed <- err }()
			go func() { _, err := io.Copy(server, zeros{}); failed <- err }()
			go func() { _, err := l.Accept(); failed <- err }()
			synctest.Wait()
			w.server.Close()
			for range cap(failed) {
				if err := <-failed; !errors.Is(err, net.ErrClosed) {
					t.Errorf("got %v", err)
				}
			}
			client.Close()
			if _, err := w.server.Listen("tcp", ":0"); !errors.Is(err, net.ErrClosed) {
				t.Errorf("Listen after Close: %v", err)
			}
			d := &Dialer{Runner: w.server}
			if _, err := d.Dial("tcp", "192.0.2.1:80"); !errors.Is(err, net.ErrClosed) {
				t.Errorf("Dial after Close: %v", err)
			}
			w.server.Close()
		})
	})
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestADeviceThatClosesEndsTheRunnerAndSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := phy.NewSharedPipe(phy.PipeConfig{})
		w := worldOver(t, a, b)
		client, server := w.pair(t, false)
		l, err := w.client.Listen("tcp", ":80")
		if err != nil {
			t.Fatal(err)
		}
		server.Write([]byte("last words"))
		synctest.Wait()
		b.Close()
		got, read := io.ReadAll(client)
		if string(got) != "last words" {
			t.Errorf("what had arrived is lost: %q", got)
		}
		_, write := client.Write([]byte("x"))
		_, accept := l.Accept()
		_, dial := (&Dialer{Runner: w.client}).Dial("tcp", "192.0.2.2:80")
		for name, err := range map[string]error{"Read": read, "Write": write, "Accept": accept, "Dial": dial} {
			if !errors.Is(err, net.ErrClosed) || !errors.Is(err, phy.ErrClosed) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if !errors.Is(w.client.Err(), phy.ErrClosed) {
			t.Errorf("Err: %v", w.client.Err())
		}
	})
}

func TestADeviceThatFailsForAWhileIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := phy.NewSharedPipe(phy.PipeConfig{})
		flaky := &failing{Device: a, until: time.Now().Add(10 * time.Second)}
		w := worldOver(t, flaky, b)
		client, server := w.pair(t, false)
		if time.Now().Before(flaky.until) {
			t.Error("connected through a device that fails")
		}
		if flaky.times > 30 {
			t.Errorf("tried %d times in 10 s", flaky.times)
		}
		client.Write([]byte("x"))
		if _, err := server.Read(make([]byte, 1)); err != nil {
			t.Error(err)
		}
		if err := w.client.Err(); !errors.Is(err, errFlaky) {
			t.Errorf("Err: %v", err)
		}
	})
}

var errFlaky = errors.New("flaky")

type failing struct {
	phy.Device
	until time.Time
	times int
}

func (d *failing) Wake() { d.Device.(phy.Waker).Wake() }

func (d *failing) Receive(now time.Time) ([]byte, error) {
	if now.Before(d.until) {
		d.times++
		return nil, errFlaky
	}
	return d.Device.Receive(now)
}

func TestAFrameThatTheKernelRefusesHoldsUpNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := phy.NewSharedPipe(phy.PipeConfig{Medium: phy.MediumIP})
		w := worldOver(t, &noIPv6{Device: a}, b)
		server := w.packets(t, "udp", ":7")
		four := w.dialUDP(t, "udp", "192.0.2.2:7")
		begin := time.Now()
		for range 20 {
			go w.dialer.DialContext(t.Context(), "tcp", "[2001:db8::2]:7")
			synctest.Wait()
			four.Write([]byte("four"))
			got := make([]byte, 10)
			if n, err := server.Read(got); string(got[:n]) != "four" || err != nil {
				t.Fatalf("%q, %v", got[:n], err)
			}
		}
		if d := time.Since(begin); d != 0 {
			t.Errorf("others are held up for %v", d)
		}
		if err := w.client.Err(); !errors.Is(err, phy.ErrRefused) {
			t.Errorf("Err: %v", err)
		}
	})
}

// noIPv6 is a device that refuses the frames of IPv6, as that of a kernel does which has it switched off.
type noIPv6 struct {
	phy.Device
	last []byte
}

func (d *noIPv6) Wake() { d.Device.(phy.Waker).Wake() }

func (d *noIPv6) Buffer(n int) []byte {
	d.last = d.Device.Buffer(n)
	return d.last
}

func (d *noIPv6) Send(now time.Time, n int) error {
	if d.last[0]>>4 == 6 {
		return phy.ErrRefused
	}
	return d.Device.Send(now, n)
}

func TestThereIsOneGoroutineForARunnerAndNoneForAConnection(t *testing.T) {
	before := ours()
	w := newWorld(t)
	l := w.listen(t, true)
	for range 50 {
		w.connect(t, l, true)
	}
	if n := ours() - before; n != 2 {
		t.Errorf("%d goroutines for two Runners with 50 connections\n%s", n, stacks())
	}
	w.client.Close()
	w.server.Close()
	for i := 0; ours() != before && i < 1000; i++ {
		runtime.Gosched() // the goroutine may still be on its way out
	}
	if n := ours() - before; n != 0 {
		t.Errorf("%d goroutines are left\n%s", n, stacks())
	}
}

// ours counts the goroutines that this package has started.
func ours() int { return strings.Count(stacks(), "created by smoltls/netconn.") }

func stacks() string {
	b := make([]byte, 1<<20)
	return string(b[:runtime.Stack(b, true)])
}

func TestConnectionsThatAreClosedAreForgotten(t *testing.T) {
	both(t, func(t *testing.T, secure bool) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			l := w.listen(t, secure)
			for range 20 {
				client, server := w.connect(t, l, secure)
				client.Close()
				server.Close()
			}
			time.Sleep(3 * time.Minute) // TIME-WAIT
			for _, r := range []*Runner{w.client, w.server} {
				r.Do(func(ifc *iface.Interface, tcps *set.TCPSocketSet, tlss *set.TLSSocketSet) {
					if n := ifc.Stats().Conns + tcps.Len() + tlss.Len() + tlss.Lingering() + len(r.tcpHome.conns) + len(r.tlsHome.conns); n != 0 {
						t.Errorf("%d are still known", n)
					}
					if used := ifc.Pool().Out(); used != 0 {
						t.Errorf("%d bytes of buffers are still held", used)
					}
				})
			}
		})
	})
}

func TestARunnerThatHasSleptForLongConnectsAllTheSame(t *testing.T) {
	both(t, func(t *testing.T, secure bool) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			l := w.listen(t, secure)
			client, server := w.connect(t, l, secure)
			time.Sleep(24 * time.Hour) // longer than every timeout: none may start in the past
			w.connect(t, l, secure)
			go client.Write([]byte("late"))
			b := make([]byte, 4)
			if _, err := io.ReadFull(server, b); err != nil || string(b) != "late" {
				t.Errorf("%q, %v", b, err)
			}
			time.Sleep(24 * time.Hour)
			client.Write([]byte("last"))
			client.Close() // its Linger may not be over at once either
			if b, err := io.ReadAll(server); err != nil || string(b) != "last" {
				t.Errorf("%q, %v", b, err)
			}
		})
	})
}

// unclosable is a device whose end can't be as it should.
type unclosable struct {
	*phy.SharedPipeEnd
	err error
}

func (d unclosable) Close() error { return errors.Join(d.SharedPipeEnd.Close(), d.err) }

func TestCloseTellsWhatClosingTheDeviceGave(t *testing.T) {
	full := errors.New("the capture could not be written")
	dev, _ := phy.NewSharedPipe(phy.PipeConfig{})
	r, err := Start(Config{Device: unclosable{dev, full}, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")}})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := r.Close(); !errors.Is(err, full) {
			t.Error(err)
		}
	}
}
