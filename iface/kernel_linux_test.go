package iface

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/netip"
	"testing"
	"time"

	"smoltls/internal/nstest"
	"smoltls/phy"
	"smoltls/tcp"
)

// TestKernelPingsAndConnects: the kernel, at the other end of a TAP and of a TUN, pings us and sends a megabyte each
// way over its TCP, on both families.
func TestKernelPingsAndConnects(t *testing.T) {
	ping := nstest.Program(t, "ping")
	open := map[string]func(testing.TB, ...netip.Prefix) (*phy.TunTap, *nstest.NetNS){
		"TAP": nstest.TAP, "TUN": nstest.TUN, "TAP with offload": nstest.OffloadTAP, "TUN with offload": nstest.OffloadTUN,
	}
	for name, f := range open {
		t.Run(name, func(t *testing.T) {
			dev, ns := f(t, netip.MustParsePrefix("192.0.2.1/24"), netip.MustParsePrefix("2001:db8::1/64"))
			st := newStation(t, dev, "192.0.2.2/24", "2001:db8::2/64")
			stop := serveEcho(t, st, dev, tcp.ListenConfig{})
			for _, addr := range []string{"192.0.2.2", "2001:db8::2"} {
				if out, err := ns.Command(ping, "-c", "3", "-i", "0.2", "-W", "5", "-s", "5000", addr).CombinedOutput(); err != nil {
					t.Errorf("ping %s: %v\n%s", addr, err, out)
				}
				if err := ns.Do(func() error { return udpThrough(net.JoinHostPort(addr, "7"), 1000, 20_000) }); err != nil {
					t.Errorf("UDP %s: %v", addr, err)
				}
				if err := ns.Do(func() error { return echoThrough(net.JoinHostPort(addr, "7")) }); err != nil {
					t.Errorf("%s: %v", addr, err)
				}
			}
			stop()
			if s := st.Stats(); s.EchoReplies < 6 || s.Drops[DropChecksum]+s.Drops[DropMalformed] != 0 {
				t.Errorf("%+v", s)
			} else if offload := dev.Offload() != 0; (s.SupersIn > 20 && s.SupersOut > 20) != offload {
				t.Errorf("offload %v, %d super-segments in and %d out", offload, s.SupersIn, s.SupersOut)
			}
		})
	}
}

// echoThrough sends a megabyte through the kernel's TCP and reads it back.
func echoThrough(addr string) error {
	c, err := net.DialTimeout("tcp", addr, 10*time.Second)
	if err != nil {
		return err
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(30 * time.Second))
	data := bytes.Repeat([]byte("0123456789abcde"), 1<<16)
	go func() {
		c.Write(data)
		c.(*net.TCPConn).CloseWrite()
	}()
	got, err := io.ReadAll(c)
	if err != nil {
		return err
	}
	if !bytes.Equal(got, data) {
		return fmt.Errorf("%d bytes came back altered", len(got))
	}
	return nil
}

// udpThrough sends datagrams of those sizes through the kernel's UDP, in fragments where they are longer than the MTU,
// and wants them back.
func udpThrough(addr string, sizes ...int) error {
	c, err := net.Dial("udp", addr)
	if err != nil {
		return err
	}
	defer c.Close()
	buf := make([]byte, 1<<16)
	for _, n := range sizes {
		c.SetDeadline(time.Now().Add(10 * time.Second))
		data := bytes.Repeat([]byte{byte(n), 1}, n/2)
		if _, err := c.Write(data); err != nil {
			return err
		}
		if m, err := c.Read(buf); err != nil || !bytes.Equal(buf[:m], data) {
			return fmt.Errorf("%d bytes of %d came back: %w", m, n, err)
		}
	}
	return nil
}

// TestKernelConnectsThroughAFullSYNQueue: the kernel's ACK brings our cookie back, with the options that its timestamp
// keeps.
func TestKernelConnectsThroughAFullSYNQueue(t *testing.T) {
	dev, ns := nstest.TAP(t, netip.MustParsePrefix("192.0.2.1/24"), netip.MustParsePrefix("2001:db8::1/64"))
	st := newStation(t, dev, "192.0.2.2/24", "2001:db8::2/64")
	stop := serveEcho(t, st, dev, tcp.ListenConfig{SYNQueue: -1})
	for _, addr := range []string{"192.0.2.2", "2001:db8::2"} {
		if err := ns.Do(func() error { return echoThrough(net.JoinHostPort(addr, "7")) }); err != nil {
			t.Errorf("%s: %v", addr, err)
		}
	}
	stop()
	if s := st.Stats().TCP; s.SYNCookiesTaken != 2 || s.SYNCookies < 2 {
		t.Errorf("%+v", s)
	}
}

// serveEcho runs a main loop that echoes on port 7, of TCP and of UDP, until stop is called.
func serveEcho(t *testing.T, st *station, dev *phy.TunTap, cfg tcp.ListenConfig) (stop func()) {
	l := &Listener{}
	cfg.Config = &tcp.Config{RecvBuffer: 256 << 10, SendBuffer: 256 << 10}
	if err := st.Listen(l, netip.MustParseAddrPort("[::]:7"), cfg, func() (*Conn, Owner) { return &Conn{}, st }); err != nil {
		t.Fatal(err)
	}
	u, _ := st.openUDP(t, "[::]:7", PacketConfig{})
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		var conns []*Conn
		for {
			select {
			case <-done:
				return
			default:
			}
			now := time.Now()
			st.Ingress(now, 1000)
			for c, ok := l.Accept(); ok; c, ok = l.Accept() {
				conns = append(conns, c)
			}
			for _, c := range conns {
				echoOnce(c)
			}
			for p, m, err := u.Peek(); err == nil; p, m, err = u.Peek() {
				u.TrySendTo(p, Meta{Remote: m.Remote, Local: m.Local})
				u.Discard()
			}
			st.Egress(now, 1000)
			dev.Wait(st.PollAt(now))
		}
	}()
	return func() {
		close(done)
		dev.Wake()
		<-ended
	}
}

func echoOnce(c *Conn) {
	for {
		p := c.Peek()
		if len(p) == 0 {
			break
		}
		n, err := c.TryWrite(p)
		c.Discard(n)
		if err != nil {
			return
		}
	}
	if c.PeerClosed() && c.ReadBuffered() == 0 {
		c.CloseWrite()
	}
}
