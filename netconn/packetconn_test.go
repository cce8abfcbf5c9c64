package netconn

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
)

// packets opens a socket of the server.
func (w *world) packets(t testing.TB, network, address string) *PacketConn {
	t.Helper()
	c, err := w.server.ListenPacket(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c.(*PacketConn)
}

func (w *world) dialUDP(t testing.TB, network, address string) *PacketConn {
	t.Helper()
	c, err := w.dialer.Dial(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c.(*PacketConn)
}

func TestDatagramsGoBothWays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		server := w.packets(t, "udp", ":7")
		for _, to := range []string{"192.0.2.2:7", "[2001:db8::2]:7", serverName + ":7", serverName + ":echo"} {
			c := w.dialUDP(t, "udp", to)
			for _, size := range []int{0, 1, 1400, 5000} {
				if n, err := c.Write(make([]byte, size)); n != size || err != nil {
					t.Fatal(n, err)
				}
				b := make([]byte, 6000)
				n, from, err := server.ReadFrom(b)
				if n != size || err != nil || from.String() != c.LocalAddr().String() {
					t.Fatalf("%s: %d bytes from %v, %v; not %v", to, n, from, err, c.LocalAddr())
				}
				if _, err := server.WriteTo(b[:n+1], from); err != nil {
					t.Fatal(err)
				}
				if n, err := c.Read(b); n != size+1 || err != nil {
					t.Fatal(n, err)
				}
			}
			if c.RemoteAddr().Network() != "udp" || c.LocalAddr().(*net.UDPAddr).IP.IsUnspecified() {
				t.Errorf("%v to %v", c.LocalAddr(), c.RemoteAddr())
			}
			if _, err := c.WriteTo([]byte("x"), server.LocalAddr()); !errors.Is(err, net.ErrWriteToConnected) {
				t.Error(err)
			}
			t.Log("# what does not fit is lost, and the next one is whole")
			server.WriteTo([]byte("long"), c.LocalAddr())
			server.WriteTo([]byte("next"), stringAddr(c.LocalAddr().String()))
			b := make([]byte, 2)
			for _, want := range []string{"lo", "ne"} {
				if n, err := c.Read(b); string(b[:n]) != want || err != nil {
					t.Errorf("%q, %v", b[:n], err)
				}
			}
		}
		if server.RemoteAddr() != nil {
			t.Error(server.RemoteAddr())
		}
	})
}

// stringAddr is an address of another package's kind.
type stringAddr string

func (stringAddr) Network() string  { return "udp" }
func (s stringAddr) String() string { return string(s) }

func TestDeadlinesOfDatagrams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := w.packets(t, "udp4", ":0")
		b := make([]byte, 10)
		begin := time.Now()
		c.SetReadDeadline(begin.Add(time.Second))
		_, _, err := c.ReadFrom(b)
		var n net.Error
		if !errors.Is(err, os.ErrDeadlineExceeded) || !errors.As(err, &n) || !n.Timeout() || time.Since(begin) != time.Second {
			t.Errorf("%v after %v", err, time.Since(begin))
		}
		c.SetDeadline(begin)
		if _, err := c.WriteTo(b, stringAddr("192.0.2.1:9")); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Error(err)
		}
		c.SetDeadline(time.Time{})
		waits := make(chan error)
		go func() { _, _, err := c.ReadFrom(b); waits <- err }()
		synctest.Wait()
		c.SetReadDeadline(time.Now()) // of a call that is under way
		if err := <-waits; !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Error(err)
		}
		c.SetWriteDeadline(time.Time{})
		c.SetReadDeadline(time.Time{})
		go func() { _, _, err := c.ReadFrom(b); waits <- err }()
		synctest.Wait()
		c.Close()
		if err := <-waits; !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
}

