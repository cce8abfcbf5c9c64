package tcp

import (
	"testing"
	"unsafe"
)

func TestAnIdleSocketIsSmall(t *testing.T) { // DESIGN §9: an idle TLS socket in 1 KiB
	if size := unsafe.Sizeof(Socket{}); size > 320 {
		t.Fatalf("%d bytes", size)
	}
	s := newScript(t, nil).established()
	if s.env.Pool.Out() != 0 || s.sock.ooo != nil || s.sock.Deadline() != Never {
		t.Fatal("an idle connection holds memory, or a timer")
	}
}

func TestASocketIsUsedAgainFromInitOn(t *testing.T) {
	s := newScript(t, nil).established().run("abort")
	s.sock.Init(&s.env, s.sock, nil)
	if s.sock.Err() != nil || s.sock.State() != StateClosed || s.sock.Host() != Host(s.sock) {
		t.Fatal("not as new")
	}
	s.established()
}

func TestPortsAreTold(t *testing.T) {
	if l, r := newScript(t, nil).established().sock.Ports(); l != 1000 || r != 80 {
		t.Fatal(l, r)
	}
}

func TestReadableMeansThatReadingHasAnAnswer(t *testing.T) {
	for steps, want := range map[string]bool{"": false, "< P. 1(1) ack 1": true, "< F. 1(0) ack 1": true, "< R 1(0)": true, "close": true} {
		s := newScript(t, nil).established().run(steps)
		_, err := s.sock.TryRead(make([]byte, 1))
		if got := newScript(t, nil).established().run(steps).sock.Readable(); got != want || want == (err == ErrWouldBlock) {
			t.Errorf("%q: %v, %v", steps, got, err)
		}
	}
	if newScript(t, nil).active().sock.Readable() {
		t.Error("readable before the connection is open")
	}
}
