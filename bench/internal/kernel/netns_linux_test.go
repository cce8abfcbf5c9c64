package kernel

import (
	"errors"
	"io"
	"net/netip"
	"testing"

	"smoltls/bench/internal/measure"
)

func TestSocketsOfANamespaceMeetOnlyThere(t *testing.T) {
	var ns [2]*Namespace
	for i := range ns {
		var err error
		if ns[i], err = NewNamespace(); errors.Is(err, measure.ErrSkip) {
			t.Skip(err)
		} else if err != nil {
			t.Fatal(err)
		}
		defer ns[i].Close()
	}
	l, err := ns[0].Listen(netip.MustParseAddrPort("127.0.0.1:0"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	at := netip.MustParseAddrPort(l.Addr().String())
	if c, err := ns[1].Dial(at); err == nil {
		c.Close()
		t.Error("a listener is reached from another namespace")
	}
	c, err := ns[0].Dial(at)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	s, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	s.Write([]byte("x"))
	s.Close()
	if got, err := io.ReadAll(c); err != nil || string(got) != "x" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestAnErrorWithinANamespaceComesBack(t *testing.T) {
	ns, err := NewNamespace()
	if errors.Is(err, measure.ErrSkip) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer ns.Close()
	broken := errors.New("broken")
	if err := ns.Do(func() error { return broken }); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}
