package tlssock

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"smoltls/tcp"
	"smoltls/tlssock/internal/suite"
)

// transfer writes data on one socket and gives what the other one read when nothing moves any more.
func (w *line) transfer(from, to *Socket, data []byte) (got []byte) {
	w.t.Helper()
	buf := make([]byte, 4096)
	for idle := 0; idle < 3; idle++ {
		n, err := from.TryWrite(data)
		if err != nil && err != ErrWouldBlock {
			w.t.Fatal(err)
		}
		data = data[n:]
		w.run()
		for {
			n, err := to.TryRead(buf)
			if n > 0 {
				got, idle = append(got, buf[:n]...), 0
				continue
			}
			if err != ErrWouldBlock {
				w.t.Fatal(err)
			}
			break
		}
		w.sleep(100 * time.Millisecond) // for delayed acknowledgements
	}
	return got
}

// The least that TryWrite would like to have room for is more than a small send buffer ever holds.
func TestAWriteGetsThroughTheSmallestSendBuffer(t *testing.T) {
	data := bytes.Repeat([]byte("0123456789"), 2000)
	for _, size := range []int{1, 1 << 10, 2 << 10, 3000, 4 << 10, 5 << 10} {
		w := newLine(t, &tcp.Config{SendBuffer: size})
		c, s := w.connect()
		if got := w.transfer(c, s, data); !bytes.Equal(got, data) {
			t.Errorf("send buffer of %d bytes: %d of %d bytes got through", size, len(got), len(data))
		}
	}
}

// A record of which the rest does not fit would wait for ever: of a peer that does not know RFC 8449 it is refused.
func TestARecordThatTheReceiveBufferCantHoldIsRefused(t *testing.T) {
	w := newLine(t, &tcp.Config{RecvBuffer: 4000}, func(c, s *Config) { c.DynamicRecordSizingDisabled = true })
	c, s := w.connect()
	c.eng.sendSize, s.eng.sendSize = 0, 0
	if got := w.transfer(c, s, make([]byte, 2000)); len(got) != 2000 {
		t.Errorf("%d bytes of a record that fits", len(got))
	}
	if n, err := c.TryWrite(make([]byte, 16_000)); n < 10_000 {
		t.Fatal(n, err)
	}
	w.sleep(time.Second)
	if !errors.Is(s.Err(), ErrRecvBuffer) {
		t.Errorf("a record that does not fit: %v", s.Err())
	}
	if a := alertOf(c.Err()); a == nil || a.Alert != AlertRecordOverflow || !a.FromPeer {
		t.Errorf("the sender hears: %v", c.Err())
	}
}

// A socket says by record_size_limit how long a record its receive buffer holds, and a peer that knows of it gets
// everything through.
func TestRecordsFitTheReceiveBuffer(t *testing.T) {
	data := bytes.Repeat([]byte("0123456789"), 5000)
	for _, size := range []int{1 << 10, 2 << 10, 5000, 18 << 10, 64 << 10} {
		small := &tcp.Config{RecvBuffer: size}
		w := newLine(t, small, func(c, s *Config) { c.DynamicRecordSizingDisabled, s.DynamicRecordSizingDisabled = true, true })
		c, s := w.connect()
		for _, way := range [][2]*Socket{{c, s}, {s, c}} {
			if got := w.transfer(way[0], way[1], data); !bytes.Equal(got, data) {
				t.Errorf("%v, receive buffer of %d bytes: %d of %d bytes got through: %v", way[0].eng.role, size, len(got), len(data), way[1].Err())
			}
			holds := way[1].eng.tcp.Holds()
			if most := way[0].eng.MaxPlaintext(); most+22 > holds || most < min(holds-22, suite.MaxPlaintext) {
				t.Errorf("%v sends records of %d bytes to a peer that holds %d", way[0].eng.role, most, holds)
			}
		}
	}
}
