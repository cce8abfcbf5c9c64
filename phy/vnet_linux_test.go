package phy_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/netip"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"smoltls/internal/nstest"
	"smoltls/phy"
)

func TestTheKernelGrantsOffload(t *testing.T) {
	dev, _ := nstest.OffloadTAP(t, hostV4)
	const all = phy.OffloadChecksum | phy.OffloadTSO4 | phy.OffloadTSO6 | phy.OffloadECN
	if dev.Offload() != all || !dev.Offload().Has(phy.OffloadTSO6) {
		t.Errorf("granted %b", dev.Offload())
	}
	if len(dev.BufferSuper(phy.MaxSuperFrame)) != phy.MaxSuperFrame || dev.BufferSuper(phy.MaxSuperFrame+1) != nil || dev.BufferSuper(0) != nil {
		t.Error("bounds of BufferSuper")
	}
	if len(dev.Buffer(1514)) != 1514 || dev.Buffer(1515) != nil {
		t.Error("bounds of Buffer")
	}
	dev.BufferSuper(2000)
	if err := dev.SendSuper(time.Now(), 2000, phy.FrameInfo{}); !errors.Is(err, phy.ErrFrameLength) {
		t.Error("longer than the MTU, and not to be cut:", err)
	}
	dev.BufferSuper(2000)
	if err := dev.SendSuper(time.Now(), 2000, phy.FrameInfo{GSO: phy.GSOTCP4, SegmentSize: 1000}); !errors.Is(err, phy.ErrFrameInfo) {
		t.Error("a super-segment with a whole checksum:", err)
	}
}

func TestAnInterfaceWithoutOffloadIsAnOrdinaryOffloader(t *testing.T) {
	dev, ns := nstest.TUN(t, hostV4)
	if dev.Offload() != 0 {
		t.Fatal("not asked for")
	}
	c := udpSender(t, ns)
	c.Write(make([]byte, 100))
	for {
		f, info, err := dev.ReceiveSuper(time.Now())
		if err != nil || info != (phy.FrameInfo{}) {
			t.Fatal(info, err)
		}
		if len(f) == 128 {
			break
		}
		if f == nil {
			dev.Wait(time.Time{})
		}
	}
	if len(dev.BufferSuper(1500)) != 1500 || dev.BufferSuper(1501) != nil {
		t.Error("bounds of BufferSuper")
	}
	dev.BufferSuper(100)[0] = 0x45
	if err := dev.SendSuper(time.Now(), 100, phy.FrameInfo{Checksum: phy.ChecksumVerified}); !errors.Is(err, phy.ErrFrameInfo) {
		t.Error(err)
	}
	dev.BufferSuper(100)[0] = 0x45
	if err := dev.SendSuper(time.Now(), 100, phy.FrameInfo{}); err != nil {
		t.Error(err)
	}
}

