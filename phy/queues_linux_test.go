package phy_test

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"os"
	"testing"
	"time"

	"smoltls/internal/checksum"
	"smoltls/internal/nstest"
	"smoltls/phy"
)

// openQueues opens a TUN interface of n queues, whose kernel side is hostV4 and hostV6.
func openQueues(t *testing.T, n int) ([]*phy.TunTap, *nstest.NetNS) {
	t.Helper()
	_, _ = nstest.TUN(t) // skips where there is none
	ns := nstest.NewNetNS(t)
	var queues []*phy.TunTap
	err := ns.Do(func() (err error) {
		if queues, err = phy.OpenTUNQueues("tun0", n, phy.TunTapOptions{Offload: true}); err != nil {
			return err
		}
		return errors.Join(phy.ConfigureHost("tun0", hostV4), phy.ConfigureHost("tun0", hostV6))
	})
	if errors.Is(err, phy.ErrNoPrivilege) {
		nstest.Missing(t, "bpf", err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, q := range queues {
			q.Close()
		}
	})
	return queues, ns
}

var (
	hostV6 = netip.MustParsePrefix("fd00:77::1/64")
	ourV6  = netip.MustParseAddr("fd00:77::2")
)

// arrival waits until a packet that want accepts comes to any queue, and gives which.
func arrival(t *testing.T, queues []*phy.TunTap, want func(p []byte) bool) int {
	t.Helper()
	return arrivalOf(t, queues, func() {}, want)
}

// arrivalOf is arrival of the answer to what ask asks, now and again.
func arrivalOf(t *testing.T, queues []*phy.TunTap, ask func(), want func(p []byte) bool) int {
	t.Helper()
	for n := range 5000 {
		if n%100 == 0 {
			ask()
		}
		for k, q := range queues {
			f, err := q.Receive(time.Now())
			if err != nil {
				t.Fatal(err)
			}
			if f != nil && want(f) {
				return k
			}
		}
		queues[0].Wait(time.Now().Add(time.Millisecond))
	}
	t.Fatal("it did not come")
	return -1
}

// udpBetween makes an IP packet with a datagram of ours.
func udpBetween(src, dst netip.AddrPort) []byte {
	u := binary.BigEndian.AppendUint16(nil, src.Port())
	u = binary.BigEndian.AppendUint16(u, dst.Port())
	u = append(u, 0, 12, 0, 0, 'd', 'a', 't', 'a')
	binary.BigEndian.PutUint16(u[6:], ^checksum.Fold(checksum.Sum(u, checksum.Pseudo(src.Addr(), dst.Addr(), 17, len(u)))))
	p := []byte{0x60, 0, 0, 0, 0, 12, 17, 64}
	if src.Addr().Is4() {
		p = []byte{0x45, 0, 0, 32, 0, 0, 0x40, 0, 64, 17, 0, 0}
	}
	p = append(append(p, src.Addr().AsSlice()...), dst.Addr().AsSlice()...)
	if src.Addr().Is4() {
		binary.BigEndian.PutUint16(p[10:], ^checksum.Fold(checksum.Sum(p, 0)))
	}
	return append(p, u...)
}

// scattered is the queue, of three, for a peer's port.
func scattered(port uint32) int { return int(port*40503>>8&0xffff) % 3 }

func TestPacketsComeToTheQueueOfTheirPort(t *testing.T) {
	queues, ns := openQueues(t, 3)
	for _, our := range []netip.Addr{ourV4, ourV6} {
		transport := 40
		if our.Is4() {
			transport = 20
		}
		for _, c := range []struct {
			theirs, ours uint16
			queue        int
		}{
			{40000, 443, scattered(40000)}, {40001, 443, scattered(40001)}, {40002, 443, scattered(40002)},
			{443, 49152, 49152 % 3}, {443, 50001, 50001 % 3}, {40001, 65534, 65534 % 3}, {40001, 49151, scattered(40001)},
		} {
			err := ns.Do(func() error {
				s, err := net.DialUDP("udp", &net.UDPAddr{Port: int(c.theirs)}, net.UDPAddrFromAddrPort(netip.AddrPortFrom(our, c.ours)))
				if err != nil {
					return err
				}
				defer s.Close()
				_, err = s.Write([]byte("hello"))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			got := arrival(t, queues, func(p []byte) bool {
				return len(p) == transport+13 && binary.BigEndian.Uint16(p[transport:]) == c.theirs && binary.BigEndian.Uint16(p[transport+2:]) == c.ours
			})
			if got != c.queue {
				t.Errorf("%v: from port %d to %d: queue %d, not %d", our, c.theirs, c.ours, got, c.queue)
			}
		}
	}
}

func TestICMPErrorsComeToTheQueueOfWhatTheyQuote(t *testing.T) {
	queues, ns := openQueues(t, 3)
	err := ns.Do(func() error { // the kernel answers once a second otherwise
		return errors.Join(os.WriteFile("/proc/sys/net/ipv4/icmp_ratelimit", []byte("0"), 0), os.WriteFile("/proc/sys/net/ipv6/icmp/ratelimit", []byte("0"), 0))
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, ends := range [][2]netip.Addr{{ourV4, hostV4.Addr()}, {ourV6, hostV6.Addr()}} {
		for _, c := range []struct {
			ours, theirs uint16
			queue        int
		}{{50000, 9, 50000 % 3}, {50001, 9, 50001 % 3}, {443, 2000, scattered(2000)}, {443, 2002, scattered(2002)}} {
			p := udpBetween(netip.AddrPortFrom(ends[0], c.ours), netip.AddrPortFrom(ends[1], c.theirs))
			ask := func() {
				copy(queues[0].Buffer(len(p)), p)
				if err := queues[0].Send(time.Now(), len(p)); err != nil {
					t.Fatal(err)
				}
			}
			got := arrivalOf(t, queues, ask, func(f []byte) bool { // unreachable: port
				return ends[0].Is4() && len(f) > 48 && f[9] == 1 && f[20] == 3 && binary.BigEndian.Uint16(f[48:]) == c.ours ||
					ends[0].Is6() && len(f) > 88 && f[6] == 58 && f[40] == 1 && binary.BigEndian.Uint16(f[88:]) == c.ours
			})
			if got != c.queue {
				t.Errorf("%v, port %d to %d: queue %d, not %d", ends[0], c.ours, c.theirs, got, c.queue)
			}
		}
	}
}

func TestAnythingElseComesToTheFirstQueue(t *testing.T) {
	ping := nstest.Program(t, "ping")
	queues, ns := openQueues(t, 3)
	for _, our := range []netip.Addr{ourV4, ourV6} {
		echo, want := 40, byte(128)
		if our.Is4() {
			echo, want = 20, 8
		}
		cmd := ns.Command(ping, "-c", "1", "-W", "1", our.String())
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if k := arrival(t, queues, func(p []byte) bool { return len(p) > echo && p[echo] == want && len(p) > 80 }); k != 0 {
			t.Errorf("%v: queue %d", our, k)
		}
		cmd.Wait()
	}
}

func TestAnInterfaceOfOneQueueIsNotOpenedTwice(t *testing.T) {
	held, ns := nstest.TUN(t)
	err := ns.Do(func() error {
		_, err := phy.OpenTUNQueues(held.Name(), 2, phy.TunTapOptions{})
		return err
	})
	if err == nil {
		t.Error("an interface of one queue was opened twice")
	}
}
