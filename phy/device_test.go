package phy

import (
	"errors"
	"io"
	"testing"
	"time"
)

// Whatever is a Device here can be woken too.
var _ = []interface {
	Device
	Waker
}{(*PipeEnd)(nil), (*SharedPipeEnd)(nil), (*TunTap)(nil), (*FaultDevice)(nil), (*CaptureDevice)(nil)}

// pairs makes two connected ends of every device in memory, alone and wrapped, the first end being
// the one to test.
func pairs(t *testing.T) map[string][2]Device {
	hold := Impairment{Delay: 1, MaxFrames: 4}
	c := PipeConfig{MTU: 1280, Queue: 4}
	pipeA, pipeB := NewPipe(c)
	sharedA, sharedB := NewSharedPipe(c)
	faultA, faultB := NewPipe(c)
	idleA, idleB := NewPipe(c)
	capA, capB := NewPipe(c)
	bothA, bothB := NewSharedPipe(c)
	return map[string][2]Device{
		"pipe":          {pipeA, pipeB},
		"shared pipe":   {sharedA, sharedB},
		"fault":         {Fault(faultA, FaultConfig{In: hold, Out: hold}), faultB},
		"idle fault":    {Fault(idleA, FaultConfig{}), idleB},
		"capture":       {capturing(t, capA, io.Discard, CaptureOptions{}), capB},
		"capture fault": {capturing(t, Fault(bothA, FaultConfig{In: hold, Out: hold}), io.Discard, CaptureOptions{}), bothB},
	}
}

// What Device's documentation promises, of every device.
func TestEveryDeviceKeepsTheContract(t *testing.T) {
	for name, pair := range pairs(t) {
		t.Run(name, func(t *testing.T) { keepsContract(t, pair[0], pair[1]) })
	}
}

func keepsContract(t *testing.T, d, peer Device) {
	now := t0
	receive := func(from Device) string { // held frames become due
		if got := take(t, d, now); got != nil {
			t.Fatalf("%q came by itself", got)
		}
		now = now.Add(time.Second)
		if from != d {
			take(t, d, now) // a wrapper hands on what is due
		}
		f, err := from.Receive(now)
		if err != nil {
			t.Fatal(err)
		}
		return string(f)
	}
	if got := take(t, d, now); got != nil || !d.PollAt().IsZero() {
		t.Fatalf("%q, due at %v", got, d.PollAt())
	}
	most := d.MTU() + d.Medium().HeaderLen()
	if d.MTU() != 1280 || d.Medium() != MediumEthernet || len(d.Buffer(most)) != most || d.Buffer(most+1) != nil || d.Buffer(0) != nil {
		t.Fatal("medium, MTU or bounds of Buffer")
	}
	copy(d.Buffer(5), "first")
	copy(d.Buffer(6), "second") // gives the space anew
	if err := d.Send(now, 3); err != nil {
		t.Fatal(err)
	}
	if err := d.Send(now, 3); !errors.Is(err, ErrNoBuffer) {
		t.Fatalf("sent the same buffer again: %v", err)
	}
	if got := receive(peer); got != "sec" {
		t.Fatalf("peer got %q", got)
	}
	put(t, peer, now, "hello")
	if d.PollAt().After(now) || d.PollAt().IsZero() || d.Wait(time.Time{}) != nil {
		t.Fatal("a frame waits, and PollAt or Wait does not know")
	}
	got := take(t, d, now)
	if got == nil {
		got = []string{receive(d)}
	}
	if len(got) != 1 || got[0] != "hello" {
		t.Fatalf("got %q", got)
	}
	refuses(t, d, now)
	d.(Waker).Wake()
	if err := d.Wait(time.Time{}); err != nil {
		t.Fatal(err)
	}
	closeTwice(t, d)
	_, err := d.Receive(now)
	for _, err := range []error{err, d.Send(now, 1), d.Wait(time.Time{})} {
		if !errors.Is(err, ErrClosed) {
			t.Fatalf("after Close: %v", err)
		}
	}
	if d.Buffer(1) != nil {
		t.Fatal("a buffer after Close")
	}
}

// refuses checks that a device that nobody reads ends in backpressure, within its bounds.
func refuses(t *testing.T, d Device, now time.Time) {
	t.Helper()
	const bounds = 4 + 4 // the pipe's queue, the injector's frames
	for range bounds {
		if d.Buffer(10) == nil {
			return
		}
		if err := d.Send(now, 10); err != nil {
			t.Fatal(err)
		}
	}
	if d.Buffer(10) != nil {
		t.Fatal("took more frames than its bounds allow")
	}
}

func TestMediumHeaderAndName(t *testing.T) {
	for m, want := range map[Medium]struct {
		header int
		name   string
	}{MediumEthernet: {14, "Ethernet"}, MediumIP: {0, "IP"}, 0: {0, "unknown medium"}} {
		if m.HeaderLen() != want.header || m.String() != want.name {
			t.Errorf("medium %d: %d, %q", m, m.HeaderLen(), m.String())
		}
	}
}

func TestEarlierTakesZeroForNever(t *testing.T) {
	a, b, never := t0, t0.Add(1), time.Time{}
	for _, c := range []struct{ x, y, want time.Time }{{a, b, a}, {b, a, a}, {never, a, a}, {a, never, a}, {never, never, never}, {a, a, a}} {
		if got := earlier(c.x, c.y); got != c.want {
			t.Errorf("earlier(%v, %v) = %v", c.x, c.y, got)
		}
	}
	if Immediate.IsZero() || Immediate.After(time.Unix(0, 0)) {
		t.Error("Immediate is not before every now")
	}
}
