package iface

import (
	"net/netip"
	"testing"

	"github.com/google/gopacket/layers"

	"smoltls/internal/checksum"
	"smoltls/phy"
)

func TestHeadersAreWhatGopacketReads(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	r.put(r.arpFrom(arpReply, peer4, our4))
	r.connectTo(netip.AddrPortFrom(peer4, 80))
	r.poll()
	p := r.take()
	ip, ok := p.Layer(layers.LayerTypeIPv4).(*layers.IPv4)
	if !ok || ip.TTL != defaultHopLimit || ip.Flags != layers.IPv4DontFragment || int(ip.Length) != len(p.Data())-ethernetHeaderLen ||
		checksum.Fold(checksum.Sum(ip.Contents, 0)) != 0xffff {
		t.Fatalf("%+v", ip)
	}
	seg := p.Layer(layers.LayerTypeTCP).(*layers.TCP)
	if sum := checksum.Fold(checksum.Sum(ip.Payload, checksum.PseudoV4(our4.As4(), peer4.As4(), protoTCP, len(ip.Payload)))); sum != 0xffff {
		t.Fatalf("TCP checksum %#04x of %+v", sum, seg)
	}
	for _, o := range seg.Options {
		if o.OptionType == layers.TCPOptionKindMSS && (int(o.OptionData[0])<<8|int(o.OptionData[1])) != 1460 {
			t.Fatalf("MSS %v", o)
		}
	}
}
