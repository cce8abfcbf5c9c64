package phy

import (
	"errors"
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"
)

// pumped is a pump as a device, over one end of a synchronous pipe that keeps frames apart.
func pumped(t *testing.T) (*pumpDevice, net.Conn) {
	near, far := net.Pipe()
	d := &pumpDevice{}
	d.start(near, MediumIP, 1500)
	t.Cleanup(func() { d.close(); far.Close() })
	return d, far
}

// pumpDevice is what TunTap does with a queue, for the systems whose queue is a pump.
type pumpDevice struct{ pump }

func (d *pumpDevice) next(t *testing.T) string {
	t.Helper()
	for {
		f, err := d.receive()
		if err != nil {
			t.Fatal(err)
		}
		if f != nil {
			return string(f)
		}
		if err := d.wait(time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPumpCarriesFramesBothWays(t *testing.T) {
	d, far := pumped(t)
	for _, want := range []string{"one", "two", "three"} {
		if _, err := far.Write([]byte(want)); err != nil {
			t.Fatal(err)
		}
		if got := d.next(t); got != want {
			t.Fatalf("got %q, want %q", got, want)
		}
	}
	got := make(chan string)
	go func() {
		b := make([]byte, 100)
		n, _ := far.Read(b)
		got <- string(b[:n])
	}()
	copy(d.buffer(5), "reply")
	if err := d.send(5); err != nil {
		t.Fatal(err)
	}
	if s := <-got; s != "reply" {
		t.Fatalf("sent %q", s)
	}
}

func TestPumpStopsReadingWhenItsQueueIsFull(t *testing.T) {
	d, far := pumped(t)
	far.SetWriteDeadline(time.Now().Add(50 * time.Millisecond))
	written := 0
	for {
		if _, err := far.Write([]byte{1}); err != nil {
			break
		}
		written++
	}
	if written > pumpQueue {
		t.Fatalf("%d frames were taken for a queue of %d", written, pumpQueue)
	}
	for range written {
		d.next(t)
	}
	far.SetWriteDeadline(time.Time{})
	if _, err := far.Write([]byte("on")); err != nil {
		t.Fatal(err)
	}
	if got := d.next(t); got != "on" {
		t.Fatalf("got %q", got)
	}
}

// closer makes an io.Closer of a function.
type closer func() error

func (c closer) Close() error { return c() }

func TestPumpMisuseAndEnds(t *testing.T) {
	d, far := pumped(t)
	if err := d.send(1); !errors.Is(err, ErrNoBuffer) {
		t.Error(err)
	}
	d.buffer(3)
	if err := d.send(4); !errors.Is(err, ErrFrameLength) {
		t.Error(err)
	}
	if !d.pollAt().IsZero() {
		t.Error("a frame waits already:", d.pollAt())
	}
	d.wakeUp()
	if err := d.wait(time.Time{}); err != nil {
		t.Error(err)
	}
	far.Close()
	d.buffer(3)
	if err := d.send(3); !errors.Is(err, ErrRefused) && !errors.Is(err, ErrClosed) || errors.Is(err, io.EOF) {
		t.Error("to a file that has ended:", err)
	}
	for d.wait(time.Time{}) == nil {
	}
	if _, err := d.receive(); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	closeTwice(t, closer(d.close))
	if err := d.send(3); !errors.Is(err, ErrClosed) || d.buffer(3) != nil {
		t.Error("after closing:", err)
	}
}

// A file that has ended is closed by Close all the same: its descriptor would be lost.
func TestPumpClosesAFileThatHasEnded(t *testing.T) {
	f := &endedFile{}
	var p pump
	p.start(f, MediumIP, 1500)
	for p.wait(time.Time{}) == nil {
	}
	if f.closed.Load() != 0 {
		t.Fatal("closed by nobody")
	}
	closeTwice(t, closer(p.close))
	if n := f.closed.Load(); n != 1 {
		t.Errorf("closed %d times", n)
	}
}

// endedFile has nothing to read.
type endedFile struct{ closed atomic.Int32 }

func (*endedFile) Read([]byte) (int, error)    { return 0, io.EOF }
func (*endedFile) Write(b []byte) (int, error) { return len(b), nil }
func (f *endedFile) Close() error              { f.closed.Add(1); return nil }
