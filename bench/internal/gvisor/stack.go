// Package gvisor is the peer: the same work done by gVisor's netstack, with crypto/tls on top, as its users do it: a
// goroutine that blocks for each end of each connection.
package gvisor

import (
	"fmt"

	"smoltls/bench/internal/load"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/link/pipe"
	"gvisor.dev/gvisor/pkg/tcpip/network/arp"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
)

// mtu is the largest IP packet of every link here, in bytes.
const mtu = 1500

const nicID = 1

// pairAddrs are the addresses of the two stacks of a wire.
var pairAddrs = [2]tcpip.Address{
	tcpip.AddrFrom4([4]byte{192, 0, 2, 1}),
	tcpip.AddrFrom4([4]byte{192, 0, 2, 2}),
}

// wire is two stacks joined by a link in memory. The link hands packets over on the sender's goroutine, without a queue
// between, and neither end claims an offload: each stack computes the checksums of what it sends and verifies those of
// what it receives.
type wire struct {
	stacks [2]*stack.Stack
}

func newWire() (*wire, error) {
	a, b := pipe.New("\x02\x00\x00\x00\x00\x01", "\x02\x00\x00\x00\x00\x02", mtu)
	return joined([2]stack.LinkEndpoint{a, b})
}

func joined(ends [2]stack.LinkEndpoint) (*wire, error) {
	w := &wire{}
	for i, ep := range ends {
		s, err := newStack(ep, pairAddrs[i], 24)
		if err != nil {
			w.close()
			return nil, err
		}
		w.stacks[i] = s
	}
	return w, nil
}

// socketBuffer is the size of each socket's send and receive buffers, in bytes.
const socketBuffer = load.Buffer

// newStack makes a stack with netstack's defaults (Reno, SACK, RACK), but for fixed buffers of the size that all
// contenders have: it moves some 15 % more with them than with its own default of 1 MiB that grows.
func newStack(ep stack.LinkEndpoint, addr tcpip.Address, prefix int) (*stack.Stack, error) {
	s := stack.New(stack.Options{
		NetworkProtocols:   []stack.NetworkProtocolFactory{ipv4.NewProtocol, arp.NewProtocol},
		TransportProtocols: []stack.TransportProtocolFactory{tcp.NewProtocol},
	})
	if err := s.CreateNIC(nicID, ep); err != nil {
		return nil, fmt.Errorf("gVisor: a NIC: %v", err)
	}
	own := tcpip.ProtocolAddress{
		Protocol:          ipv4.ProtocolNumber,
		AddressWithPrefix: tcpip.AddressWithPrefix{Address: addr, PrefixLen: prefix},
	}
	if err := s.AddProtocolAddress(nicID, own, stack.AddressProperties{}); err != nil {
		return nil, fmt.Errorf("gVisor: an address: %v", err)
	}
	if err := setBuffers(s); err != nil {
		return nil, fmt.Errorf("gVisor: buffers: %v", err)
	}
	s.SetRouteTable([]tcpip.Route{{Destination: header.IPv4EmptySubnet, NIC: nicID}})
	return s, nil
}

func setBuffers(s *stack.Stack) tcpip.Error {
	send := tcpip.TCPSendBufferSizeRangeOption{Min: socketBuffer, Default: socketBuffer, Max: socketBuffer}
	receive := tcpip.TCPReceiveBufferSizeRangeOption{Min: socketBuffer, Default: socketBuffer, Max: socketBuffer}
	grow := tcpip.TCPModerateReceiveBufferOption(false)
	for _, o := range []tcpip.SettableTransportProtocolOption{&send, &receive, &grow} {
		if err := s.SetTransportProtocolOption(tcp.ProtocolNumber, o); err != nil {
			return err
		}
	}
	return nil
}

// close ends both stacks, their connections and their goroutines.
func (w *wire) close() {
	for _, s := range w.stacks {
		if s != nil {
			s.Destroy()
		}
	}
}