// TestPingsPassAnInterfaceWithOffload: by the ordinary methods alone it is an ordinary device, checksums included.
func TestPingsPassAnInterfaceWithOffload(t *testing.T) {
	ping := nstest.Program(t, "ping")
	dev, ns := nstest.OffloadTAP(t, hostV4)
	stop, done := make(chan struct{}), make(chan int)
	go func() { done <- respond(t, dev, stop) }()
	out, err := ns.Command(ping, "-c", "3", "-i", "0.01", "-W", "5", "-s", "1400", ourV4.String()).CombinedOutput()
	close(stop)
	dev.Wake()
	if <-done < 3 || err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// bridge passes frames between two devices by their ordinary methods, until stop is closed, and gives the longest.
func bridge(a, b phy.Device, stop <-chan struct{}) (longest int) {
	for {
		moved := false
		for _, d := range [...][2]phy.Device{{a, b}, {b, a}} {
			f, _ := d[0].Receive(time.Now())
			if f == nil {
				continue
			}
			moved = true
			longest = max(longest, len(f))
			if buf := d[1].Buffer(len(f)); buf != nil {
				copy(buf, f)
				d[1].Send(time.Now(), len(f))
			}
		}
		select {
		case <-stop:
			return longest
		default:
			if !moved {
				a.Wait(time.Now().Add(time.Millisecond))
			}
		}
	}
}

// TestTheKernelsSuperSegmentsReachAKernelAsPackets: one kernel's TCP sends super-segments into a TAP interface with
// offload, whose ordinary Receive cuts them; another kernel, which verifies every checksum, gets them over one without.
func TestTheKernelsSuperSegmentsReachAKernelAsPackets(t *testing.T) {
	near, nearNS := nstest.OffloadTUN(t, netip.MustParsePrefix("10.78.0.1/24"), netip.MustParsePrefix("fd00:78::1/64"))
	far, farNS := nstest.TUN(t, netip.MustParsePrefix("10.78.0.2/24"), netip.MustParsePrefix("fd00:78::2/64"))
	stop, done := make(chan struct{}), make(chan int)
	go func() { done <- bridge(near, far, stop) }()
	for _, at := range []string{"10.78.0.2:9", "[fd00:78::2]:9"} {
		if err := copyThrough(nearNS, farNS, at); err != nil {
			t.Errorf("%s: %v", at, err)
		}
	}
	close(stop)
	if n := <-done; n > 1500 {
		t.Errorf("a frame of %d bytes", n)
	}
}

// copyThrough sends two megabytes from one kernel to another's listener.
func copyThrough(from, to *nstest.NetNS, at string) error {
	var l net.Listener
	if err := to.Do(func() (err error) { l, err = net.Listen("tcp", at); return err }); err != nil {
		return err
	}
	defer l.Close()
	data := bytes.Repeat([]byte("super-segments! "), 1<<17)
	sent := make(chan error, 1)
	go func() {
		sent <- from.Do(func() error {
			c, err := net.DialTimeout("tcp", at, 10*time.Second)
			if err != nil {
				l.Close()
				return err
			}
			defer c.Close()
			_, err = c.Write(data)
			return err
		})
	}()
	c, err := l.Accept()
	if err != nil {
		return errors.Join(err, <-sent)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(30 * time.Second))
	got, err := io.ReadAll(c)
	if err == nil && !bytes.Equal(got, data) {
		err = errors.New("the bytes differ")
	}
	return errors.Join(err, <-sent)
}

// TestAPersistentInterfaceForgetsOffload: who opens it next without must not get frames that he can't read.
func TestAPersistentInterfaceForgetsOffload(t *testing.T) {
	ns := nstest.NewNetNS(t)
	err := ns.Do(func() error {
		for _, o := range []phy.TunTapOptions{{Persist: true, Offload: true}, {}} {
			dev, err := phy.OpenTUN("tun5", o)
			if err != nil {
				return err
			}
			if (dev.Offload() != 0) != o.Offload {
				t.Errorf("asked %v, granted %b", o.Offload, dev.Offload())
			}
			if err := phy.ConfigureHost("tun5", hostV4); err != nil {
				return err
			}
			c, err := net.Dial("udp", netip.AddrPortFrom(ourV4, 9).String())
			if err != nil {
				return err
			}
			c.Write(make([]byte, 500))
			if f := nextUDP(t, dev); len(f) != 528 || !wholeUDP(f) {
				t.Errorf("offload %v: %d bytes, % x", o.Offload, len(f), f[:28])
			}
			c.Close()
			dev.Close()
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestTheHeaderThatWeReadIsTheOneThatWeAskFor: how long it is, and in which byte order, belongs to the interface, and
// whoever had a persistent one open before us, a virtual machine for example, has left it as it liked.
func TestTheHeaderThatWeReadIsTheOneThatWeAskFor(t *testing.T) {
	ns := nstest.NewNetNS(t)
	err := ns.Do(func() error {
		first, err := phy.OpenTUN("tun6", phy.TunTapOptions{Persist: true, Offload: true})
		if err != nil {
			return err
		}
		first.Close()
		if err := leaveHeader("tun6", 12); err != nil {
			return err
		}
		dev, err := phy.OpenTUN("tun6", phy.TunTapOptions{Offload: true})
		if err != nil {
			return err
		}
		defer dev.Close()
		if err := phy.ConfigureHost("tun6", hostV4); err != nil {
			return err
		}
		c, err := net.Dial("udp", netip.AddrPortFrom(ourV4, 9).String())
		if err != nil {
			return err
		}
		defer c.Close()
		c.Write(make([]byte, 500))
		if f := nextUDP(t, dev); len(f) != 528 || !wholeUDP(f) {
			t.Errorf("%d bytes", len(f))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// leaveHeader opens a persistent TUN interface as another program might, and leaves it with a header of n bytes.
func leaveHeader(name string, n int) error {
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	r, err := unix.NewIfreq(name)
	if err != nil {
		return err
	}
	r.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI | unix.IFF_VNET_HDR)
	if err := unix.IoctlIfreq(fd, unix.TUNSETIFF, r); err != nil {
		return err
	}
	return unix.IoctlSetPointerInt(fd, unix.TUNSETVNETHDRSZ, n)
}
