package drill

import (
	"time"

	"smoltls/phy"
)

// mtu is that of the link, as of the device that packetdrill makes for a kernel.
const mtu = 1500

// packet is one that has left the stack.
type packet struct {
	bytes []byte
	at    time.Time
}

// wire is the device: a queue each way.
type wire struct {
	in   [][]byte
	left []packet
	buf  []byte
}

func (w *wire) Medium() phy.Medium { return phy.MediumIP }
func (w *wire) MTU() int           { return mtu }

func (w *wire) Receive(time.Time) ([]byte, error) {
	if len(w.in) == 0 {
		return nil, nil
	}
	p := w.in[0]
	w.in = w.in[1:]
	return p, nil
}

func (w *wire) Buffer(n int) []byte {
	if n < 1 || n > mtu {
		return nil
	}
	w.buf = make([]byte, n)
	return w.buf
}

func (w *wire) Send(now time.Time, n int) error {
	if w.buf == nil {
		return phy.ErrNoBuffer
	}
	if n < 1 || n > len(w.buf) {
		return phy.ErrFrameLength
	}
	w.left = append(w.left, packet{arrange(w.buf[:n]), now})
	w.buf = nil
	return nil
}

func (w *wire) PollAt() time.Time    { return time.Time{} }
func (w *wire) Wait(time.Time) error { return nil }
func (w *wire) Close() error         { return nil }
