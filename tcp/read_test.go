package tcp

import (
	"bytes"
	"errors"
	"io"
	"testing"
)

func TestReadingNothing(t *testing.T) {
	s := newScript(t, nil).established()
	if n, err := s.sock.TryRead(make([]byte, 1)); n != 0 || err != ErrWouldBlock {
		t.Fatal(n, err)
	}
	if n, err := s.sock.TryRead(nil); n != 0 || err != nil {
		t.Fatal(n, err)
	}
	if s.sock.Readable() || s.sock.Peek() != nil && len(s.sock.Peek()) != 0 {
		t.Fatal("readable")
	}
}

func TestPeekShowsWhatDiscardTakes(t *testing.T) {
	s := newScript(t, nil).established().run("< P. 1(100) ack 1")
	if p := s.sock.Peek(); len(p) != 100 || p[99] != streamByte(99) || !s.sock.Readable() || s.sock.ReadBuffered() != 100 {
		t.Fatal(len(p))
	}
	if n, err := s.sock.Discard(40); n != 40 || err != nil {
		t.Fatal(n, err)
	}
	if p := s.sock.Peek(); len(p) != 60 || p[0] != streamByte(40) {
		t.Fatal(len(p))
	}
	if n, err := s.sock.Discard(61); n != 60 || err != ErrWouldBlock {
		t.Fatal(n, err)
	}
	if n, err := s.sock.Discard(-1); n != 0 || err != nil {
		t.Fatal(n, err)
	}
	s.run("< F. 101(0) ack 1")
	if n, err := s.sock.Discard(1); n != 0 || err != io.EOF {
		t.Fatal(n, err)
	}
}

func TestSpansShowDataThatWraps(t *testing.T) {
	s := newScript(t, &Config{RecvBuffer: 1024}).established().run(`
		< . 1(1000) ack 1
		read 600
		> . 1(0) ack 1001
		< . 1001(600) ack 1`)
	a, b := s.sock.PeekSpans()
	if len(b) == 0 {
		t.Fatal("it does not wrap: the test shows nothing")
	}
	got := append(append([]byte(nil), a...), b...)
	want := make([]byte, 1000)
	for i := range want {
		want[i] = streamByte(600 + i)
	}
	if !bytes.Equal(got, want) {
		t.Fatal("bytes differ")
	}
	s.run("read 1000")
}

func TestDataBeforeAFailureCanBeRead(t *testing.T) {
	s := newScript(t, nil).established().run(`
		< P. 1(5) ack 1
		< R 6(0)
		state CLOSED
		read 5`)
	if _, err := s.sock.TryRead(make([]byte, 1)); !errors.Is(err, ErrReset) {
		t.Fatal(err)
	}
	s = newScript(t, nil).established().run(`
		< P. 1(5) ack 1
		< R 6(0)
		abort`)
	if s.env.Pool.Out() != 0 {
		t.Fatal("Abort of a dead connection keeps memory")
	}
}

func TestReadingFromASocketThatWasNeverOpened(t *testing.T) {
	s := newScript(t, nil)
	if _, err := s.sock.TryRead(make([]byte, 1)); err != ErrNotOpen {
		t.Fatal(err)
	}
}
