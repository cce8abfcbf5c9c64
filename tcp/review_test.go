package tcp

import (
	"io"
	"testing"
	"time"

	"smoltls/internal/bufpool"
)

func (w *wire) open(ca, cb *Config) {
	w.connect(ca, cb)
	for i := 0; i < 100 && !(w.accepted && w.a.State() == StateEstablished); i++ {
		w.step()
	}
	if w.a.State() != StateEstablished || !w.accepted {
		w.t.Fatal("not open")
	}
}

// pump moves n bytes without checking, quickly.
func (w *wire) pump(from, to *end, n int) {
	buf := make([]byte, 64<<10)
	rb := make([]byte, 64<<10)
	var frame [2000]byte
	var seg Segment
	for got := 0; got < n; {
		from.TryWrite(buf)
		for k := from.Emit(w.now, frame[:], 0); k > 0; k = from.Emit(w.now, frame[:], 0) {
			seg.Parse(frame[:k])
			to.Process(w.now, &seg)
		}
		for {
			m, err := to.TryRead(rb)
			got += m
			if err != nil {
				break
			}
		}
		for k := to.Emit(w.now, frame[:], 0); k > 0; k = to.Emit(w.now, frame[:], 0) {
			seg.Parse(frame[:k])
			from.Process(w.now, &seg)
		}
		w.now += 1000
	}
}

func TestReviewFastRetransmitStillWorksAfterTwoGiB(t *testing.T) {
	w := newWire(t, 1)
	w.open(nil, nil)
	w.pump(w.a, w.b, 1<<31+1<<20)
	w.air = nil
	for i := 0; i < 50; i++ {
		w.step()
	}
	before := w.env.Stats
	w.drop = 0
	// lose exactly one segment of a window
	buf := make([]byte, 20*testMSS)
	w.a.TryWrite(buf)
	var frame [2000]byte
	first := true
	for k := w.a.Emit(w.now, frame[:], 0); k > 0; k = w.a.Emit(w.now, frame[:], 0) {
		if first {
			first = false
			continue
		}
		w.air = append(w.air, flying{w.now + 1e6, w.b, append([]byte(nil), frame[:k]...)})
	}
	for i := 0; i < 200 && w.a.WriteBuffered() > 0; i++ {
		// ack each arrival separately
		for _, f := range w.air {
			w.now = max(w.now, f.at)
			w.deliver(f)
			w.air = w.air[1:]
			w.send(w.b, w.a)
			break
		}
		if len(w.air) == 0 {
			w.step()
		}
	}
	t.Logf("fast %d timeouts %d", w.env.Stats.FastRetransmits-before.FastRetransmits, w.env.Stats.Timeouts-before.Timeouts)
	if w.env.Stats.FastRetransmits == before.FastRetransmits {
		t.Error("no fast retransmit")
	}
}

func TestReviewWindowUpdatesAreBelievedAfterTwoGiBReceived(t *testing.T) {
	w := newWire(t, 1)
	w.open(nil, nil)
	w.pump(w.a, w.b, 1<<31+1<<20) // all of it by fastData, which leaves sndWl1 behind
	if !w.b.sndWl1.LessEq(w.b.rcvNxt) {
		t.Error("sndWl1 is more than 2^31 behind: the peer's window updates count as old now")
	}
}

func TestReviewListenerCloseEndsHalfOpen(t *testing.T) {
	w := newWire(t, 1)
	w.connect(nil, nil)
	w.send(w.a, w.b)
	w.now += 2e6
	f := w.air[0]
	w.air = nil
	w.deliver(f)
	w.listener.Close()
	if w.b.State() != StateClosed {
		t.Errorf("half-open connection in %v after its listener closed", w.b.State())
	}
	for i := 0; i < 30; i++ {
		w.step()
	}
	t.Log(w.b.State(), w.a.State(), w.a.Err(), w.now)
}

func TestReviewWriterHearsOfMemory(t *testing.T) {
	w := newWire(t, 1)
	w.env.Pool = bufpool.New(bufpool.Config{Limit: 4096})
	w.open(nil, nil)
	hold := w.env.Pool.Get(4096)
	n, err := w.a.TryWrite(make([]byte, 100))
	t.Log(n, err, w.a.Deadline() == Never)
	w.env.Pool.Put(hold)
	was := w.a.notified
	for w.step() && w.now < Instant(time.Minute) {
	}
	if w.a.notified == was {
		t.Error("nobody told the writer that memory came back")
	}
}

