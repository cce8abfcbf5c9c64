package iface

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"testing"
	"time"

	"smoltls/internal/nstest"
	"smoltls/phy"
	"smoltls/tcp"
)

// TestQueuesWithAnInterfaceEach: two queues of one TUN interface, each with an interface and a main loop on a goroutine
// of its own, with the same addresses. The kernel's connections are served by both; either of them connects to the
// kernel; and nothing of one comes to the other.
func TestQueuesWithAnInterfaceEach(t *testing.T) {
	const n = 2
	nstest.OffloadTUN(t)
	ns := nstest.NewNetNS(t)
	var queues []*phy.TunTap
	err := ns.Do(func() (err error) {
		if queues, err = phy.OpenTUNQueues("tun0", n, phy.TunTapOptions{Offload: true}); err != nil {
			return err
		}
		return phy.ConfigureHost("tun0", netip.MustParsePrefix("192.0.2.1/24"))
	})
	if errors.Is(err, phy.ErrNoPrivilege) {
		nstest.Missing(t, "bpf", err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	var stations [n]*station
	var stops []func()
	for k, q := range queues {
		defer q.Close()
		i, err := New(Config{Device: q, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.2/24")}, Queue: k, Queues: n})
		if err != nil {
			t.Fatal(err)
		}
		stations[k] = &station{i, make(map[*Conn]int)}
	}
	var out [n]*Conn
	accepted := listenKernel(t, ns, "192.0.2.1:7", n*10)
	for k, st := range stations {
		for range 10 {
			out[k] = &Conn{}
			if err := st.Connect(out[k], st, netip.MustParseAddrPort("192.0.2.1:7"), nil); err != nil {
				t.Fatal(err)
			}
			if p := int(out[k].LocalAddr().Port()); p%n != k {
				t.Errorf("port %d on queue %d", p, k)
			}
		}
		stops = append(stops, serveEcho(t, st, queues[k], tcp.ListenConfig{}))
	}
	for range 20 {
		if err := ns.Do(func() error { return echoThrough("192.0.2.2:7") }); err != nil {
			t.Error(err)
		}
	}
	if err := <-accepted; err != nil {
		t.Error(err)
	}
	for k, stop := range stops {
		stop()
		s := stations[k].Stats()
		if s.TCP.PassiveOpens == 0 || s.Drops[DropNoPort] != 0 || s.TCP.Established < 10+s.TCP.PassiveOpens {
			t.Errorf("queue %d: %d connections taken, %d in all, %d segments for nobody", k, s.TCP.PassiveOpens, s.TCP.Established, s.Drops[DropNoPort])
		}
		if s.SupersIn == 0 || s.SupersOut == 0 {
			t.Errorf("queue %d: %d super-segments in, %d out", k, s.SupersIn, s.SupersOut)
		}
	}
}

// listenKernel makes the kernel accept n connections, and tells when it has.
func listenKernel(t *testing.T, ns *nstest.NetNS, at string, n int) <-chan error {
	t.Helper()
	var l net.Listener
	if err := ns.Do(func() (err error) { l, err = net.Listen("tcp", at); return err }); err != nil {
		t.Fatal(err)
	}
	l.(*net.TCPListener).SetDeadline(time.Now().Add(20 * time.Second))
	done := make(chan error, 1)
	go func() {
		defer l.Close()
		for k := range n {
			c, err := l.Accept()
			if err != nil {
				done <- fmt.Errorf("connection %d of %d: %w", k, n, err)
				return
			}
			t.Cleanup(func() { c.Close() })
		}
		done <- nil
	}()
	return done
}
