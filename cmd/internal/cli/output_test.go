package cli

import (
	"bytes"
	"errors"
	"io"
	"testing"
)

func TestOutputHoldsItsPeerBackAndNotItsCaller(t *testing.T) {
	r, w := io.Pipe() // nobody reads yet
	woken := make(chan struct{}, 100)
	o := NewOutput(w, func() { woken <- struct{}{} })
	data := bytes.Repeat([]byte("0123456789abcdef"), outputRoom/4)
	sent := 0
	for { // until it takes no more: what it holds, and what is being written
		n, err := o.TryWrite(data[sent:])
		if sent += n; err != nil || sent > 2*outputRoom {
			t.Fatalf("%d bytes were taken, %v", sent, err)
		}
		if n == 0 {
			break
		}
	}
	got := make(chan []byte)
	go func() {
		b, _ := io.ReadAll(r)
		got <- b
	}()
	for sent < len(data) {
		n, err := o.TryWrite(data[sent:])
		if sent += n; err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			<-woken // when there is room again
		}
	}
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	if b := <-got; !bytes.Equal(b, data) {
		t.Errorf("%d of %d bytes arrived, or others", len(b), len(data))
	}
}

func TestOutputThatFailsTellsAndWakes(t *testing.T) {
	r, w := io.Pipe()
	gone := errors.New("nobody reads any more")
	r.CloseWithError(gone)
	woken := make(chan struct{}, 1)
	o := NewOutput(w, func() { woken <- struct{}{} })
	if _, err := o.TryWrite([]byte("x")); err != nil {
		t.Fatal(err)
	}
	<-woken
	if _, err := o.TryWrite([]byte("x")); err != gone {
		t.Errorf("%v", err)
	}
	if err := o.Close(); err != gone {
		t.Errorf("%v", err)
	}
}
