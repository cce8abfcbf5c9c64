package phy_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"smoltls/internal/checksum"
	"smoltls/internal/nstest"
	"smoltls/phy"
)

var (
	hostV4 = netip.MustParsePrefix("10.77.0.1/24")
	ourV4  = netip.MustParseAddr("10.77.0.2")
	ourMAC = [6]byte{2, 0, 0, 0, 0, 2}
)

// answer turns an ARP request for ourV4, or an ICMP echo request, into its answer in place.
func answer(medium phy.Medium, f []byte) bool {
	p := f
	if medium == phy.MediumEthernet {
		if len(f) < 14 {
			return false
		}
		p = f[14:]
		if binary.BigEndian.Uint16(f[12:]) == 0x0806 {
			return answerARP(f, p)
		}
	}
	if len(p) < 28 || p[0] != 0x45 || p[9] != 1 || p[20] != 8 {
		return false
	}
	var src [4]byte
	copy(src[:], p[12:16])
	copy(p[12:16], p[16:20])
	copy(p[16:20], src[:])
	p[20], p[22], p[23] = 0, 0, 0
	binary.BigEndian.PutUint16(p[22:], ^checksum.Fold(checksum.Sum(p[20:], 0)))
	if medium == phy.MediumEthernet {
		copy(f[0:6], f[6:12])
		copy(f[6:12], ourMAC[:])
	}
	return true
}

func answerARP(f, p []byte) bool {
	want := ourV4.As4()
	if len(p) < 28 || p[7] != 1 || string(p[24:28]) != string(want[:]) {
		return false
	}
	copy(p[18:28], p[8:18]) // the asker becomes the target
	copy(p[8:14], ourMAC[:])
	copy(p[14:18], want[:])
	p[7] = 2
	copy(f[0:6], f[6:12])
	copy(f[6:12], ourMAC[:])
	return true
}

// respond answers what comes until Wake is called after stop was closed, and counts the answers.
func respond(t *testing.T, dev phy.Device, stop <-chan struct{}) (answers int) {
	for {
		f, err := dev.Receive(time.Now())
		if err != nil {
			t.Error(err)
			return answers
		}
		if f == nil {
			select {
			case <-stop:
				return answers
			default:
			}
			if err := dev.Wait(time.Time{}); err != nil {
				t.Error(err)
				return answers
			}
			continue
		}
		if !answer(dev.Medium(), f) {
			continue
		}
		copy(dev.Buffer(len(f)), f)
		if err := dev.Send(time.Now(), len(f)); err != nil {
			t.Error(err)
		}
		answers++
	}
}

func TestKernelPingsThroughTAPAndTUN(t *testing.T) {
	ping := nstest.Program(t, "ping")
	for name, open := range map[string]func(testing.TB, ...netip.Prefix) (*phy.TunTap, *nstest.NetNS){"TAP": nstest.TAP, "TUN": nstest.TUN} {
		t.Run(name, func(t *testing.T) {
			dev, ns := open(t, hostV4)
			stop, done := make(chan struct{}), make(chan int)
			go func() { done <- respond(t, dev, stop) }()
			out, err := ns.Command(ping, "-c", "5", "-i", "0.01", "-W", "5", "-s", "1400", ourV4.String()).CombinedOutput()
			close(stop)
			dev.Wake()
			answers := <-done
			if err != nil || !strings.Contains(string(out), "5 received") || answers < 5 {
				t.Fatalf("%v, %d answers:\n%s", err, answers, out)
			}
		})
	}
}

