package iface

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"smoltls/phy"
	"smoltls/tcp"
)

// smoltcp: work linear in the number of sockets.
func TestIdleConnectionsCostAPollNothing(t *testing.T) {
	p, busy, _ := crowd(t, 2000)
	before := p.a.Stats().SocketVisits
	for range 100 {
		busy.TryWrite([]byte("x"))
		p.poll()
	}
	if n := p.a.Stats().SocketVisits - before; n > 1000 {
		t.Fatalf("%d sockets were looked at for 100 segments of one", n)
	}
}

// crowd makes n idle connections and a busy one.
func crowd(t testing.TB, n int) (p *pair, busy, server *Conn) {
	p = newPair(t, phy.MediumIP)
	cfg := &tcp.Config{}
	busy, server = p.connect("192.0.2.2:80", cfg)
	l := &Listener{}
	if err := p.b.Listen(l, netip.MustParseAddrPort("[::]:81"), tcp.ListenConfig{Config: cfg}, func() (*Conn, Owner) { return &Conn{}, p.b }); err != nil {
		t.Fatal(err)
	}
	for range n {
		c := &Conn{}
		if err := p.a.Connect(c, p.a, netip.MustParseAddrPort("192.0.2.2:81"), cfg); err != nil {
			t.Fatal(err)
		}
		p.poll()
		if _, ok := l.Accept(); !ok {
			t.Fatal("not connected")
		}
	}
	p.now = p.now.Add(5 * time.Second) // timers of the handshakes settle
	p.poll()
	return p, busy, server
}

func BenchmarkSegmentAmongIdleConnections(b *testing.B) {
	for _, n := range []int{0, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			p, busy, server := crowd(b, n)
			before, turns := p.b.Stats().FramesIn, uint64(0)
			b.ReportAllocs()
			for b.Loop() {
				busy.TryWrite([]byte("x"))
				p.a.Egress(p.now, 100)
				p.b.Ingress(p.now, 100)
				p.b.Egress(p.now, 100)
				p.a.Ingress(p.now, 100)
				server.Discard(1)
				p.now = p.now.Add(time.Millisecond)
				turns++
			}
			if in := p.b.Stats().FramesIn - before; in < turns {
				b.Fatalf("%d turns, but only %d segments", turns, in)
			}
		})
	}
}

func TestConnectionsTakeTurns(t *testing.T) {
	p := newPair(t, phy.MediumIP)
	cfg := &tcp.Config{SendBuffer: 1 << 20, RecvBuffer: 1 << 20}
	c1, s1 := p.connect("192.0.2.2:80", cfg)
	c2, s2 := p.connect("192.0.2.2:80", cfg)
	data := make([]byte, 1<<20)
	for range 50 { // the congestion windows open
		c1.TryWrite(data[:20_000])
		c2.TryWrite(data[:20_000])
		p.poll()
		s1.Discard(1 << 20)
		s2.Discard(1 << 20)
	}
	c1.TryWrite(data)
	c2.TryWrite(data)
	b1, b2 := c1.Info().Unacked, c2.Info().Unacked
	if _, err := p.a.Egress(p.now, 2*segmentsATurn); err != nil {
		t.Fatal(err)
	}
	d1, d2 := c1.Info().Unacked-b1, c2.Info().Unacked-b2
	if d1 == 0 || d2 == 0 || d1 > 2*d2 || d2 > 2*d1 {
		t.Fatalf("one sent %d bytes, the other %d", d1, d2)
	}
}

func TestADeviceThatIsFullLosesNothing(t *testing.T) {
	da, db := phy.NewPipe(phy.PipeConfig{Medium: phy.MediumIP, Queue: 4})
	p := &pair{t, start, newStation(t, da, "192.0.2.1/24"), newStation(t, db, "192.0.2.2/24")}
	c, s := p.connect("192.0.2.2:80", nil)
	if n, _ := c.TryWrite(make([]byte, 30_000)); n != 30_000 {
		t.Fatal(n)
	}
	p.a.Egress(p.now, 1000)
	if at := p.a.PollAt(p.now); at.IsZero() {
		t.Fatal("work is left, but PollAt says there is none")
	}
	p.poll()
	if n := s.ReadBuffered(); n != 30_000 {
		t.Fatalf("%d bytes arrived", n)
	}
	if p.a.Stats().TCP.Retransmits != 0 {
		t.Fatal("backpressure was taken for loss")
	}
}

func TestNoFrameAllocates(t *testing.T) {
	for _, m := range []phy.Medium{phy.MediumEthernet, phy.MediumIP} {
		p := newPair(t, m)
		c, s := p.connect("192.0.2.2:80", nil)
		p.a.events, p.b.events = nil, nil
		sink := &quiet{}
		c.owner, s.owner = sink, sink
		data := make([]byte, 20_000)
		round := func() {
			c.TryWrite(data)
			p.poll()
			s.Discard(len(data))
			p.poll()
			p.now = p.now.Add(time.Millisecond)
		}
		round()
		if n := testing.AllocsPerRun(100, round); n != 0 {
			t.Errorf("%v: %v allocations in a round of 20,000 bytes", m, n)
		}
	}
}

type quiet struct{}

func (*quiet) ConnEvent(*Conn) {}

func TestATimerThatIsDueWhenTheDeviceTakesFramesAgainRunsAtOnce(t *testing.T) {
	da, db := phy.NewPipe(phy.PipeConfig{Medium: phy.MediumIP, Queue: 2})
	p := &pair{t, start, newStation(t, da, "192.0.2.1/24"), newStation(t, db, "192.0.2.2/24")}
	c, _ := p.connect("192.0.2.2:80", nil)
	c.TryWrite(make([]byte, 10_000))
	p.a.Egress(p.now, 1000) // two segments fit, and their timer runs
	p.now = p.now.Add(5 * time.Second)
	for f, _ := db.Receive(p.now); f != nil; f, _ = db.Receive(p.now) { // both are lost, but there is room again
	}
	p.a.Ingress(p.now, 1000)
	p.a.Egress(p.now, 1000)
	if at := p.a.PollAt(p.now); !at.IsZero() && at.Before(p.now) {
		t.Fatalf("PollAt names the past: %v", at.Sub(p.now))
	}
}
