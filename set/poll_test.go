package set

import (
	"testing"
	"time"

	"smoltls/phy"
)

func TestBudgetEndsAPollAndSaysThatWorkIsLeft(t *testing.T) {
	w := newTCPWorld(t, Limits{}, Limits{})
	c, _, _ := w.connect()
	s, _ := w.sa.Get(c)
	if _, err := s.TryWrite(make([]byte, 20_000)); err != nil {
		t.Fatal(err)
	}
	before := w.a.Stats().FramesOut
	more, err := PollBudget(w.now, w.a, w.sa, nil, Budget{Frames: 3})
	if err != nil || !more {
		t.Fatalf("more %v, %v", more, err)
	}
	if n := w.a.Stats().FramesOut - before; n != 3 {
		t.Fatalf("%d frames within a budget of 3", n)
	}
	if at := PollAt(w.now, w.a, w.sa, nil); at.IsZero() || at.After(w.now) {
		t.Fatalf("PollAt says %v though work is left", at)
	}
}

func TestPollAtOfAnIdleWorldIsZero(t *testing.T) {
	w := newTCPWorld(t, Limits{}, Limits{})
	w.poll()
	if at := PollAt(w.now, w.a, w.sa, nil); !at.IsZero() {
		t.Fatalf("an interface without sockets wants to be polled at %v", at)
	}
	w.connect()
	collect(w.sa)
	if at := PollAt(w.now, w.a, w.sa, nil); !at.IsZero() {
		t.Fatalf("an idle connection wants to be polled at %v", at)
	}
}

// turns counts how many frames are sent without a look at what has arrived.
type turns struct {
	phy.Device
	sent, most int
}

func (d *turns) Receive(now time.Time) ([]byte, error) {
	d.sent = 0
	return d.Device.Receive(now)
}

func (d *turns) Send(now time.Time, n int) error {
	d.sent++
	d.most = max(d.most, d.sent)
	return d.Device.Send(now, n)
}

func TestAPollThatHasMuchToSendTakesInWhatArrivesMeanwhile(t *testing.T) {
	da, db := phy.NewPipe(phy.PipeConfig{})
	dev := &turns{Device: da}
	w := &tcpWorld{world: &world{t: t, now: epoch}}
	w.a, w.b = newInterface(t, dev, addrA, ifaceLimits), newInterface(t, db, addrB, ifaceLimits)
	w.sa, w.sb = NewTCP(w.a, Limits{}), NewTCP(w.b, Limits{})
	c, s, _ := w.connect()
	from, _ := w.sa.Get(c)
	to, _ := w.sb.Get(s)
	data := make([]byte, 64<<10)
	for range 100 { // until the congestion window is no bound
		from.TryWrite(data)
		w.poll()
		for to.ReadBuffered() > 0 {
			to.TryRead(data)
		}
		w.poll()
	}
	from.TryWrite(data)
	from.TryWrite(data)
	dev.most = 0
	before := w.a.Stats().FramesOut
	if err := Poll(w.now, w.a, w.sa, nil); err != nil {
		t.Fatal(err)
	}
	if sent := w.a.Stats().FramesOut - before; sent <= sendBatch || dev.most != sendBatch {
		t.Fatalf("%d frames sent, %d of them without a look at what has arrived", sent, dev.most)
	}
}