func TestErrorsOfDatagramsAreTheNetPackages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := w.dialUDP(t, "udp4", serverName+":9") // where nobody listens
		if _, err := c.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
		var op *net.OpError
		if _, err := c.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNREFUSED) || !errors.Is(err, iface.ErrRefused) || !errors.As(err, &op) || op.Net != "udp4" || op.Op != "read" || op.Addr.String() != "192.0.2.2:9" {
			t.Errorf("%v", err)
		}
		if _, err := c.Write(make([]byte, 1<<16)); !errors.Is(err, syscall.EMSGSIZE) {
			t.Error(err)
		}
		for address, want := range map[string]error{"198.51.100.1:9": syscall.ENETUNREACH, "nobody.test:9": nil, ":9": ErrNoHost} {
			if _, err := w.dialer.Dial("udp4", address); !errors.As(err, &op) || op.Op != "dial" || want != nil && !errors.Is(err, want) {
				t.Errorf("%s: %v", address, err)
			}
		}
		for _, wrong := range [][2]string{{"udp4", "[2001:db8::2]:9"}, {"udp6", "192.0.2.2:9"}, {"udp", "192.0.2.2"}, {"udp", "192.0.2.2:nothing"}} {
			if _, err := w.dialer.Dial(wrong[0], wrong[1]); !errors.As(err, &op) {
				t.Errorf("%v: %v", wrong, err)
			}
		}
		s := w.packets(t, "udp", "192.0.2.2:53")
		for address, want := range map[string]error{"192.0.2.2:53": syscall.EADDRINUSE, "192.0.2.77:53": syscall.EADDRNOTAVAIL, "nowhere": nil} {
			if _, err := w.server.ListenPacket("udp", address); !errors.As(err, &op) || op.Op != "listen" || want != nil && !errors.Is(err, want) {
				t.Errorf("%s: %v", address, err)
			}
		}
		if _, err := w.server.ListenPacket("tcp", ":0"); err == nil {
			t.Error("packets by TCP")
		}
		for _, to := range []net.Addr{nil, stringAddr("nobody"), &net.UDPAddr{}, &net.UDPAddr{IP: net.IPv4(192, 0, 2, 1)}} {
			if _, err := s.WriteTo(nil, to); !errors.Is(err, iface.ErrAddress) {
				t.Errorf("to %v: %v", to, err)
			}
		}
		if _, err := s.Write(nil); !errors.Is(err, iface.ErrAddress) {
			t.Errorf("to nobody: %v", err)
		}
		s.Close()
		_, _, err := s.ReadFrom(nil)
		_, err2 := s.WriteTo(nil, stringAddr("192.0.2.1:9"))
		for k, err := range []error{err, err2, s.SetDeadline(time.Time{}), s.Close()} {
			if !errors.Is(err, net.ErrClosed) {
				t.Errorf("%d: after Close: %v", k, err)
			}
		}
	})
}

func TestAnIPv6SocketHearsNothingOfIPv4(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		server := w.packets(t, "udp6", ":7")
		io.WriteString(w.dialUDP(t, "udp4", serverName+":7"), "four")
		io.WriteString(w.dialUDP(t, "udp6", serverName+":7"), "six")
		got := make([]byte, 10)
		if n, err := server.Read(got); string(got[:n]) != "six" || err != nil {
			t.Errorf("%q, %v", got[:n], err)
		}
	})
}

func TestWhatWasWrittenGoesOutThoughTheSocketIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		server := w.packets(t, "udp", ":7")
		c := w.dialUDP(t, "udp", "192.0.2.2:7")
		for k := range 3 {
			fmt.Fprintf(c, "%d", k)
		}
		c.Close()
		for k := range 3 {
			b := make([]byte, 10)
			if n, err := server.Read(b); string(b[:n]) != fmt.Sprint(k) || err != nil {
				t.Errorf("%q, %v", b[:n], err)
			}
		}
		w.client.Do(func(*iface.Interface, *set.TCPSocketSet, *set.TLSSocketSet) {}) // polled once more
		synctest.Wait()
		w.client.mu.Lock()
		if len(w.client.packets.open)+len(w.client.packets.leaving) != 0 {
			t.Errorf("%+v", w.client.packets)
		}
		w.client.mu.Unlock()
		waits := make(chan error)
		go func() { _, err := server.Read(nil); waits <- err }()
		synctest.Wait()
		w.server.Close()
		if err := <-waits; !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
		if _, err := w.server.ListenPacket("udp", ":0"); !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
}

