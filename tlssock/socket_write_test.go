package tlssock

import (
	"errors"
	"testing"

	"smoltls/tcp"
)

// SaiTLS: 1 KiB send limit.
func TestAWriteTakesWhatFitsInRecordsOfFullSize(t *testing.T) {
	w := newLine(t, nil, func(c, _ *Config) { c.DynamicRecordSizingDisabled = true })
	c, s := w.connect()
	before := w.env.Stats.RecordsOut
	n, err := c.TryWrite(make([]byte, 1<<20))
	if err != ErrWouldBlock || n < 60_000 || n > tcp.DefaultBuffer {
		t.Fatal(n, err)
	}
	if records := w.env.Stats.RecordsOut - before; records > 6 {
		t.Fatalf("%d records for %d bytes", records, n)
	}
	if c.Writable() {
		t.Fatal("writable with a full buffer")
	}
	got := 0
	buf := make([]byte, 20_000)
	for got < n {
		w.run()
		m, err := s.TryRead(buf)
		if err != nil {
			t.Fatal(err)
		}
		got += m
	}
	w.run()
	if !c.Writable() {
		t.Fatal("not writable with an empty buffer")
	}
}

func TestAvailableBufferIsSealedWhereItWasBuilt(t *testing.T) {
	w := newLine(t, nil)
	c, s := w.connect()
	buf := make([]byte, 100)
	for range 1000 { // over many laps of the send ring
		b, err := c.AvailableBuffer(50)
		if err != nil || len(b) != 0 || cap(b) < 50 {
			t.Fatal(len(b), cap(b), err)
		}
		b = append(b, "built in place"...)
		if err := c.Commit(len(b)); err != nil {
			t.Fatal(err)
		}
		w.run()
		if n, err := s.TryRead(buf); string(buf[:n]) != "built in place" {
			t.Fatalf("%q %v", buf[:n], err)
		}
	}
	if _, err := c.AvailableBuffer(1 << 15); !errors.Is(err, ErrRecordTooLarge) {
		t.Fatal(err)
	}
	if err := c.Commit(-1); err == nil {
		t.Fatal("committed -1")
	}
	if err := c.Commit(0); err != nil {
		t.Fatal(err)
	}
	if err := c.Commit(60_000); err == nil {
		t.Fatal("committed more than a record holds")
	}
}

func TestCommitWithoutABufferIsRefused(t *testing.T) {
	w := newLine(t, nil)
	c, _ := w.connect()
	if err := c.Commit(10); err == nil {
		t.Fatal("committed what was never built")
	}
	if c.Err() != nil {
		t.Fatalf("and the connection failed: %v", c.Err())
	}
}

func TestNothingIsWrittenAfterCloseWrite(t *testing.T) {
	w := newLine(t, nil)
	c, s := w.connect()
	if err := c.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if err := c.CloseWrite(); err != nil {
		t.Fatal("the second time:", err)
	}
	if _, err := c.TryWrite([]byte("x")); err != ErrClosed {
		t.Fatal(err)
	}
	if _, err := c.AvailableBuffer(1); err != ErrClosed {
		t.Fatal(err)
	}
	w.run()
	s.TryWrite([]byte("the other direction is open"))
	w.run()
	if n, err := c.TryRead(make([]byte, 100)); n != 27 || err != nil {
		t.Fatal(n, err)
	}
}

func TestARecordAllocatesNothing(t *testing.T) {
	w := newLine(t, nil)
	c, s := w.connect()
	data, buf := make([]byte, 16384), make([]byte, 16500)
	round := func() {
		if _, err := c.TryWrite(data); err != nil {
			t.Fatal(err)
		}
		w.run()
		if n, err := s.TryRead(buf); n != len(data) {
			t.Fatal(n, err)
		}
		w.run()
	}
	round()
	if n := testing.AllocsPerRun(100, round); n != 0 {
		t.Fatalf("%v allocations", n)
	}
}
