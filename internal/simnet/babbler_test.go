package simnet

import (
	"math/rand/v2"
	"testing"
	"time"
)

// babbler is somebody on the Ethernet who says what makes no sense: frames of random bytes, and what it has heard, with
// one byte changed.
type babbler struct {
	w        *World
	port     *Port
	rng      *rand.Rand
	until    time.Time
	next     time.Time
	stations int
	heard    []byte
	said     int
}

func newBabbler(w *World, p *Port, d time.Duration, stations int) *babbler {
	return &babbler{w: w, port: p, rng: w.Rand(), until: w.Now().Add(d), next: w.Now(), stations: stations}
}

// PollAt implements Node.
func (b *babbler) PollAt(time.Time) time.Time {
	switch at := b.port.PollAt(); {
	case !at.IsZero():
		return at
	case b.next.After(b.until):
		return time.Time{}
	}
	return b.next
}

// Poll implements Node.
func (b *babbler) Poll(now time.Time) (worked bool, err error) {
	for {
		f, err := b.port.Receive(now)
		if err != nil {
			return worked, err
		}
		if f == nil {
			break
		}
		if worked = true; b.port.received.damaged {
			continue
		}
		b.heard = append(b.heard[:0], f...)
	}
	if b.next.After(now) {
		return worked, nil
	}
	b.next = now.Add(time.Duration(b.rng.Int64N(int64(200 * time.Millisecond))))
	b.said++
	f := b.nonsense()
	buf := b.port.Buffer(len(f))
	copy(buf, f)
	b.port.filling.damaged = true // no further change may make the checksum right again
	return true, b.port.Send(now, len(f))
}

func (b *babbler) nonsense() []byte {
	if len(b.heard) > 0 && b.rng.IntN(2) == 0 {
		b.heard[b.rng.IntN(len(b.heard))] ^= byte(1 + b.rng.IntN(255))
		defer func() { b.heard = b.heard[:0] }()
		return append([]byte(nil), b.heard...)
	}
	f := make([]byte, 14+b.rng.IntN(200))
	for i := range f {
		f[i] = byte(b.rng.Uint32())
	}
	copy(f, []byte{2, 0, 0, 0, 0, byte(1 + b.rng.IntN(b.stations))})
	copy(f[12:], pick(b.rng, "\x08\x00\x45", "\x86\xdd\x60", "\x08\x06\x00\x01\x08\x00\x06\x04", "\x81\x00", ""))
	return f
}

func TestABabblerBabbles(t *testing.T) {
	w := New(1)
	s := w.Switch(true)
	n := &echoNode{port: w.Port(PortConfig{}), answers: 1000, think: time.Millisecond}
	p := w.Port(PortConfig{})
	s.Plug(n.port, Path{}, Path{})
	s.Plug(p, Path{}, Path{})
	b := newBabbler(w, p, 10*time.Second, 1)
	w.Add(n)
	w.Add(b)
	if err := w.Rest(time.Hour); err != nil || b.said < 50 || len(n.got) != b.said || w.Elapsed() > 11*time.Second {
		t.Errorf("%v: said %d, heard %d in %v", err, b.said, len(n.got), w.Elapsed())
	}
}
