package drill

import (
	"testing"
	"time"

	"smoltls/tcp"
)

func TestTheClockMovesOnlyWhenItIsMoved(t *testing.T) {
	p := newPeer(t, Config{})
	at := p.w.Now()
	p.w.Sleep(3 * time.Hour)
	if d := p.w.Now().Sub(at); d != 3*time.Hour+tick {
		t.Fatal(d)
	}
}

func TestWhatIsDueDuringASleepHappensAtItsTime(t *testing.T) {
	p := newPeer(t, Config{})
	fd := p.accepted()
	p.send(tcp.ACK, "x")
	began := p.w.Now()
	p.w.Sleep(time.Second)
	if d := p.expect(tcp.ACK, "").Sub(began); d > tcp.DefaultAckDelay {
		t.Fatal(d)
	}
	p.must(p.w.Close(fd))
}

func TestAThreadThatWaitsReturnsAtTheTimeOfWhatItWaitsFor(t *testing.T) {
	p := newPeer(t, Config{})
	fd := p.accepted()
	start := p.w.Now()
	type answer struct {
		n     int
		errno Errno
		at    time.Time
	}
	answers := make(chan answer)
	go func() {
		b := make([]byte, 10)
		n, errno := p.w.Read(fd, [][]byte{b}, 0, Waits)
		answers <- answer{n, errno, p.w.Now()}
	}()
	for waiting := false; !waiting; {
		p.w.mu.Lock()
		waiting = p.w.blocked != nil
		p.w.mu.Unlock()
	}
	p.w.Sleep(time.Second)
	p.send(tcp.ACK, "three")
	p.w.Sleep(time.Hour)
	if a := <-answers; a.n != 5 || a.errno != 0 || a.at.Sub(start).Round(time.Millisecond) != time.Second {
		t.Fatalf("%+v after %v", a, a.at.Sub(start))
	}
}

func TestACallThatNothingWillEndSaysSo(t *testing.T) {
	p := newPeer(t, Config{})
	fd := p.accepted()
	_, errno := p.w.Read(fd, [][]byte{make([]byte, 1)}, 0, MovesClock)
	p.is(errno, EDEADLK)
}
