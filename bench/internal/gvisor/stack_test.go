package gvisor

import (
	"testing"

	"gvisor.dev/gvisor/pkg/buffer"
	"gvisor.dev/gvisor/pkg/tcpip/checksum"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/link/pipe"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
)

// syn is an IPv4 packet with a SYN from the first address of a wire to the second, its TCP checksum off by so much.
func syn(off uint16) []byte {
	const size = header.IPv4MinimumSize + header.TCPMinimumSize
	b := make([]byte, size)
	ip := header.IPv4(b)
	ip.Encode(&header.IPv4Fields{
		TotalLength: size, TTL: 64, Protocol: uint8(header.TCPProtocolNumber), SrcAddr: pairAddrs[0], DstAddr: pairAddrs[1],
	})
	ip.SetChecksum(^ip.CalculateChecksum())
	tcp := header.TCP(b[header.IPv4MinimumSize:])
	tcp.Encode(&header.TCPFields{
		SrcPort: 1000, DstPort: port, SeqNum: 1, DataOffset: header.TCPMinimumSize, Flags: header.TCPFlagSyn, WindowSize: 1000,
	})
	pseudo := header.PseudoHeaderChecksum(header.TCPProtocolNumber, pairAddrs[0], pairAddrs[1], header.TCPMinimumSize)
	tcp.SetChecksum(^checksum.Combine(tcp.CalculateChecksum(pseudo), 0) + off)
	return b
}

func TestThePeerVerifiesChecksums(t *testing.T) {
	for _, off := range []uint16{0, 1} {
		a, b := pipe.New("\x02\x00\x00\x00\x00\x01", "\x02\x00\x00\x00\x00\x02", mtu)
		w, err := joined([2]stack.LinkEndpoint{a, b})
		if err != nil {
			t.Fatal(err)
		}
		defer w.close()
		if _, err := w.listen(); err != nil {
			t.Fatal(err)
		}
		pkt := stack.NewPacketBuffer(stack.PacketBufferOptions{Payload: buffer.MakeWithData(syn(off))})
		pkt.NetworkProtocolNumber = ipv4.ProtocolNumber
		var list stack.PacketBufferList
		list.PushBack(pkt)
		a.WritePackets(list)
		st := w.stacks[1].Stats().TCP
		if got := st.ChecksumErrors.Value(); got != uint64(off) {
			t.Errorf("off by %d: %d checksum errors counted", off, got)
		}
		if valid := st.ValidSegmentsReceived.Value() > 0; valid != (off == 0) {
			t.Errorf("off by %d: counted as valid: %v", off, valid)
		}
	}
}

func TestNeitherEndOfAWireClaimsAnOffload(t *testing.T) {
	w, err := newWire()
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	for i, s := range w.stacks {
		info := s.NICInfo()[nicID]
		if info.MTU != mtu {
			t.Errorf("stack %d: MTU %d", i, info.MTU)
		}
		ep := s.GetLinkEndpointByName(info.Name)
		if ep.Capabilities() != 0 {
			t.Errorf("stack %d: capabilities %x", i, ep.Capabilities())
		}
		if _, ok := ep.(stack.GSOEndpoint); ok {
			t.Errorf("stack %d: segmentation offload", i)
		}
	}
}
