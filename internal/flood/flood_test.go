package flood

import (
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// Every kind but noise is what it says it is, for a judge that shares nothing with us, and no two frames are the same.
func TestFramesAreWellFormed(t *testing.T) {
	target := &Target{
		MAC: [6]byte{2, 0, 0, 0, 0, 1}, IPv4: netip.MustParseAddr("192.0.2.1"), IPv6: netip.MustParseAddr("2001:db8::1"), Router: netip.MustParseAddr("fe80::1"),
		Listening: 80, Local: netip.MustParseAddrPort("192.0.2.1:80"), Remote: netip.MustParseAddrPort("192.0.2.9:4000"), Rand: rand.New(rand.NewPCG(1, 2)),
	}
	wanted := map[string]gopacket.LayerType{
		"ARP requests": layers.LayerTypeARP, "ARP replies": layers.LayerTypeARP, "fragments of IPv4": gopacket.LayerTypeFragment, "fragments of IPv6": layers.LayerTypeIPv6Fragment,
		"overlapping fragments": gopacket.LayerTypeFragment, "neighbour solicitations": layers.LayerTypeICMPv6NeighborSolicitation,
		"neighbour advertisements": layers.LayerTypeICMPv6NeighborAdvertisement, "router advertisements": layers.LayerTypeICMPv6RouterAdvertisement,
		"redirects": layers.LayerTypeICMPv6Redirect, "echo requests": layers.LayerTypeICMPv4, "datagrams for nobody": layers.LayerTypeUDP, "ICMP errors": layers.LayerTypeICMPv4,
		"SYNs for nobody": layers.LayerTypeTCP, "SYNs for a listener": layers.LayerTypeTCP, "tiny segments of the connection": layers.LayerTypeTCP,
		"resets of the connection": layers.LayerTypeTCP,
	}
	for _, k := range Kinds {
		seen := map[string]bool{}
		for range 100 {
			f := k.Frame(target)
			if seen[string(f)] || len(f) > 1514 || len(f) < 14 {
				t.Fatalf("%s: %x", k.Name, f)
			}
			seen[string(f)] = true
			if strings.HasPrefix(k.Name, "random") {
				continue
			}
			p := gopacket.NewPacket(f, layers.LayerTypeEthernet, gopacket.Default)
			if p.ErrorLayer() != nil || p.Layer(wanted[k.Name]) == nil {
				t.Fatalf("%s: %v", k.Name, p)
			}
		}
	}
}