func TestReviewOrphanBeforeAClosedWindowEnds(t *testing.T) {
	w := newWire(t, 1)
	w.open(nil, nil)
	sent := 0
	for i := 0; i < 200; i++ {
		n, _ := w.a.TryWrite(make([]byte, 4096))
		sent += n
		w.step()
	}
	w.a.Close()
	for w.now < Instant(3*time.Hour) && w.step() {
	}
	if w.a.State() != StateClosed {
		t.Errorf("orphan in %v after %v", w.a.State(), w.now.Sub(0))
	}
}

func TestReviewDataBeforeResetCanBeRead(t *testing.T) {
	w := newWire(t, 1)
	w.open(nil, nil)
	w.a.TryWrite([]byte("alert"))
	for i := 0; i < 5; i++ {
		w.step()
	}
	w.a.Abort()
	for i := 0; i < 5; i++ {
		w.step()
	}
	var p [10]byte
	n, err := w.b.TryRead(p[:])
	if n != 5 {
		t.Errorf("%d %v", n, err)
	}
}

func TestReviewTimeWaitSurvivesReset(t *testing.T) {
	w := newWire(t, 1)
	w.open(nil, nil)
	w.a.CloseWrite()
	w.b.CloseWrite()
	for w.a.State() != StateTimeWait && w.step() {
	}
	if w.a.State() != StateTimeWait {
		t.Fatal(w.a.State())
	}
	w.a.Process(w.now, &Segment{Seq: w.a.rcvNxt, Flags: RST, Options: Options{WScale: -1}})
	if w.a.State() != StateTimeWait {
		t.Error("TIME-WAIT assassinated (RFC 1337)")
	}
}

func TestReviewEmitIntoAShortBufferDoesNotPanicOrSpin(t *testing.T) {
	w := newWire(t, 1)
	w.open(nil, nil)
	w.a.TryWrite(make([]byte, 100))
	for _, size := range []int{0, 10, 20, 32} {
		func() {
			defer func() {
				if r := recover(); r != nil {
					t.Errorf("size %d: %v", size, r)
				}
			}()
			n := 0
			for w.a.Emit(w.now, make([]byte, size), 0) > 0 {
				n++
				if n > 100 {
					t.Errorf("size %d: spins", size)
					break
				}
			}
		}()
	}
}

func TestReviewReusedMemoryInTheAcceptQueue(t *testing.T) {
	w := newWire(t, 1)
	w.connect(nil, nil)
	for i := 0; i < 10; i++ {
		w.send(w.a, w.b)
		w.now += 2e6
		for _, f := range w.air {
			w.deliver(f)
		}
		w.air = nil
		w.send(w.b, w.a)
		for _, f := range w.air {
			w.deliver(f)
		}
		w.air = nil
	}
	if w.b.State() != StateEstablished {
		t.Fatal(w.b.State())
	}
	w.b.Process(w.now, &Segment{Seq: w.b.rcvNxt, Flags: RST, Options: Options{WScale: -1}})
	// The host forgets it and uses its memory for an active connection.
	w.b.Init(&w.env, w.b, nil)
	w.b.Connect(w.now, 1, 2, 7, 1460)
	if s, ok := w.listener.Accept(); ok {
		t.Errorf("accepted somebody else's socket in %v", s.State())
	}
}

func TestReviewSegmentsBeyondFINLeaveNoMemory(t *testing.T) {
	w := newWire(t, 1)
	w.open(nil, nil)
	b := w.b
	ts := Options{WScale: -1, HasTS: true, TSVal: b.tsRecent}
	b.Process(w.now, &Segment{Seq: b.rcvNxt + 100, Ack: b.sndNxt, Flags: ACK, Window: 1000, Options: ts, Payload: make([]byte, 50)})
	b.Process(w.now, &Segment{Seq: b.rcvNxt, Ack: b.sndNxt, Flags: ACK | FIN, Window: 1000, Options: ts})
	if _, err := b.TryRead(make([]byte, 10)); err != io.EOF {
		t.Fatal(err)
	}
	if w.env.Pool.Out() != 0 {
		t.Errorf("%d bytes held behind FIN", w.env.Pool.Out())
	}
}

func BenchmarkReviewBulk(b *testing.B) {
	w := newWire(b, 1)
	w.open(nil, nil)
	b.SetBytes(1 << 20)
	b.ReportAllocs()
	for b.Loop() {
		w.pump(w.a, w.b, 1<<20)
	}
}
