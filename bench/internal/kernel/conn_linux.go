package kernel

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// Listen opens a TCP listener of the namespace's kernel.
func (ns *Namespace) Listen(addr netip.AddrPort) (l net.Listener, err error) {
	cfg := net.ListenConfig{Control: ackClocked}
	cfg.SetMultipathTCP(false) // plain TCP, as the other end speaks it
	err = ns.Do(func() error {
		l, err = cfg.Listen(context.Background(), "tcp", addr.String())
		return err
	})
	return l, err
}

// Dial connects from the namespace.
func (ns *Namespace) Dial(addr netip.AddrPort) (c net.Conn, err error) {
	d := net.Dialer{Control: ackClocked}
	err = ns.Do(func() error {
		c, err = d.Dial("tcp", addr.String())
		return err
	})
	return c, err
}

// ackClocked gives a socket of the kernel, and what a listener accepts, Linux's default congestion control, or Reno's
// where there is none: machines that have BBR as their own would pace by its estimate of the path, and a figure would
// be that estimate.
func ackClocked(_, _ string, raw syscall.RawConn) error {
	var err error
	controlErr := raw.Control(func(fd uintptr) {
		for _, algorithm := range []string{"cubic", "reno"} {
			if err = unix.SetsockoptString(int(fd), unix.IPPROTO_TCP, unix.TCP_CONGESTION, algorithm); err == nil {
				return
			}
		}
	})
	return errors.Join(controlErr, os.NewSyscallError("setsockopt TCP_CONGESTION", err))
}
