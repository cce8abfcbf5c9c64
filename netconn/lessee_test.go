package netconn

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/dhcp"
	"smoltls/dns"
	"smoltls/iface"
	"smoltls/phy"
)

var leased = netip.MustParseAddr("192.0.2.100")

// serveLeases answers a DHCP client at the other end of a wire, frame by frame, until the wire is closed; its name
// server is what a lease says. It gives the kinds of the messages.
func serveLeases(t *testing.T, wire phy.Device, names ...string) <-chan layers.DHCPMsgType {
	kinds := make(chan layers.DHCPMsgType, 64)
	go func() {
		defer close(kinds)
		for wire.Wait(time.Time{}) == nil {
			for {
				f, err := wire.Receive(time.Now())
				if err != nil || f == nil {
					break
				}
				p := gopacket.NewPacket(append([]byte(nil), f...), layers.LayerTypeEthernet, gopacket.Default)
				if a, ok := p.Layer(layers.LayerTypeARP).(*layers.ARP); ok && a.Operation == layers.ARPRequest && a.DstProtAddress[3] == 1 {
					put(t, wire, here(a))
				}
				d, ok := p.Layer(layers.LayerTypeDHCPv4).(*layers.DHCPv4)
				if !ok {
					continue
				}
				kind := layers.DHCPMsgType(d.Options[0].Data[0])
				kinds <- kind
				if answer := lease(d, kind, names); answer != nil {
					put(t, wire, answer)
				}
			}
		}
	}()
	return kinds
}

func put(t *testing.T, wire phy.Device, frame []byte) {
	copy(wire.Buffer(len(frame)), frame)
	if err := wire.Send(time.Now(), len(frame)); err != nil {
		t.Error(err)
	}
}

var serverMAC = net.HardwareAddr{2, 0, 0, 0, 0, 0x67}

// here answers where the server is.
func here(a *layers.ARP) []byte {
	return serialize(&layers.Ethernet{SrcMAC: serverMAC, DstMAC: a.SourceHwAddress, EthernetType: layers.EthernetTypeARP}, &layers.ARP{
		AddrType: layers.LinkTypeEthernet, Protocol: layers.EthernetTypeIPv4, HwAddressSize: 6, ProtAddressSize: 4, Operation: layers.ARPReply,
		SourceHwAddress: serverMAC, SourceProtAddress: a.DstProtAddress, DstHwAddress: a.SourceHwAddress, DstProtAddress: a.SourceProtAddress,
	})
}

func serialize(ls ...gopacket.SerializableLayer) []byte {
	buf := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(buf, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, ls...); err != nil {
		panic(err)
	}
	return buf.Bytes()
}

// lease is the frame that answers a client's message.
func lease(d *layers.DHCPv4, kind layers.DHCPMsgType, names []string) []byte {
	switch kind {
	case layers.DHCPMsgTypeDiscover:
		kind = layers.DHCPMsgTypeOffer
	case layers.DHCPMsgTypeRequest:
		kind = layers.DHCPMsgTypeAck
	default:
		return nil
	}
	server := []byte{192, 0, 2, 1}
	a := &layers.DHCPv4{
		Operation: layers.DHCPOpReply, HardwareType: layers.LinkTypeEthernet, ClientHWAddr: d.ClientHWAddr, Xid: d.Xid, YourClientIP: leased.AsSlice(),
		Options: []layers.DHCPOption{
			layers.NewDHCPOption(layers.DHCPOptMessageType, []byte{byte(kind)}), layers.NewDHCPOption(layers.DHCPOptServerID, server),
			layers.NewDHCPOption(layers.DHCPOptLeaseTime, []byte{0, 0, 1, 0}), layers.NewDHCPOption(layers.DHCPOptSubnetMask, []byte{255, 255, 255, 0}),
		},
	}
	for _, n := range names {
		a.Options = append(a.Options, layers.NewDHCPOption(layers.DHCPOptDNS, netip.MustParseAddr(n).AsSlice()))
	}
	ip := &layers.IPv4{Version: 4, TTL: 64, Protocol: layers.IPProtocolUDP, SrcIP: server, DstIP: leased.AsSlice()}
	udp := &layers.UDP{SrcPort: dhcp.ServerPort, DstPort: dhcp.ClientPort}
	udp.SetNetworkLayerForChecksum(ip)
	return serialize(&layers.Ethernet{SrcMAC: serverMAC, DstMAC: d.ClientHWAddr, EthernetType: layers.EthernetTypeIPv4}, ip, udp, a)
}

