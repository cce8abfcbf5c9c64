package iface

import (
	"math/rand/v2"
	"testing"
	"time"

	"smoltls/phy"
	"smoltls/tcp"
)

func TestHeapGivesTheEarliestWhateverMoves(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 3))
		var d deadlines
		conns := make([]*Conn, 60)
		for k := range conns {
			conns[k] = &Conn{heapAt: -1}
		}
		model := map[*Conn]tcp.Instant{}
		for range 2000 {
			c := conns[r.IntN(len(conns))]
			switch r.IntN(4) {
			case 0, 1:
				at := tcp.Instant(r.IntN(1000))
				if was, ok := model[c]; !ok || at < was { // a later one is left where it is
					model[c] = at
				}
				d.set(c, at)
			case 2:
				delete(model, c)
				d.remove(c)
			case 3:
				if len(d.h) > 0 {
					at := d.next() + tcp.Instant(r.IntN(100))
					model[d.h[0]] = at
					d.later(at)
				}
			}
			want := tcp.Never
			for _, at := range model {
				want = min(want, at)
			}
			if d.next() != want || len(d.h) != len(model) {
				t.Fatalf("seed %d: next %d of %d, want %d of %d", seed, d.next(), len(d.h), want, len(model))
			}
			for k, c := range d.h {
				if int(c.heapAt) != k {
					t.Fatalf("seed %d: place %d is remembered as %d", seed, k, c.heapAt)
				}
			}
		}
	}
}

func TestNeverTakesNoPlaceAndLeavesIt(t *testing.T) {
	var d deadlines
	c := &Conn{heapAt: -1}
	d.set(c, tcp.Never)
	if len(d.h) != 0 || d.next() != tcp.Never {
		t.Fatal("never has a place")
	}
	d.set(c, 5)
	d.later(tcp.Never)
	if len(d.h) != 0 || c.heapAt != -1 {
		t.Fatal("never has a place")
	}
	d.remove(c)
}

func TestPollAtFollowsATimerThatMovedLater(t *testing.T) {
	p := newPair(t, phy.MediumIP)
	c, _ := p.connect("192.0.2.2:80", &tcp.Config{KeepAlive: time.Minute})
	c.TryWrite([]byte("x"))
	p.poll()
	p.now = p.now.Add(50 * time.Millisecond)
	p.poll() // the delayed ACK
	p.now = p.now.Add(time.Second)
	p.poll() // what was learned of the path while sending is forgotten
	at := p.a.PollAt(p.now)
	if d := at.Sub(p.now); d < 58*time.Second || d > time.Minute {
		t.Fatalf("PollAt in %v, want the keep-alive's minute: retransmission is not due any more", d)
	}
}
