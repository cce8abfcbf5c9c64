package load

import (
	"errors"
	"net"
	"testing"
)

func TestRoundTrips(t *testing.T) {
	a, b := net.Pipe()
	echoed := make(chan error, 1)
	go func() { echoed <- Echo(b) }()
	if d, err := RoundTrips(a, 300); err != nil || d <= 0 {
		t.Errorf("%v, %v", d, err)
	}
	a.Close()
	if err := <-echoed; err != nil {
		t.Errorf("echo: %v", err)
	}
}

func TestAWrongEchoIsAnError(t *testing.T) {
	a, b := net.Pipe()
	defer a.Close()
	go func() {
		p := make([]byte, 1)
		b.Read(p)
		b.Write([]byte{p[0] + 1})
	}()
	if _, err := RoundTrips(a, 1); !errors.Is(err, errEcho) {
		t.Errorf("error %v", err)
	}
}
