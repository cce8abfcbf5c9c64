package set

import (
	"errors"
	"testing"

	"smoltls/iface"
	"smoltls/tcp"
)

func TestListenerIsGoneAfterRemove(t *testing.T) {
	w := newTCPWorld(t, Limits{}, Limits{})
	l, err := w.sb.Listen(port1, tcp.ListenConfig{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.sb.Listen(port1, tcp.ListenConfig{}); !errors.Is(err, iface.ErrAddrInUse) {
		t.Fatal(err)
	}
	waiting, _ := w.sa.Connect(port1, nil)
	w.poll()
	if !w.sb.RemoveListener(l) || w.sb.RemoveListener(l) {
		t.Fatal("RemoveListener")
	}
	late, _ := w.sa.Connect(port1, nil)
	w.poll()
	s, _ := w.sa.Get(waiting)
	if !errors.Is(s.Err(), tcp.ErrReset) {
		t.Fatalf("a connection that nobody accepted: %v", s.Err())
	}
	s, _ = w.sa.Get(late)
	if !errors.Is(s.Err(), tcp.ErrRefused) {
		t.Fatalf("a connection to a listener that is gone: %v", s.Err())
	}
	if _, ok := w.sb.Accept(l); ok {
		t.Fatal("a removed listener accepted")
	}
}

func TestAListenersHandleSaysWhichOneItIs(t *testing.T) {
	w := newWorld(t)
	s := NewTCP(w.b, Limits{Listeners: 1})
	if s.RemoveListener(ListenerHandle{}) {
		t.Fatal("the zero handle named a listener")
	}
	for _, want := range []string{"0.1", "0.2"} {
		h, err := s.Listen(port1, tcp.ListenConfig{})
		if err != nil || h.String() != want {
			t.Fatalf("%q, %v: want %q", h, err, want)
		}
		if !s.RemoveListener(h) || s.RemoveListener(h) {
			t.Fatal("a listener is removed once")
		}
	}
}
