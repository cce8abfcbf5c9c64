package kernel

import (
	"context"
	"net"
	"net/netip"
)

// Listen opens a TCP listener of the namespace's kernel.
func (ns *Namespace) Listen(addr netip.AddrPort) (l net.Listener, err error) {
	var cfg net.ListenConfig
	cfg.SetMultipathTCP(false) // plain TCP, as the other end speaks it
	err = ns.Do(func() error {
		l, err = cfg.Listen(context.Background(), "tcp", addr.String())
		return err
	})
	return l, err
}

// Dial connects from the namespace.
func (ns *Namespace) Dial(addr netip.AddrPort) (c net.Conn, err error) {
	err = ns.Do(func() error {
		c, err = net.Dial("tcp", addr.String())
		return err
	})
	return c, err
}