func TestDHCPConfiguresARunnerAndCloseGivesTheLeaseBack(t *testing.T) {
	for _, keep := range []bool{false, true} {
		dev, wire := phy.NewSharedPipe(phy.PipeConfig{Medium: phy.MediumEthernet})
		kinds := serveLeases(t, wire)
		told := make(chan dhcp.Event, 8)
		r, err := Start(Config{Device: dev, KeepLease: keep, DHCP: &dhcp.Config{ProbeInterval: time.Millisecond, Event: func(e dhcp.Event) { told <- e }}})
		if err != nil {
			t.Fatal(err)
		}
		lease, err := r.WaitConfigured(t.Context())
		if err != nil || lease.Addr != netip.PrefixFrom(leased, 24) {
			t.Fatalf("%+v, %v", lease, err)
		}
		if again, ok := r.Lease(); !ok || again.Addr != lease.Addr || (<-told).Kind != dhcp.Bound {
			t.Errorf("%+v, %v", again, ok)
		}
		resolver, err := r.NewResolver(dns.Config{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := resolver.LookupNetIP(t.Context(), "ip4", "a.test"); !errors.Is(err, errNoNameServer) {
			t.Error(err)
		}
		if s := resolver.Stats(); s.Lookups != 0 {
			t.Errorf("%+v", s)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		for !keep { // the last message is read before the wire ends
			k, more := <-kinds
			if !more {
				t.Fatal("the lease was not given back")
			}
			if k == layers.DHCPMsgTypeRelease {
				break
			}
		}
		wire.Close()
		for k := range kinds {
			if k == layers.DHCPMsgTypeRelease {
				t.Error("the lease was not kept")
			}
		}
		if e := <-told; e.Kind != dhcp.Ended {
			t.Errorf("%v", e)
		}
		if _, err := r.WaitConfigured(t.Context()); !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	}
}

func TestNobodyConfiguresARunner(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev, _ := phy.NewSharedPipe(phy.PipeConfig{Medium: phy.MediumEthernet})
		r, err := Start(Config{Device: dev, DHCP: &dhcp.Config{}})
		if err != nil {
			t.Fatal(err)
		}
		resolver, err := r.NewResolver(dns.Config{})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := resolver.LookupNetIP(ctx, "ip4", "a.test"); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if _, err := r.WaitConfigured(ctx); !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, dhcp.ErrNoAnswer) {
			t.Error(err)
		}
		if _, ok := r.Lease(); ok {
			t.Error("a lease from nobody")
		}
		done := make(chan error)
		go func() { _, err := r.WaitConfigured(t.Context()); done <- err }()
		synctest.Wait()
		r.Close()
		if err := <-done; !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
}

func TestARunnerWithoutDHCPHasNoLease(t *testing.T) {
	dev, _ := phy.NewSharedPipe(phy.PipeConfig{Medium: phy.MediumEthernet})
	r := start(t, dev, "192.0.2.1/24")
	if _, err := r.WaitConfigured(t.Context()); !errors.Is(err, ErrConfig) {
		t.Error(err)
	}
	if _, ok := r.Lease(); ok {
		t.Error("a lease")
	}
	other, _ := phy.NewSharedPipe(phy.PipeConfig{Medium: phy.MediumIP})
	if _, err := Start(Config{Device: other, DHCP: &dhcp.Config{}}); !errors.Is(err, dhcp.ErrConfig) {
		t.Error(err)
	}
	if _, err := Start(Config{Device: other}); !errors.Is(err, iface.ErrConfig) {
		t.Error(err)
	}
}

// advertiseRouter answers router solicitations at the other end of a wire, until it is closed, by an advertisement with
// a network and a DNS server on the link. It gives whom packets of DNS are for.
func advertiseRouter(t *testing.T, wire phy.Device) <-chan netip.Addr {
	asked := make(chan netip.Addr, 64)
	router, all := netip.MustParseAddr("fe80::1"), netip.MustParseAddr("ff02::1")
	options := layers.ICMPv6Options{
		{Type: layers.ICMPv6OptSourceAddress, Data: serverMAC},
		{Type: layers.ICMPv6OptPrefixInfo, Data: append([]byte{64, 0xc0, 0, 0, 14, 16, 0, 0, 14, 16, 0, 0, 0, 0}, netip.MustParseAddr("2001:db8::").AsSlice()...)},
		{Type: 25, Data: append([]byte{0, 0, 0, 0, 14, 16}, router.AsSlice()...)}, // RFC 8106 §5.1
	}
	go func() {
		defer close(asked)
		for wire.Wait(time.Time{}) == nil {
			for f, err := wire.Receive(time.Now()); err == nil && f != nil; f, err = wire.Receive(time.Now()) {
				p := gopacket.NewPacket(append([]byte(nil), f...), layers.LayerTypeEthernet, gopacket.Default)
				ip, _ := p.Layer(layers.LayerTypeIPv6).(*layers.IPv6)
				if udp, ok := p.Layer(layers.LayerTypeUDP).(*layers.UDP); ok && udp.DstPort == dns.Port {
					asked <- netip.AddrFrom16([16]byte(ip.DstIP))
				}
				if p.Layer(layers.LayerTypeICMPv6RouterSolicitation) == nil {
					continue
				}
				ip = &layers.IPv6{Version: 6, HopLimit: 255, NextHeader: layers.IPProtocolICMPv6, SrcIP: router.AsSlice(), DstIP: all.AsSlice()}
				icmp := &layers.ICMPv6{TypeCode: layers.CreateICMPv6TypeCode(layers.ICMPv6TypeRouterAdvertisement, 0)}
				icmp.SetNetworkLayerForChecksum(ip)
				put(t, wire, serialize(&layers.Ethernet{SrcMAC: serverMAC, DstMAC: net.HardwareAddr{0x33, 0x33, 0, 0, 0, 1}, EthernetType: layers.EthernetTypeIPv6}, ip, icmp,
					&layers.ICMPv6RouterAdvertisement{HopLimit: 64, RouterLifetime: 1800, Options: options}))
			}
		}
	}()
	return asked
}

func TestResolversAskTheServersThatRoutersAdvertise_RFC8106(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dev, wire := phy.NewSharedPipe(phy.PipeConfig{Medium: phy.MediumEthernet})
		asked := advertiseRouter(t, wire)
		news := make(chan bool, 8)
		r, err := Start(Config{Device: dev, Interface: iface.Config{Autoconf: true, DNSEvent: func() { news <- true }}})
		if err != nil {
			t.Fatal(err)
		}
		resolver, err := r.NewResolver(dns.Config{Rounds: 1})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := resolver.LookupNetIP(t.Context(), "ip6", "a.test"); !errors.Is(err, dns.ErrTimeout) { // which asks nobody before it knows whom
			t.Error(err)
		}
		if to := <-asked; to != netip.MustParseAddr("fe80::1") || !<-news {
			t.Errorf("asked %v", to)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		wire.Close()
		for range asked {
		}
	})
}
