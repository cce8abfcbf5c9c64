package gvisor

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"

	"smoltls/bench/internal/identity"
	"smoltls/bench/internal/kernel"
	"smoltls/bench/internal/load"
	"smoltls/bench/internal/measure"

	"golang.org/x/sys/unix"
	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/adapters/gonet"
	"gvisor.dev/gvisor/pkg/tcpip/link/fdbased"
	"gvisor.dev/gvisor/pkg/tcpip/link/tun"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
)

// tap is a stack on a TAP interface.
type tap struct {
	ns    *kernel.Namespace
	fd    int
	stack *stack.Stack
}

// newTAP makes one; l.Offload lets netstack put segments together again, the one offload that it has on a TAP
// interface.
func newTAP(l kernel.Link) (*tap, error) {
	t := &tap{fd: -1}
	var err error
	t.ns, err = kernel.NewTAP(l, func() (err error) {
		t.fd, err = tun.OpenTAP(kernel.TAPName)
		return err
	})
	if err != nil {
		return nil, err
	}
	ep, err := fdbased.New(&fdbased.Options{
		FDs: []int{t.fd}, MTU: mtu, EthernetHeader: true, Address: "\x02\x00\x00\x00\x00\x02", GRO: l.Offload,
	})
	if err == nil {
		t.stack, err = newStack(ep, address(kernel.UserPrefix.Addr()), kernel.UserPrefix.Bits())
	}
	if err != nil {
		t.close()
		return nil, err
	}
	return t, nil
}

func address(a netip.Addr) tcpip.Address { return tcpip.AddrFrom4(a.As4()) }

func (t *tap) close() {
	if t.stack != nil {
		t.stack.Destroy()
	}
	if t.fd >= 0 {
		unix.Close(t.fd)
	}
	t.ns.Close()
}

// connect gives the stack's end and the kernel's end of a connection to the kernel.
func (t *tap) connect() (ours, kernels net.Conn, err error) {
	l, err := t.ns.Listen(netip.AddrPortFrom(kernel.HostPrefix.Addr(), kernel.Port))
	if err != nil {
		return nil, nil, err
	}
	defer l.Close()
	to := tcpip.FullAddress{NIC: nicID, Addr: address(kernel.HostPrefix.Addr()), Port: kernel.Port}
	if ours, err = gonet.DialTCP(t.stack, to, ipv4.ProtocolNumber); err != nil {
		return nil, nil, fmt.Errorf("gVisor: connecting to the kernel: %w", err)
	}
	kernels, err = l.Accept()
	return ours, kernels, err
}

// BulkTAP moves data between the stack and the kernel over TAP, to the kernel if up; of offload it has what there is.
// Figure 0 is its rate.
func BulkTAP(up bool, l kernel.Link) measure.Contender {
	return func(e measure.Effort, r *measure.Readings) error {
		t, err := newTAP(l)
		if err != nil {
			return err
		}
		defer t.close()
		from, to, err := t.connect()
		if err != nil {
			return err
		}
		defer to.Close()
		if l.Secure {
			ids, err := identity.NewPair(identity.P256)
			if err != nil {
				return err
			}
			clientCfg, serverCfg := ids.StdConfigs(tls.X25519, true)
			if from, to, err = load.Secure(from, to, clientCfg, serverCfg); err != nil {
				return err
			}
		}
		if !up {
			from, to = to, from
		}
		x, err := load.Bulk(from, to, kernel.Chunk, e.WarmBytes, e.TAPBytes)
		if err != nil {
			return err
		}
		r.Add(0, measure.MBps(x.Bytes, x.Elapsed))
		return nil
	}
}