func TestTheRunnersCloseWaitsForDatagramsWhoseNeighbourIsAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := phy.NewSharedPipe(phy.PipeConfig{Medium: phy.MediumEthernet})
		w := worldOver(t, phy.Fault(a, phy.FaultConfig{In: phy.Impairment{Delay: latency}}), b)
		server := w.packets(t, "udp", ":7")
		c := w.dialUDP(t, "udp", "192.0.2.2:7")
		io.WriteString(c, "last words")
		w.client.Close()
		got := make([]byte, 20)
		if n, err := server.Read(got); string(got[:n]) != "last words" || err != nil {
			t.Errorf("%q, %v", got[:n], err)
		}
	})
}

func TestTheRunnersCloseWaitsForADeviceThatTakesNothingNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := phy.NewSharedPipe(phy.PipeConfig{Medium: phy.MediumIP})
		jam := &jammed{Device: a}
		w := worldOver(t, jam, b)
		server := w.packets(t, "udp", ":7")
		c := w.dialUDP(t, "udp", "192.0.2.2:7")
		w.client.Do(func(*iface.Interface, *set.TCPSocketSet, *set.TLSSocketSet) { jam.until = time.Now().Add(time.Second) })
		io.WriteString(c, "last words")
		w.client.Close()
		got := make([]byte, 20)
		if n, err := server.Read(got); string(got[:n]) != "last words" || err != nil {
			t.Errorf("%q, %v", got[:n], err)
		}
	})
}

// jammed is a device that takes no frames for a while.
type jammed struct {
	phy.Device
	until time.Time
}

func (d *jammed) Wake() { d.Device.(phy.Waker).Wake() }

func (d *jammed) Buffer(n int) []byte {
	if time.Now().Before(d.until) {
		return nil
	}
	return d.Device.Buffer(n)
}

func (d *jammed) PollAt() time.Time {
	if time.Now().Before(d.until) {
		return d.until
	}
	return d.Device.PollAt()
}

func TestManyUseOneSocket(t *testing.T) {
	w := newWorld(t)
	server := w.packets(t, "udp", ":7")
	go func() {
		b := make([]byte, 2000)
		for {
			n, from, err := server.ReadFromUDPAddrPort(b)
			if err != nil {
				return
			}
			server.WriteToUDPAddrPort(b[:n], from)
		}
	}()
	var wg sync.WaitGroup
	for k := range 8 {
		wg.Go(func() {
			c, err := w.dialer.Dial("udp", "192.0.2.2:7")
			if err != nil {
				t.Error(err)
				return
			}
			defer c.Close()
			c.SetDeadline(time.Now().Add(time.Minute))
			for n := range 100 {
				want := strings.Repeat(fmt.Sprint(k), n+1)
				io.WriteString(c, want)
				b := make([]byte, 200)
				if m, err := c.Read(b); string(b[:m]) != want || err != nil { // one at a time fits every queue: nothing is lost
					t.Errorf("%q, %v", b[:m], err)
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestSteadyDatagramsAllocateNothing(t *testing.T) {
	w := newWorld(t)
	server := w.packets(t, "udp", ":7")
	c := w.dialUDP(t, "udp", "192.0.2.2:7")
	to := netip.MustParseAddrPort(c.LocalAddr().String())
	b := make([]byte, 1000)
	if n := testing.AllocsPerRun(200, func() {
		c.Write(b)
		server.Read(b)
		server.WriteToUDPAddrPort(b, to)
		c.ReadFromUDPAddrPort(b)
	}); n != 0 {
		t.Errorf("%v allocations a datagram there and back", n)
	}
}
