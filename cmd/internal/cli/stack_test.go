package cli

import (
	"bytes"
	"crypto/tls"
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
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
	server := &tlssock.Config{Certificates: []tls.Certificate{{Certificate: id.Chain, PrivateKey: id.Key}}, KeyLogWriter: b.KeyLog}
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

func TestStackCapturesWithSecretsAndLogsKeys(t *testing.T) {
	dir := t.TempDir()
	pcap, keys := filepath.Join(dir, "a.pcapng"), filepath.Join(dir, "keys")
	da, db := phy.NewPipe(phy.PipeConfig{})
	a := stackOn(t, da, "192.0.2.1/24", func(c *Common) { c.Pcap, c.KeyLog = pcap, keys })
	b := stackOn(t, db, "192.0.2.2/24")
	handshake(t, a, b)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal("the second time:", err)
	}
	log, err := os.ReadFile(keys)
	if err != nil || bytes.Count(log, []byte("\n")) < 5 || !bytes.Contains(log, []byte("CLIENT_TRAFFIC_SECRET_0 ")) {
		t.Fatalf("%s %v", log, err)
	}
	capture, err := os.ReadFile(pcap)
	if err != nil || !bytes.Contains(capture, []byte("CLIENT_TRAFFIC_SECRET_0 ")) {
		t.Fatalf("%d bytes of capture without the secrets, %v", len(capture), err)
	}
	if fi, _ := os.Stat(keys); fi.Mode().Perm() != 0o600 {
		t.Errorf("others may read the secrets: %v", fi.Mode())
	}
}

func TestStackWorksThroughFaults(t *testing.T) {
	da, db := phy.NewPipe(phy.PipeConfig{})
	a := stackOn(t, da, "192.0.2.1/24", func(c *Common) { c.Drop, c.Corrupt, c.Seed = 0.1, 0.05, 4 })
	handshake(t, a, stackOn(t, db, "192.0.2.2/24"))
	st := a.Dev.(*phy.FaultDevice).Stats()
	if st.In == (phy.FaultCounters{}) {
		t.Error("no frame was counted by the faults")
	}
}

func TestWhatCantBeOpenedIsNamed(t *testing.T) {
	for flag, change := range map[string]func(*Common){
		"-pcap":   func(c *Common) { c.Pcap = filepath.Join(t.TempDir(), "no", "such", "folder") },
		"-keylog": func(c *Common) { c.KeyLog = filepath.Join(t.TempDir(), "no", "such", "folder") },
	} {
		dev, _ := phy.NewPipe(phy.PipeConfig{})
		c := &Common{Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")}}
		change(c)
		if _, err := c.OpenOn(dev); err == nil || !strings.Contains(err.Error(), flag) {
			t.Errorf("%s: %v", flag, err)
		}
	}
	dev, _ := phy.NewPipe(phy.PipeConfig{})
	if _, err := (&Common{}).OpenOn(dev); err == nil {
		t.Error("an interface without an address")
	}
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

func TestDrainWaitsForWhatIsStillToBeSent(t *testing.T) {
	da, db := phy.NewPipe(phy.PipeConfig{})
	a, b := stackOn(t, da, "192.0.2.1/24"), stackOn(t, db, "192.0.2.2/24")
	s := handshake(t, a, b)
	for h := range a.TLS.Ready() {
		s.Close()
		a.TLS.Remove(h)
	}
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
