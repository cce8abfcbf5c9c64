package simnet

import (
	"encoding/binary"
	"testing"
	"time"

	"smoltls/phy"
)

// echoNode answers every frame it receives, turned around, after a while. It is as trivial as a station can be.
type echoNode struct {
	port    *Port
	think   time.Duration
	answers int // how many it still gives
	due     []time.Time
	pending [][]byte
	got     []arrival
}

type arrival struct {
	at    time.Time
	frame string
}

func (n *echoNode) Poll(now time.Time) (worked bool, err error) {
	for {
		f, err := n.port.Receive(now)
		if err != nil {
			return worked, err
		}
		if f == nil {
			break
		}
		worked = true
		n.got = append(n.got, arrival{now, string(f)})
		if n.answers > 0 {
			n.answers--
			n.due, n.pending = append(n.due, now.Add(n.think)), append(n.pending, []byte(string(f)))
		}
	}
	for len(n.due) > 0 && !n.due[0].After(now) {
		worked = true
		if err := transmit(n.port, now, n.pending[0]); err != nil {
			return worked, err
		}
		n.due, n.pending = n.due[1:], n.pending[1:]
	}
	return worked, nil
}

func (n *echoNode) PollAt(time.Time) time.Time {
	if at := n.port.PollAt(); !at.IsZero() {
		return at
	}
	if len(n.due) > 0 {
		return n.due[0]
	}
	return time.Time{}
}

func transmit(p *Port, now time.Time, frame []byte) error {
	b := p.Buffer(len(frame))
	if b == nil {
		return phy.ErrNoBuffer
	}
	copy(b, frame)
	return p.Send(now, len(frame))
}

// numbered is a frame of n bytes that carries a number.
func numbered(i, n int) []byte {
	b := make([]byte, n)
	binary.BigEndian.PutUint32(b, uint32(i))
	return b
}

// pairOfNodes are two nodes on a link with that path in the direction from a to b, and a perfect one back.
func pairOfNodes(t *testing.T, seed uint64, p Path) (w *World, a, b *echoNode, wire *Wire) {
	t.Helper()
	w = New(seed)
	a, b = &echoNode{port: w.Port(PortConfig{})}, &echoNode{port: w.Port(PortConfig{})}
	wire = w.Link(a.port, b.port, p, Path{})
	w.Add(a)
	w.Add(b)
	return w, a, b, wire
}

// volley sends n frames of a size from a, one each gap, waits until all is quiet and gives the numbers that arrived at
// b.
func volley(t *testing.T, w *World, a, b *echoNode, n, size int, gap time.Duration) (numbers []int) {
	t.Helper()
	for i := range n {
		w.After(time.Duration(i)*gap, func() {
			if err := transmit(a.port, w.Now(), numbered(i, size)); err != nil {
				t.Fatal(err)
			}
		})
	}
	if err := w.Rest(time.Hour); err != nil {
		t.Fatal(err)
	}
	for _, g := range b.got {
		numbers = append(numbers, int(binary.BigEndian.Uint32([]byte(g.frame))))
	}
	return numbers
}
