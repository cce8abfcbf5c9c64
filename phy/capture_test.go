package phy

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"time"
)

func capturing(t *testing.T, dev Device, w io.Writer, o CaptureOptions) *CaptureDevice {
	t.Helper()
	d, err := Capture(dev, w, o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestCaptureHoldsBothDirectionsInOrder(t *testing.T) {
	var file bytes.Buffer
	a, b := NewPipe(PipeConfig{})
	d := capturing(t, a, &file, CaptureOptions{})
	put(t, d, t0, "question")
	put(t, b, t0, "answer")
	if got := take(t, d, t0.Add(123456789)); len(got) != 1 || got[0] != "answer" {
		t.Fatalf("%q", got)
	}
	if got := take(t, b, t0); len(got) != 1 || got[0] != "question" {
		t.Fatalf("%q", got)
	}
	d.Buffer(5)
	if err := d.Send(t0, 6); !errors.Is(err, ErrFrameLength) {
		t.Fatal(err)
	}
	if err := d.Send(t0, 5); !errors.Is(err, ErrNoBuffer) {
		t.Fatal(err)
	}
	closeTwice(t, d)
	bs := blocks(t, file.Bytes())[2:]
	if len(bs) != 2 {
		t.Fatalf("%d packets", len(bs))
	}
	at, kept, _, direction := bs[0].packet(t)
	if !at.Equal(t0) || string(kept) != "question" || direction != outbound {
		t.Fatal(at, string(kept), direction)
	}
	at, kept, _, direction = bs[1].packet(t)
	if !at.Equal(t0.Add(123456789)) || string(kept) != "answer" || direction != inbound {
		t.Fatal(at, string(kept), direction)
	}
}

func TestCaptureNamesTheInterfaceAndCutsFrames(t *testing.T) {
	for _, c := range []struct {
		dev  Device
		o    CaptureOptions
		name string
	}{
		{failing{}, CaptureOptions{}, "IP"},
		{named{}, CaptureOptions{}, "tap9"},
		{named{}, CaptureOptions{Interface: "mine", SnapLen: 4}, "mine"},
	} {
		var file bytes.Buffer
		d := capturing(t, c.dev, &file, c.o)
		put(t, deaf{d}, t0, "123456789")
		d.Flush()
		bs := blocks(t, file.Bytes())
		if got := string(option(bs[1].body[8:], optionName)); got != c.name {
			t.Errorf("interface %q, want %q", got, c.name)
		}
		_, kept, length, _ := bs[2].packet(t)
		if length != 9 || c.o.SnapLen == 4 && string(kept) != "1234" || c.o.SnapLen == 0 && len(kept) != 9 {
			t.Errorf("kept %q of %d", kept, length)
		}
	}
}

// named is failing with a name, deaf hides the errors of its Send.
type (
	named struct{ failing }
	deaf  struct{ Device }
)

func (named) Name() string                     { return "tap9" }
func (d deaf) Send(now time.Time, n int) error { d.Device.Send(now, n); return nil }

// fullDisk takes some bytes and no more.
type fullDisk struct{ left int }

var errDiskFull = errors.New("disk full")

func (w *fullDisk) Write(p []byte) (int, error) {
	if len(p) > w.left {
		return 0, errDiskFull
	}
	w.left -= len(p)
	return len(p), nil
}

func TestCaptureErrorEndsTheCaptureAndNotTheTraffic(t *testing.T) {
	a, b := NewPipe(PipeConfig{})
	if _, err := Capture(a, &fullDisk{0}, CaptureOptions{}); !errors.Is(err, errDiskFull) {
		t.Fatal(err)
	}
	d := capturing(t, a, &fullDisk{200}, CaptureOptions{})
	for range 10 {
		put(t, d, t0, "some frame")
		put(t, b, t0, "another frame")
		if got := take(t, d, t0); len(got) != 1 || got[0] != "another frame" {
			t.Fatalf("%q", got)
		}
		d.Wait(t0) // flushes
	}
	if got := take(t, b, t0); len(got) != 10 {
		t.Fatalf("%q", got)
	}
	if n, err := d.KeyLog().Write([]byte("line\n")); n != 5 || err != nil {
		t.Fatal(n, err)
	}
	if !errors.Is(d.Err(), errDiskFull) || !errors.Is(d.Flush(), errDiskFull) || !errors.Is(d.Close(), errDiskFull) {
		t.Fatal(d.Err())
	}
}

func TestCaptureIsUpToDateWheneverTheDeviceWaits(t *testing.T) {
	var file bytes.Buffer
	a, b := NewPipe(PipeConfig{})
	d := capturing(t, a, &file, CaptureOptions{})
	put(t, b, t0, "x")
	take(t, d, t0)
	before := file.Len()
	if err := d.Wait(t0); err != nil || file.Len() == before {
		t.Fatalf("%v, %d bytes", err, file.Len()-before)
	}
	put(t, b, t0, "y")
	if d.PollAt() != Immediate || d.Medium() != MediumEthernet || d.MTU() != 1500 {
		t.Fatal(d.PollAt())
	}
	take(t, d, t0)
	d.Wake()
	if err := d.Wait(time.Time{}); err != nil {
		t.Fatal(err)
	}
}

func TestCaptureAllocatesNothingInSteadyState(t *testing.T) {
	a, b := NewPipe(PipeConfig{})
	d := capturing(t, a, io.Discard, CaptureOptions{})
	log, line := d.KeyLog(), []byte("CLIENT_TRAFFIC_SECRET_0 00 11\n")
	if n := testing.AllocsPerRun(1000, func() {
		exchange(d, b, 1514)
		exchange(b, d, 1514)
		log.Write(line)
		d.Wait(t0)
	}); n != 0 {
		t.Fatalf("%v allocations per frame", n)
	}
}

func BenchmarkCapture(b *testing.B) {
	x, y := NewPipe(PipeConfig{})
	d, err := Capture(x, io.Discard, CaptureOptions{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		exchange(d, y, 1514)
	}
}
