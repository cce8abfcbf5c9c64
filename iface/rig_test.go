package iface

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/phy"
	"smoltls/tcp"
)

// rig is one station under test; the test itself is at the other end of its wire, with frames that gopacket makes and
// reads.
type rig struct {
	*station
	t    testing.TB
	now  time.Time
	wire phy.Device
}

var (
	ourMAC  = [6]byte{2, 0, 0, 0, 0, 1}
	peerMAC = [6]byte{2, 0, 0, 0, 0, 2}
	our4    = netip.MustParseAddr("192.0.2.1")
	peer4   = netip.MustParseAddr("192.0.2.9")
	our6    = netip.MustParseAddr("2001:db8::1")
	peer6   = netip.MustParseAddr("2001:db8::9")
)

func newRig(t testing.TB, m phy.Medium, l Limits) *rig {
	t.Helper()
	return newRigOn(t, phy.PipeConfig{Medium: m}, l)
}

func newRigOn(t testing.TB, c phy.PipeConfig, l Limits) *rig {
	t.Helper()
	dev, wire := phy.NewPipe(c)
	i, err := New(Config{
		Device: dev, HardwareAddr: ourMAC, Rand: zeroRand{1}, Limits: l,
		Addrs:   []netip.Prefix{netip.PrefixFrom(our4, 24), netip.PrefixFrom(our6, 64)},
		Gateway: netip.MustParseAddr("192.0.2.254"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return &rig{&station{i, make(map[*Conn]int)}, t, start, wire}
}

// frame lets gopacket build a frame, lengths and checksums included.
func (r *rig) frame(ls ...gopacket.SerializableLayer) []byte {
	r.t.Helper()
	for k, l := range ls {
		if n, ok := l.(interface {
			SetNetworkLayerForChecksum(gopacket.NetworkLayer) error
		}); ok && k > 0 {
			if ip, ok := ls[k-1].(gopacket.NetworkLayer); ok {
				n.SetNetworkLayerForChecksum(ip)
			}
		}
	}
	buf := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(buf, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, ls...); err != nil {
		r.t.Fatal(err)
	}
	return buf.Bytes()
}

func eth(t layers.EthernetType) *layers.Ethernet {
	return &layers.Ethernet{SrcMAC: peerMAC[:], DstMAC: ourMAC[:], EthernetType: t}
}

func ip4(p layers.IPProtocol) *layers.IPv4 {
	return &layers.IPv4{Version: 4, TTL: 64, Protocol: p, SrcIP: peer4.AsSlice(), DstIP: our4.AsSlice()}
}

func ip6(p layers.IPProtocol) *layers.IPv6 {
	return &layers.IPv6{Version: 6, HopLimit: 64, NextHeader: p, SrcIP: peer6.AsSlice(), DstIP: our6.AsSlice()}
}

// put puts a frame on the wire, and lets the station take it.
func (r *rig) put(frame []byte) {
	r.t.Helper()
	b := r.wire.Buffer(len(frame))
	copy(b, frame)
	if err := r.wire.Send(r.now, len(frame)); err != nil {
		r.t.Fatal(err)
	}
	r.poll()
}

func (r *rig) poll() {
	r.t.Helper()
	if _, err := r.Ingress(r.now, 100); err != nil {
		r.t.Fatal(err)
	}
	if _, err := r.Egress(r.now, 100); err != nil {
		r.t.Fatal(err)
	}
}

// take gives the station's next frame, as gopacket reads it; nil when there is none. What gopacket can't read fails the
// test.
func (r *rig) take() gopacket.Packet {
	r.t.Helper()
	f, err := r.wire.Receive(r.now)
	if err != nil {
		r.t.Fatal(err)
	}
	if f == nil {
		return nil
	}
	first := gopacket.LayerType(layers.LayerTypeEthernet)
	if !r.ether {
		first = layers.LayerTypeIPv4
		if f[0]>>4 == 6 {
			first = layers.LayerTypeIPv6
		}
	}
	p := gopacket.NewPacket(append([]byte(nil), f...), first, gopacket.Default)
	if e := p.ErrorLayer(); e != nil {
		r.t.Fatalf("gopacket can't read our frame: %v", e.Error())
	}
	return p
}

func (r *rig) nothing() {
	r.t.Helper()
	if p := r.take(); p != nil {
		r.t.Fatalf("unexpected frame: %v", p)
	}
}

// dropped checks that exactly one more frame was dropped, for that reason, by f.
func (r *rig) dropped(why DropReason, f func()) {
	r.t.Helper()
	before := r.Stats()
	f()
	after := r.Stats()
	for k := range after.Drops {
		d := after.Drops[k] - before.Drops[k]
		if want := DropReason(k) == why; want && d != 1 || !want && d != 0 {
			r.t.Errorf("%d frames dropped as %q, wanted one as %q", d, DropReason(k), why)
		}
	}
	if after.FramesIn != after.Delivered+sum(after.Drops[:]) {
		r.t.Errorf("%d frames in, %d delivered, %d dropped", after.FramesIn, after.Delivered, sum(after.Drops[:]))
	}
}

func sum(ns []uint64) (s uint64) {
	for _, n := range ns {
		s += n
	}
	return s
}

// arpFrom answers for the peer, so that the station knows where it is.
func (r *rig) arpFrom(op uint16, sender, target netip.Addr) []byte {
	return r.frame(eth(layers.EthernetTypeARP), &layers.ARP{
		AddrType: layers.LinkTypeEthernet, Protocol: layers.EthernetTypeIPv4, HwAddressSize: 6, ProtAddressSize: 4, Operation: op,
		SourceHwAddress: peerMAC[:], SourceProtAddress: sender.AsSlice(), DstHwAddress: make([]byte, 6), DstProtAddress: target.AsSlice(),
	})
}

// listen makes the station accept connections on port 80.
func (r *rig) listen(cfg tcp.ListenConfig) *Listener {
	r.t.Helper()
	l := &Listener{}
	if err := r.Listen(l, netip.MustParseAddrPort("[::]:80"), cfg, func() (*Conn, Owner) { return &Conn{}, r }); err != nil {
		r.t.Fatal(err)
	}
	return l
}

func syn(port uint16) *layers.TCP {
	return &layers.TCP{SrcPort: 4000, DstPort: layers.TCPPort(port), Seq: 1000, SYN: true, Window: 60000}
}

var defaultListen tcp.ListenConfig

func parseIP(s string) []byte { return netip.MustParseAddr(s).AsSlice() }
