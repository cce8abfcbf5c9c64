package tlssock

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"
)

// sentRecords writes n bytes and gives how many were in each record that left, as they lie with TCP on the other side.
// Nothing else may be there.
func (w *line) sentRecords(from, to *Socket, n int) (sizes []int) {
	w.t.Helper()
	if k, err := from.TryWrite(make([]byte, n)); k < n {
		w.t.Fatal(k, err)
	}
	for w.carry(w.c, w.s) || w.carry(w.s, w.c) { // and nobody opens anything
	}
	a, b := to.eng.tcp.PeekSpans()
	for stream := slices.Concat(a, b); len(stream) > 0; {
		k, err := suiteRecordLen(stream)
		if err != nil {
			w.t.Fatal(err)
		}
		sizes, stream = append(sizes, k-22), stream[k:]
	}
	w.run()
	if got := w.transfer(from, to, nil); len(got) != n {
		w.t.Fatalf("%d of %d bytes arrived", len(got), n)
	}
	return sizes
}

const testSegment = 1460 - 12 - 22 // content of a record that fills a segment with timestamps

func TestRecordsOfABurstBeginShortAndGetLonger(t *testing.T) {
	w := newLine(t, nil)
	c, s := w.connect()
	t.Log("# the first flight of ten segments is four records")
	if got, want := w.sentRecords(s, c, 10*testSegment+5), []int{testSegment, 2 * testSegment, 3 * testSegment, 4 * testSegment, 5}; !slices.Equal(got, want) {
		t.Errorf("records of %d, want %d", got, want)
	}
	t.Log("# it goes on where it was, up to the full size")
	for range 3 {
		w.sentRecords(s, c, 40_000)
	}
	if got := w.sentRecords(s, c, 40_000); len(got) != 3 || got[0] != 16384 {
		t.Errorf("records of %d", got)
	}
	t.Log("# after two seconds of silence, and after Sleep, it begins anew")
	w.env.Now = w.env.Now.Add(2 * time.Second)
	if got := w.sentRecords(s, c, 3000); got[0] != testSegment {
		t.Errorf("after silence: records of %d", got)
	}
	w.sentRecords(s, c, 60_000)
	w.sentRecords(s, c, 60_000)
	if !s.Sleep() {
		t.Fatal("does not sleep")
	}
	if got := w.sentRecords(s, c, 3000); got[0] != testSegment {
		t.Errorf("after Sleep: records of %d", got)
	}
}

// Little messages are no burst, however many there are: what is long after them begins short.
func TestShortRecordsDoNotMakeTheNextOnesLonger(t *testing.T) {
	w := newLine(t, nil)
	c, s := w.connect()
	for range 100 {
		w.sentRecords(c, s, 10)
	}
	if got := w.sentRecords(c, s, 3000); got[0] != testSegment {
		t.Errorf("records of %d", got)
	}
}

func TestDynamicRecordSizingCanBeTurnedOff(t *testing.T) {
	w := newLine(t, nil, func(c, s *Config) { c.DynamicRecordSizingDisabled = true })
	c, s := w.connect()
	if got := w.sentRecords(c, s, 20_000); got[0] != 16384 {
		t.Errorf("client: records of %d", got)
	}
	if got := w.sentRecords(s, c, 20_000); got[0] != testSegment {
		t.Errorf("server: records of %d", got)
	}
}

func TestWhatIsBuiltInPlaceIsPartOfABurst(t *testing.T) {
	w := newLine(t, nil)
	c, s := w.connect()
	var sent []byte
	room := func(min int) int {
		b, err := c.AvailableBuffer(min)
		if err != nil {
			t.Fatal(err)
		}
		sent = append(sent, bytes.Repeat([]byte{'x'}, cap(b))...)
		if err := c.Commit(copy(b[:cap(b)], sent[len(sent)-cap(b):])); err != nil {
			t.Fatal(err)
		}
		return cap(b)
	}
	if a, b := room(16384), room(1); a != 16384 || b != 2*testSegment {
		t.Errorf("room for %d, %d", a, b)
	}
	if got := w.transfer(c, s, nil); !bytes.Equal(got, sent) {
		t.Errorf("%d bytes of %d arrived", len(got), len(sent))
	}
}

// What it costs to write records, and that a burst costs no more than records of full size.
func BenchmarkWrite(b *testing.B) {
	for _, size := range []int{1400, 16 << 10} {
		for _, disabled := range []bool{true, false} {
			b.Run(fmt.Sprintf("%d,disabled=%v", size, disabled), func(b *testing.B) {
				w := newLine(b, nil, func(c, _ *Config) { c.DynamicRecordSizingDisabled = disabled })
				c, s := w.connect()
				data, buf := make([]byte, size), make([]byte, 1<<17)
				b.SetBytes(int64(size))
				for i := 0; i < b.N; {
					for ; i < b.N; i++ {
						if n, _ := c.TryWrite(data); n < size {
							break
						}
					}
					w.run()
					if _, err := s.TryRead(buf); err != nil && err != ErrWouldBlock {
						b.Fatal(err)
					}
					w.run()
				}
			})
		}
	}
}
