package tcp

import (
	"testing"

	"smoltls/internal/checksum"
)

// pair is two established sockets joined by nothing: what one emits the other takes, checksums written and verified.
type pair struct {
	env   Env
	now   Instant
	a, b  *end
	frame [1500]byte
	seg   Segment
	tb    testing.TB
}

func newPair(tb testing.TB, cfg *Config) *pair {
	p := &pair{now: 1e9, a: &end{}, b: &end{}, tb: tb}
	var l Listener
	l.Init(&p.env, ListenConfig{})
	p.a.Init(&p.env, p.a, cfg)
	p.b.Init(&p.env, p.b, cfg)
	p.a.Connect(p.now, 1, 2, 100, 1460)
	n := p.a.Emit(p.now, p.frame[:], 0)
	p.seg.Parse(p.frame[:n])
	if err := l.Open(p.now, &p.b.Socket, &p.seg, 200, 1460); err != nil {
		tb.Fatal(err)
	}
	p.carry(p.b, p.a)
	p.carry(p.a, p.b)
	if _, ok := l.Accept(); !ok || p.a.State() != StateEstablished {
		tb.Fatal("not open")
	}
	return p
}

// carry gives to everything that from has to say.
func (p *pair) carry(from, to *end) {
	for n := from.Emit(p.now, p.frame[:], 7); n > 0; n = from.Emit(p.now, p.frame[:], 7) {
		if checksum.Fold(checksum.Sum(p.frame[:n], 7+uint32(n))) != 0xffff {
			p.tb.Fatal("checksum")
		}
		if err := p.seg.Parse(p.frame[:n]); err != nil {
			p.tb.Fatal(err)
		}
		to.Process(p.now, &p.seg)
	}
}

func BenchmarkBulk(b *testing.B) {
	for _, c := range []struct {
		name string
		cfg  *Config
	}{{"64KiB", nil}, {"1MiB", &Config{SendBuffer: 1 << 20, RecvBuffer: 1 << 20}}} {
		b.Run(c.name, func(b *testing.B) {
			p := newPair(b, c.cfg)
			data, buf := make([]byte, 32<<10), make([]byte, 64<<10)
			b.SetBytes(1 << 20)
			b.ReportAllocs()
			for b.Loop() {
				for got := 0; got < 1<<20; {
					p.a.TryWrite(data)
					p.carry(p.a, p.b)
					n, _ := p.b.TryRead(buf)
					got += n
					p.carry(p.b, p.a)
					p.now += 1000
				}
			}
			if p.env.Stats.Retransmits != 0 {
				b.Fatal("retransmissions")
			}
		})
	}
}

func BenchmarkPingPong(b *testing.B) {
	p := newPair(b, nil)
	one, buf := []byte{1}, make([]byte, 16)
	b.ReportAllocs()
	for b.Loop() {
		p.a.TryWrite(one)
		p.carry(p.a, p.b)
		p.b.TryRead(buf)
		p.b.TryWrite(one)
		p.carry(p.b, p.a)
		p.a.TryRead(buf)
		p.now += 1000
	}
}

func BenchmarkOpenAndClose(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		p := newPair(b, nil)
		p.a.Close()
		p.carry(p.a, p.b)
		p.b.Close()
		p.carry(p.b, p.a)
		p.carry(p.a, p.b)
		if p.b.State() != StateClosed {
			b.Fatal(p.b.State())
		}
	}
}
