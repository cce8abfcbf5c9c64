package cli

import (
	"errors"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"smoltls/phy"
	"smoltls/set"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

// stackOn makes a stack with that address on dev.
func stackOn(t *testing.T, dev phy.Device, addr string, change ...func(*Common)) *Stack {
	t.Helper()
	c := &Common{Addrs: []netip.Prefix{netip.MustParsePrefix(addr)}}
	for _, f := range change {
		f(c)
	}
	st, err := c.OpenOn(dev)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

// handshake makes one connection between two stacks that the test polls.
func handshake(t *testing.T, a, b *Stack) *tlssock.Socket {
	t.Helper()
	id, err := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: time.Now(), Names: []string{"here"}})
	if err != nil {
		t.Fatal(err)
	}
	to := netip.MustParseAddrPort("192.0.2.2:443")
	server := &tlssock.Config{Certificates: tlssock.Certificates(id), KeyLogWriter: b.KeyLog}
	if _, err := b.TLS.Listen(to, set.ListenConfig{TLS: server}); err != nil {
		t.Fatal(err)
	}
	h, err := a.TLS.Connect(to, &tlssock.Config{Trust: x509lite.Pin(id.Leaf), KeyLogWriter: a.KeyLog})
	if err != nil {
		t.Fatal(err)
	}
	s, _ := a.TLS.Get(h)
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); {
		for _, st := range []*Stack{a, b} {
			if err := st.Poll(); err != nil {
				t.Fatal(err)
			}
		}
		if s.Engine().HandshakeComplete() {
			return s
		}
	}
	t.Fatalf("no handshake: %v %v", s.State(), s.Err())
	return nil
}

func TestInterruptEndsAWait(t *testing.T) {
	da, _ := phy.NewSharedPipe(phy.PipeConfig{})
	st := stackOn(t, da, "192.0.2.1/24")
	go st.Interrupt()
	for !st.Interrupted() {
		if err := st.Wait(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
}

// leave closes and removes s, the only socket of st.
func leave(st *Stack, s *tlssock.Socket) {
	for h := range st.TLS.Ready() {
		s.Close()
		st.TLS.Remove(h)
	}
}

func TestDrainWaitsForWhatIsStillToBeSent(t *testing.T) {
	da, db := phy.NewPipe(phy.PipeConfig{})
	a, b := stackOn(t, da, "192.0.2.1/24"), stackOn(t, db, "192.0.2.2/24")
	s := handshake(t, a, b)
	leave(a, s)
	if a.TLS.Lingering() != 1 {
		t.Fatalf("%d linger", a.TLS.Lingering())
	}
	for range 100 { // the peer acknowledges meanwhile
		a.Poll()
		b.Poll()
	}
	if err := a.Drain(); err != nil || a.TLS.Lingering() != 0 {
		t.Fatalf("%d linger, %v", a.TLS.Lingering(), err)
	}
}

func TestDrainGivesUpOnAPeerThatIsSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		da, db := phy.NewSharedPipe(phy.PipeConfig{})
		a, b := stackOn(t, da, "192.0.2.1/24"), stackOn(t, db, "192.0.2.2/24")
		s := handshake(t, a, b)
		leave(a, s)
		begin := time.Now()
		if err := a.Drain(); err != nil || a.TLS.Lingering() != 1 || time.Since(begin) != drainTime {
			t.Errorf("%d linger after %v, %v", a.TLS.Lingering(), time.Since(begin), err)
		}
	})
}

// refusing is a device that loses every third frame with an error, as the kernel does when it is short of memory.
type refusing struct {
	phy.Device
	sent int
	err  error
}

func (d *refusing) Send(now time.Time, n int) error {
	if d.sent++; d.sent%3 == 0 {
		return d.err
	}
	return d.Device.Send(now, n)
}

func TestFrameThatTheKernelRefusesIsOnlyLost(t *testing.T) {
	da, db := phy.NewPipe(phy.PipeConfig{})
	dev := &refusing{Device: da, err: phy.ErrRefused}
	handshake(t, stackOn(t, dev, "192.0.2.1/24"), stackOn(t, db, "192.0.2.2/24"))
	if dev.sent < 3 {
		t.Errorf("%d frames: none was refused", dev.sent)
	}
}

func TestDeviceThatIsGoneEndsThePoll(t *testing.T) {
	da, db := phy.NewPipe(phy.PipeConfig{})
	st := stackOn(t, da, "192.0.2.1/24")
	db.Close()
	if err := st.Poll(); !errors.Is(err, phy.ErrClosed) {
		t.Errorf("%v", err)
	}
}
