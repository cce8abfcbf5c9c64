package iface

import (
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/phy"
)

func TestDecodingAllocatesNothing(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	seg := syn(80)
	seg.SYN, seg.ACK = false, true
	seg.Options = []layers.TCPOption{{OptionType: layers.TCPOptionKindNop}, {OptionType: layers.TCPOptionKindNop},
		{OptionType: layers.TCPOptionKindTimestamps, OptionLength: 10, OptionData: make([]byte, 8)}}
	f4 := r.frame(eth(layers.EthernetTypeIPv4), ip4(layers.IPProtocolTCP), seg, gopacket.Payload(make([]byte, 1000)))
	f6 := r.frame(eth(layers.EthernetTypeIPv6), ip6(layers.IPProtocolTCP), seg, gopacket.Payload(make([]byte, 1000)))
	if n := testing.AllocsPerRun(100, func() {
		if !r.decoder.decode(f4, true) || !r.decoder.decode(f6, true) || !r.decoder.decode(f4[ethernetHeaderLen:], false) {
			t.Fatal("not decoded")
		}
	}); n != 0 {
		t.Fatalf("%v allocations", n)
	}
	if k := r.decoder.layer(1); k != layers.LayerTypeTCP {
		t.Fatalf("%v", r.decoder.found)
	}
	if r.decoder.layer(9) != gopacket.LayerTypeZero {
		t.Fatal("a layer that is not there")
	}
}
