package kernel

import (
	"errors"
	"net"
	"syscall"
	"testing"

	"smoltls/bench/internal/measure"

	"golang.org/x/sys/unix"
)

func TestBothEndsOfAConnectionAreClockedByACKs(t *testing.T) {
	v, err := NewVeth(Link{Offload: true})
	if errors.Is(err, measure.ErrSkip) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	client, server, err := v.connect()
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	defer server.Close()
	for name, c := range map[string]net.Conn{"client": client, "server": server} {
		raw, err := c.(syscall.Conn).SyscallConn()
		if err != nil {
			t.Fatal(err)
		}
		var algorithm string
		var optErr error
		if err := raw.Control(func(fd uintptr) {
			algorithm, optErr = unix.GetsockoptString(int(fd), unix.IPPROTO_TCP, unix.TCP_CONGESTION)
		}); err != nil || optErr != nil {
			t.Fatal(err, optErr)
		}
		if algorithm != "cubic" && algorithm != "reno" {
			t.Errorf("%s: congestion control %q", name, algorithm)
		}
	}
}
