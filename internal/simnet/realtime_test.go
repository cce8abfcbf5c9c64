package simnet

import (
	"errors"
	"testing"
	"time"

	"smoltls/phy"
)

// A bridge and a port, joined by a link: what the device at the bridge gets comes out at the port, and the other way
// round, no sooner than the path allows.
func TestABridgeJoinsADeviceToTheWorld(t *testing.T) {
	outside, inside := phy.NewPipe(phy.PipeConfig{})
	w := New(1)
	n := &echoNode{port: w.Port(PortConfig{}), answers: 5}
	w.Link(w.Bridge(inside), n.port, Path{Delay: 20 * time.Millisecond}, Path{})
	w.Add(n)
	begin := time.Now()
	for i := range 3 {
		copy(outside.Buffer(60), numbered(i, 60))
		if err := outside.Send(begin, 60); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Live(time.Minute, func() bool { return len(n.got) == 3 && n.answers == 2 }); err != nil {
		t.Fatal(err)
	}
	if d := time.Since(begin); d < 20*time.Millisecond || w.Elapsed() < 20*time.Millisecond || w.Elapsed() > d {
		t.Errorf("took %v, the world says %v", d, w.Elapsed())
	}
	for i := range 3 {
		if f, err := outside.Receive(begin); err != nil || len(f) != 60 || n.got[i].at.Sub(Epoch) < 20*time.Millisecond {
			t.Errorf("%d: %d bytes, %v, at %v", i, len(f), err, n.got[i].at.Sub(Epoch))
		}
	}
	if w.frames.out != w.held() {
		t.Errorf("%d frames are out", w.frames.out)
	}
}

func TestLiveEndsWithItsTimeAndWithItsDevice(t *testing.T) {
	outside, inside := phy.NewPipe(phy.PipeConfig{})
	w := New(1)
	n := &echoNode{port: w.Port(PortConfig{})}
	w.Link(w.Bridge(inside), n.port, Path{}, Path{})
	w.Add(n)
	if err := w.Live(time.Millisecond, func() bool { return false }); err != nil || w.Elapsed() < time.Millisecond {
		t.Errorf("%v after %v", err, w.Elapsed())
	}
	outside.Close()
	if err := w.Live(time.Minute, func() bool { return false }); !errors.Is(err, phy.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
}
