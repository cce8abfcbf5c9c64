package simnet

import (
	"errors"
	"testing"
	"time"

	"smoltls/phy"
)

var _ phy.Device = (*Port)(nil)

func TestAPortIsADevice(t *testing.T) {
	w, a, b, _ := pairOfNodes(t, 1, Path{})
	p, q, now := a.port, b.port, w.Now()
	if p.Medium() != phy.MediumEthernet || p.MTU() != phy.DefaultMTU {
		t.Errorf("%v, MTU %d", p.Medium(), p.MTU())
	}
	if p.Buffer(0) != nil || p.Buffer(1515) != nil || len(p.Buffer(1514)) != 1514 {
		t.Error("Buffer's bounds")
	}
	if err := p.Send(now, 0); !errors.Is(err, phy.ErrFrameLength) {
		t.Error("Send of nothing:", err)
	}
	if err := p.Send(now, 1); !errors.Is(err, phy.ErrNoBuffer) {
		t.Error("Send without a Buffer:", err)
	}
	p.Buffer(10)
	if err := p.Send(now, 11); !errors.Is(err, phy.ErrFrameLength) {
		t.Error("Send beyond the Buffer:", err)
	}
	if err := q.Wait(time.Time{}); !errors.Is(err, phy.ErrNeverWakes) || q.Wait(now.Add(1)) != nil {
		t.Error("Wait:", err)
	}
	if err := transmit(p, now, []byte("frame")); err != nil || !q.PollAt().IsZero() {
		t.Error("a frame on its way is inside the device; Send:", err)
	}
	w.deliver()
	if q.PollAt() != phy.Immediate || q.Wait(time.Time{}) != nil {
		t.Error("a frame that has arrived is not seen")
	}
	if f, err := q.Receive(now); string(f) != "frame" || err != nil {
		t.Errorf("received %q, %v", f, err)
	}
	if f, err := q.Receive(now); f != nil || err != nil || !q.PollAt().IsZero() {
		t.Errorf("received %q, %v", f, err)
	}
}

func TestAClosedPortGivesItsFramesBack(t *testing.T) {
	w, a, b, _ := pairOfNodes(t, 1, Path{})
	for range 3 {
		transmit(a.port, w.Now(), []byte("frame"))
	}
	w.deliver()
	b.port.Receive(w.Now())
	a.port.Buffer(100)
	if w.frames.out != 4 || w.held() != 4 {
		t.Fatalf("%d frames out, %d held", w.frames.out, w.held())
	}
	for _, p := range []*Port{a.port, b.port, b.port} {
		p.Close()
	}
	if _, err := b.port.Receive(w.Now()); !errors.Is(err, phy.ErrClosed) || w.frames.out != 0 {
		t.Errorf("%v; %d frames out", err, w.frames.out)
	}
	if b.port.Buffer(1) != nil || b.port.Send(w.Now(), 1) != phy.ErrClosed || b.port.Wait(w.Now()) != phy.ErrClosed {
		t.Error("a closed port works")
	}
}

func TestAPortsQueueIsBounded(t *testing.T) {
	w := New(1)
	a, b := w.Port(PortConfig{}), w.Port(PortConfig{Queue: 2})
	w.Link(a, b, Path{}, Path{})
	for range 5 {
		transmit(a, w.Now(), []byte("frame"))
	}
	w.deliver()
	if b.held() != 2 || b.Overflowed != 3 || w.frames.out != 2+a.held() {
		t.Errorf("%d held, %d overflowed, %d out", b.held(), b.Overflowed, w.frames.out)
	}
}

func TestAPortThatIsNotConnectedSwallows(t *testing.T) {
	w := New(1)
	p := w.Port(PortConfig{})
	if err := transmit(p, w.Now(), []byte("frame")); err != nil || w.frames.out != 0 {
		t.Errorf("%v, %d frames out", err, w.frames.out)
	}
}

func TestSendingAndReceivingAllocatesNothing(t *testing.T) {
	w, a, b, _ := pairOfNodes(t, 1, Path{Delay: time.Millisecond})
	frame := make([]byte, 1500)
	step := func() {
		transmit(a.port, w.Now(), frame)
		w.now += time.Millisecond
		w.deliver()
		b.port.Receive(w.Now())
	}
	step()
	if n := testing.AllocsPerRun(100, step); n != 0 {
		t.Errorf("%v allocations a frame", n)
	}
}
