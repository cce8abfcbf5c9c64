package tlssock

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"testing"

	"smoltls/internal/bufpool"
	"smoltls/tcp"
)

// SaiTLS: a record too large for the caller's slice is lost, and the sequence number with it.
func TestARecordIsReadInPiecesOfAnySize(t *testing.T) {
	w := newLine(t, nil)
	c, s := w.connect()
	data := make([]byte, 10_000)
	for i := range data {
		data[i] = byte(i * 7)
	}
	c.TryWrite(data)
	w.run()
	var got []byte
	r := rand.New(rand.NewPCG(1, 1))
	for len(got) < len(data) {
		p := make([]byte, 1+r.IntN(300))
		n, err := s.TryRead(p)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, p[:n]...)
	}
	if !bytes.Equal(got, data) {
		t.Fatal("bytes differ")
	}
	if n, err := s.TryRead(nil); n != 0 || err != nil {
		t.Fatal(n, err)
	}
}

func TestPeekShowsThePlaintextWhereItLies(t *testing.T) {
	w := newLine(t, nil)
	c, s := w.connect()
	c.TryWrite([]byte("first"))
	c.TryWrite([]byte("second"))
	w.run()
	p, err := s.Peek()
	if err != nil || string(p) != "first" {
		t.Fatalf("%q %v", p, err)
	}
	if n := s.Discard(2); n != 2 {
		t.Fatal(n)
	}
	if p, _ = s.Peek(); string(p) != "rst" {
		t.Fatalf("%q", p)
	}
	if n := s.Discard(100); n != 3 {
		t.Fatalf("%d: more than Peek showed", n)
	}
	if s.Discard(-1) != 0 || s.Discard(1) != 0 {
		t.Fatal("discarded what was not shown")
	}
	if p, _ = s.Peek(); string(p) != "second" {
		t.Fatalf("%q", p)
	}
	s.Discard(6)
	if _, err := s.Peek(); err != ErrWouldBlock {
		t.Fatal(err)
	}
}

func TestALongRecordIsOpenedStraightIntoTheReader(t *testing.T) {
	w := newLine(t, nil)
	c, s := w.connect()
	c.TryWrite(make([]byte, 16384))
	w.run()
	if s.plainLen != 0 || !s.Readable() {
		t.Fatal("a long record was opened before anybody asked for it")
	}
	buf := make([]byte, 20_000)
	if n, err := s.TryRead(buf); n != 16384 || err != nil {
		t.Fatal(n, err)
	}
	if s.Readable() {
		t.Fatal("still readable")
	}
	c.TryWrite(make([]byte, 100))
	w.run()
	if s.plainLen != 100 {
		t.Fatal("a short record was not opened when it came")
	}
}

// SaiTLS: a record that wraps around the ring panics.
func TestRecordsWrapAroundTheReceiveRing(t *testing.T) {
	w := newLine(t, &tcp.Config{RecvBuffer: 20_000, SendBuffer: 50_000})
	c, s := w.connect()
	wrapped := 0
	buf := make([]byte, 6000)
	for k := range 200 {
		want := bytes.Repeat([]byte{byte(k)}, 5000+k)
		if n, err := c.TryWrite(want); n != len(want) || err != nil {
			t.Fatal(n, err)
		}
		if k == 0 {
			continue // one record always waits, so that the ring never runs empty
		}
		w.run()
		a, b := s.eng.tcp.PeekSpans()
		if len(a) < 5022+k-1 && len(b) > 0 {
			wrapped++
		}
		n, err := io.ReadFull(reader{s}, buf[:5000+k-1])
		if err != nil || buf[0] != byte(k-1) || buf[n-1] != byte(k-1) {
			t.Fatalf("record %d: %d %v", k, n, err)
		}
	}
	if wrapped == 0 {
		t.Fatal("no record wrapped: this test shows nothing")
	}
	if n := w.env.Pool; n != nil && n.Out() != 0 {
		t.Fatalf("%d bytes were not given back", n.Out())
	}
}

// reader makes an io.Reader of a socket on which enough waits.
type reader struct{ s *Socket }

func (r reader) Read(p []byte) (int, error) { return r.s.TryRead(p) }

func TestTruncationIsNeverACleanEnd(t *testing.T) {
	for _, cut := range []int{0, 1, 4, 5, 100} {
		w := newLine(t, nil)
		c, s := w.connect()
		if cut > 0 { // part of a record
			var rec [200]byte
			n, err := c.Engine().Seal(rec[:], make([]byte, 150))
			if err != nil {
				t.Fatal(err)
			}
			c.eng.tcp.TryWrite(rec[:min(cut, n)])
		}
		c.eng.tcp.CloseWrite()
		w.run()
		if _, err := s.TryRead(make([]byte, 10)); err == io.EOF || err == nil || err == ErrWouldBlock {
			t.Fatalf("cut after %d bytes of a record: %v", cut, err)
		}
		if s.Err() == nil || s.State() != StateFailed {
			t.Fatal(s.State())
		}
	}
}

// A pool whose bound is reached ends the connection that needs it, with a reason.
func TestAWrappedRecordWithoutMemoryToCopyIt(t *testing.T) {
	w := newLine(t, &tcp.Config{RecvBuffer: 20_000})
	c, s := w.connect()
	w.env.Pool = bufpool.New(bufpool.Config{Limit: 1})
	buf := make([]byte, 7000)
	for range 100 {
		if _, err := c.TryWrite(buf); err != nil && err != ErrWouldBlock {
			t.Fatal(err)
		}
		w.run()
		if _, err := s.TryRead(buf[:6000]); err != nil && err != ErrWouldBlock {
			if !errors.Is(err, ErrPoolEmpty) || s.State() != StateFailed {
				t.Errorf("%v, %v", err, s.State())
			}
			return
		}
	}
	t.Fatal("no record wrapped: this test shows nothing")
}