// udpSender returns a socket of the kernel that sends to ourV4.
func udpSender(t *testing.T, ns *nstest.NetNS) net.Conn {
	t.Helper()
	var c net.Conn
	err := ns.Do(func() (err error) {
		c, err = net.Dial("udp", netip.AddrPortFrom(ourV4, 9).String())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// nextUDP receives until a UDP packet over IPv4 comes.
func nextUDP(t testing.TB, dev phy.Device) []byte {
	t.Helper()
	for {
		f, err := dev.Receive(time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if len(f) > 28 && f[0]>>4 == 4 && f[9] == 17 {
			return f
		}
		if f == nil {
			if err := dev.Wait(time.Time{}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// wholeUDP verifies the checksum of a UDP packet over IPv4.
func wholeUDP(f []byte) bool {
	return checksum.Fold(checksum.Sum(f[20:], checksum.PseudoV4([4]byte(f[12:16]), [4]byte(f[16:20]), 17, len(f)-20))) == 0xffff
}

func TestTunReceiveSendAndWaitAllocateNothing(t *testing.T) {
	dev, ns := nstest.TUN(t, hostV4)
	c := udpSender(t, ns)
	payload := make([]byte, 1000)
	round := func() {
		c.Write(payload)
		f := nextUDP(t, dev)
		copy(dev.Buffer(len(f)), f)
		if err := dev.Send(time.Now(), len(f)); err != nil {
			t.Fatal(err)
		}
		dev.Wake()
		dev.Wait(time.Now().Add(time.Hour))
	}
	if n := testing.AllocsPerRun(200, round); n != 0 {
		t.Fatalf("%v allocations per frame", n)
	}
}

func TestTunWaitSleepsToTheDeadlineAndWakes(t *testing.T) {
	dev, _ := nstest.TUN(t)
	until := time.Now().Add(3 * time.Millisecond)
	if err := dev.Wait(until); err != nil || time.Now().Before(until) {
		t.Fatal("returned early", err)
	}
	if err := dev.Wait(time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	go dev.Wake()
	if err := dev.Wait(time.Time{}); err != nil {
		t.Fatal(err)
	}
	// The waking was used up.
	until = time.Now().Add(time.Millisecond)
	if err := dev.Wait(until); err != nil || time.Now().Before(until) {
		t.Fatal("an old waking woke", err)
	}
}

func TestTunMisuseAndRefusalsAreErrors(t *testing.T) {
	dev, ns := nstest.TUN(t)
	now := time.Now()
	if err := dev.Send(now, 1); !errors.Is(err, phy.ErrNoBuffer) {
		t.Error(err)
	}
	for _, n := range []int{0, -1, 21} {
		dev.Buffer(20)
		if err := dev.Send(now, n); !errors.Is(err, phy.ErrFrameLength) {
			t.Error(n, err)
		}
	}
	if dev.Buffer(0) != nil || dev.Buffer(dev.MTU()+1) != nil || len(dev.Buffer(dev.MTU())) != dev.MTU() {
		t.Error("bounds of Buffer")
	}
	dev.Buffer(20)[0] = 0x45
	if err := dev.Send(now, 20); !errors.Is(err, phy.ErrLinkDown) {
		t.Error("while the link is down:", err)
	}
	if err := ns.Do(func() error { return phy.ConfigureHost(dev.Name(), hostV4) }); err != nil {
		t.Fatal(err)
	}
	dev.Buffer(20)[0] = 0xf5 // IP version 15
	if err := dev.Send(now, 20); !errors.Is(err, phy.ErrRefused) {
		t.Error("a packet of no IP version:", err)
	}
	dev.Buffer(20)
	for range 2 {
		if err := dev.Close(); err != nil {
			t.Error(err)
		}
	}
	dev.Wake()
	_, err := dev.Receive(now)
	for _, err := range []error{err, dev.Send(now, 20), dev.Wait(time.Time{})} {
		if !errors.Is(err, phy.ErrClosed) {
			t.Error(err)
		}
	}
	if dev.Buffer(20) != nil {
		t.Error("a buffer of a closed device")
	}
}

func TestTunThatIsDeletedUnderUsIsClosed(t *testing.T) {
	ip := nstest.Program(t, "ip")
	dev, ns := nstest.TUN(t, hostV4)
	if out, err := ns.Command(ip, "link", "del", dev.Name()).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	_, err := dev.Receive(time.Now())
	dev.Buffer(20)[0] = 0x45
	for _, err := range []error{err, dev.Send(time.Now(), 20), dev.Wait(time.Time{})} {
		if !errors.Is(err, phy.ErrClosed) {
			t.Error(err)
		}
	}
}

func TestOpenErrorsNameTheReason(t *testing.T) {
	held, ns := nstest.TAP(t)
	type open = func(string, phy.TunTapOptions) (*phy.TunTap, error)
	for _, c := range []struct {
		open   open
		name   string
		o      phy.TunTapOptions
		reason error
	}{
		{phy.OpenTAP, "a-name-of-16-byte", phy.TunTapOptions{}, phy.ErrName},
		{phy.OpenTAP, "a/b", phy.TunTapOptions{}, phy.ErrName},
		{phy.OpenTUN, "a b", phy.TunTapOptions{}, phy.ErrName},
		{phy.OpenTUN, "..", phy.TunTapOptions{}, phy.ErrName},
		{phy.OpenTAP, held.Name(), phy.TunTapOptions{}, phy.ErrDeviceBusy},
		{phy.OpenTUN, held.Name(), phy.TunTapOptions{}, phy.ErrOtherKind},
		{phy.OpenTAP, "lo", phy.TunTapOptions{}, phy.ErrOtherKind},
		{phy.OpenTAP, "tap7", phy.TunTapOptions{MTU: 67}, phy.ErrMTU},
		{phy.OpenTAP, "tap7", phy.TunTapOptions{MTU: 65536}, phy.ErrMTU},
	} {
		err := ns.Do(func() error {
			dev, err := c.open(c.name, c.o)
			if err == nil {
				dev.Close()
			}
			return err
		})
		var oe *phy.OpenError
		if !errors.Is(err, c.reason) || !errors.As(err, &oe) || oe.Name != c.name || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s, %+v: %v", c.name, c.o, err)
		}
	}
}

func TestOpenTakesTheMTUAndANameOfTheKernel(t *testing.T) {
	ns := nstest.NewNetNS(t)
	err := ns.Do(func() error {
		dev, err := phy.OpenTUN("", phy.TunTapOptions{MTU: 9000})
		if err != nil {
			return err
		}
		defer dev.Close()
		link, err := net.InterfaceByName(dev.Name())
		if err != nil {
			return err
		}
		if dev.MTU() != 9000 || link.MTU != 9000 || len(dev.Buffer(9000)) != 9000 {
			t.Errorf("MTU %d, the kernel's %d", dev.MTU(), link.MTU)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestInterfaceGoesWithUsUnlessItWasThereBefore(t *testing.T) {
	ns := nstest.NewNetNS(t)
	there := func(name string) bool { _, err := net.InterfaceByName(name); return err == nil }
	err := ns.Do(func() error {
		for i, c := range []struct {
			o    phy.TunTapOptions
			left bool
		}{{phy.TunTapOptions{}, false}, {phy.TunTapOptions{Persist: true}, true}, {phy.TunTapOptions{}, true}} {
			dev, err := phy.OpenTAP("tap5", c.o)
			if err != nil {
				return err
			}
			if !there("tap5") {
				t.Errorf("%d: no interface", i)
			}
			dev.Close()
			if there("tap5") != c.left {
				t.Errorf("%d: after Close: %v, want %v", i, !c.left, c.left)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Of an interface that could not be opened as it was asked for nothing stays, if it was not there before.
func TestAnInterfaceThatWasNotOpenedDoesNotStay(t *testing.T) {
	ns := nstest.NewNetNS(t)
	there := func(name string) bool { _, err := net.InterfaceByName(name); return err == nil }
	tooLong := phy.TunTapOptions{MTU: phy.MaxMTU, Persist: true} // a TAP's frames have a header more, and it has no room in an IPv4 packet's length
	err := ns.Do(func() error {
		for _, offload := range []bool{false, true} {
			tooLong.Offload = offload
			if _, err := phy.OpenTAP("tap7", tooLong); !errors.Is(err, phy.ErrMTU) {
				return fmt.Errorf("offload %v: %w", offload, err)
			}
			if there("tap7") {
				t.Errorf("offload %v: it stays", offload)
			}
		}
		dev, err := phy.OpenTAP("tap7", phy.TunTapOptions{Persist: true})
		if err != nil {
			return err
		}
		dev.Close()
		if _, err := phy.OpenTAP("tap7", tooLong); !errors.Is(err, phy.ErrMTU) {
			return err
		}
		if !there("tap7") {
			t.Error("one that was there is gone")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestMultiQueueOpensTwice(t *testing.T) {
	ns := nstest.NewNetNS(t)
	err := ns.Do(func() error {
		for range 2 {
			dev, err := phy.OpenTAP("tap6", phy.TunTapOptions{MultiQueue: true})
			if err != nil {
				return err
			}
			defer dev.Close()
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func BenchmarkTUN(b *testing.B) {
	dev, ns := nstest.TUN(b, hostV4)
	var c net.Conn
	if err := ns.Do(func() (err error) {
		c, err = net.Dial("udp", netip.AddrPortFrom(ourV4, 9).String())
		return err
	}); err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	payload := make([]byte, 1400)
	b.SetBytes(1428)
	for b.Loop() {
		c.Write(payload)
		nextUDP(b, dev)
	}
}
