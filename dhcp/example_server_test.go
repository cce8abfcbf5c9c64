package dhcp_test

import (
	"log"
	"net"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/phy"
)

// server is at the other end of a wire in memory, and gives whoever asks 192.0.2.100 for an hour.
type server struct{ wire phy.Device }

// poll answers what has come.
func (s server) poll(now time.Time) {
	for {
		f, err := s.wire.Receive(now)
		if err != nil {
			log.Fatal(err)
		}
		if f == nil {
			return
		}
		p := gopacket.NewPacket(append([]byte(nil), f...), layers.LayerTypeEthernet, gopacket.Default)
		if question, ok := p.Layer(layers.LayerTypeDHCPv4).(*layers.DHCPv4); ok {
			answer := s.answer(question)
			copy(s.wire.Buffer(len(answer)), answer)
			s.wire.Send(now, len(answer))
		}
	}
}

// answer gives the frame that answers a question.
func (s server) answer(q *layers.DHCPv4) []byte {
	kind := layers.DHCPMsgTypeOffer
	if q.Options[0].Data[0] == byte(layers.DHCPMsgTypeRequest) {
		kind = layers.DHCPMsgTypeAck
	}
	self, yours := []byte{192, 0, 2, 1}, []byte{192, 0, 2, 100}
	ip := &layers.IPv4{Version: 4, TTL: 64, Protocol: layers.IPProtocolUDP, SrcIP: self, DstIP: yours}
	udp := &layers.UDP{SrcPort: 67, DstPort: 68}
	udp.SetNetworkLayerForChecksum(ip)
	buf := gopacket.NewSerializeBuffer()
	err := gopacket.SerializeLayers(buf, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true},
		&layers.Ethernet{SrcMAC: net.HardwareAddr{2, 0, 0, 0, 0, 1}, DstMAC: q.ClientHWAddr, EthernetType: layers.EthernetTypeIPv4}, ip, udp,
		&layers.DHCPv4{
			Operation: layers.DHCPOpReply, HardwareType: layers.LinkTypeEthernet, ClientHWAddr: q.ClientHWAddr, Xid: q.Xid, YourClientIP: yours,
			Options: layers.DHCPOptions{
				layers.NewDHCPOption(layers.DHCPOptMessageType, []byte{byte(kind)}), layers.NewDHCPOption(layers.DHCPOptServerID, self),
				layers.NewDHCPOption(layers.DHCPOptLeaseTime, []byte{0, 0, 0x0e, 0x10}), layers.NewDHCPOption(layers.DHCPOptSubnetMask, []byte{255, 255, 255, 0}),
				layers.NewDHCPOption(layers.DHCPOptRouter, self), layers.NewDHCPOption(layers.DHCPOptDNS, []byte{192, 0, 2, 53}),
			},
		})
	if err != nil {
		log.Fatal(err)
	}
	return buf.Bytes()
}
