package dhcp

import (
	"encoding/binary"
	"net"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
)

var (
	epoch     = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	clientMAC = [6]byte{2, 0, 0, 0, 0, 1}
	otherMAC  = [6]byte{2, 0, 0, 0, 0, 0x99}
	server1   = station{[6]byte{2, 0, 0, 0, 0, 0x67}, netip.MustParseAddr("192.0.2.1")}
	server2   = station{[6]byte{2, 0, 0, 0, 0, 0x68}, netip.MustParseAddr("192.0.2.2")}
	offered   = netip.MustParsePrefix("192.0.2.100/24")
)

// station is somebody on the link.
type station struct {
	mac  [6]byte
	addr netip.Addr
}

// heard is a message of the client's.
type heard struct {
	at       time.Time
	kind     layers.DHCPMsgType
	src, dst netip.Addr
	*layers.DHCPv4
	options map[layers.DHCPOpt][]byte
}

// answer is a message of a server's. Zero fields are what a server would say that gives server1's lease of an hour.
type answer struct {
	from     station
	kind     layers.DHCPMsgType
	yours    netip.Addr
	seconds  uint32
	options  []layers.DHCPOption // more
	instead  []layers.DHCPOption // in place of all
	mac      [6]byte             // chaddr
	xid      uint32              // added to the client's
	delay    time.Duration
	toAll    bool // broadcast
	sname    []byte
	file     []byte
	whole    []byte // in place of the message
	clientID []byte
}

// world is a client on a wire in memory; the test is all the others.
type world struct {
	t      testing.TB
	now    time.Time
	ifc    *iface.Interface
	tcps   *set.TCPSocketSet
	c      *Client
	wire   phy.Device
	serve  func(h heard) []answer
	taken  map[netip.Addr]bool // addresses that other stations have
	heard  []heard
	probes int // ARP questions from nobody
	claims int // ARP announcements
	events []Event
	late   []pending
}

// pending is a frame that is on its way.
type pending struct {
	at    time.Time
	frame []byte
}

func newWorld(t testing.TB, cfg Config) *world {
	t.Helper()
	dev, wire := phy.NewPipe(phy.PipeConfig{Medium: phy.MediumEthernet})
	w := &world{t: t, now: epoch, wire: wire, taken: make(map[netip.Addr]bool)}
	w.over(dev, cfg)
	return w
}

// over makes the client on dev.
func (w *world) over(dev phy.Device, cfg Config) {
	w.t.Helper()
	var err error
	if w.ifc, err = iface.New(iface.Config{Device: dev, HardwareAddr: clientMAC, AddrsLater: true}); err != nil {
		w.t.Fatal(err)
	}
	w.tcps = set.NewTCP(w.ifc, set.Limits{})
	w.again(cfg)
	w.serve = gives(answer{})
}

// again puts another client in the place of the one that was.
func (w *world) again(cfg Config) {
	w.t.Helper()
	cfg.Event = func(e Event) { w.events = append(w.events, e) }
	var err error
	if w.c, err = New(w.ifc, cfg); err != nil {
		w.t.Fatal(err)
	}
}

// gives is a server that answers each question as it is proper, with what a says.
func gives(a answer) func(heard) []answer {
	return func(h heard) []answer {
		b := a
		switch h.kind {
		case layers.DHCPMsgTypeDiscover:
			b.kind = layers.DHCPMsgTypeOffer
		case layers.DHCPMsgTypeRequest:
			if id := h.options[layers.DHCPOptServerID]; id != nil && !slices.Equal(id, b.server().addr.AsSlice()) {
				return nil
			}
			b.kind = layers.DHCPMsgTypeAck
		default:
			return nil
		}
		return []answer{b}
	}
}

func (a *answer) server() station {
	if a.from == (station{}) {
		return server1
	}
	return a.from
}

func silent(heard) []answer { return nil }

// until lets time pass until done, from deadline to deadline.
func (w *world) until(what string, done func() bool) {
	w.t.Helper()
	for range 100_000 {
		w.poll()
		if done() {
			return
		}
		at := w.pollAt()
		if at.IsZero() {
			w.t.Fatalf("%s: nothing will ever happen; %v, %v", what, w.c.State(), w.c.Err())
		}
		if at.After(w.now) {
			w.now = at
		}
	}
	w.t.Fatalf("%s: no end; %v, %v", what, w.c.State(), w.c.Err())
}

func (w *world) untilBound() Lease {
	w.t.Helper()
	w.until("a lease", func() bool { return w.c.State() == StateBound })
	l, _ := w.c.Lease()
	return l
}

// sleep lets a time pass.
func (w *world) sleep(d time.Duration) {
	w.t.Helper()
	w.until("time", w.after(d))
}

func (w *world) after(d time.Duration) func() bool {
	end := w.now.Add(d)
	return func() bool {
		if at := w.pollAt(); at.IsZero() || at.After(end) {
			w.now = end
			w.poll()
		}
		return !w.now.Before(end)
	}
}

func (w *world) poll() {
	w.t.Helper()
	for range 3 {
		w.deliver()
		if err := set.Poll(w.now, w.ifc, w.tcps, nil); err != nil {
			w.t.Fatal(err)
		}
		w.c.Poll(w.now)
		w.listen()
	}
}

func (w *world) pollAt() (at time.Time) {
	times := []time.Time{set.PollAt(w.now, w.ifc, w.tcps, nil), w.c.PollAt()}
	for _, p := range w.late {
		times = append(times, p.at)
	}
	for _, t := range times {
		if !t.IsZero() && (at.IsZero() || t.Before(at)) {
			at = t
		}
	}
	return at
}

// deliver puts frames on the wire whose time has come.
func (w *world) deliver() {
	w.t.Helper()
	for k := 0; k < len(w.late); k++ {
		if p := w.late[k]; !p.at.After(w.now) {
			w.late = slices.Delete(w.late, k, k+1)
			k--
			w.put(p.frame)
		}
	}
}

func (w *world) put(frame []byte) {
	w.t.Helper()
	copy(w.wire.Buffer(len(frame)), frame)
	if err := w.wire.Send(w.now, len(frame)); err != nil {
		w.t.Fatal(err)
	}
}

// listen takes what the client has sent.
func (w *world) listen() {
	w.t.Helper()
	for {
		f, err := w.wire.Receive(w.now)
		if err != nil {
			w.t.Fatal(err)
		}
		if f == nil {
			return
		}
		p := gopacket.NewPacket(slices.Clone(f), layers.LayerTypeEthernet, gopacket.Default)
		if e := p.ErrorLayer(); e != nil {
			w.t.Fatalf("gopacket can't read the client's frame: %v", e.Error())
		}
		if a, ok := p.Layer(layers.LayerTypeARP).(*layers.ARP); ok {
			w.arp(a)
		}
		if d, ok := p.Layer(layers.LayerTypeDHCPv4).(*layers.DHCPv4); ok {
			w.dhcp(p, d)
		}
	}
}

// arp answers for the servers, and for who has an address that the client asks for.
func (w *world) arp(a *layers.ARP) {
	sender, target := netip.AddrFrom4([4]byte(a.SourceProtAddress)), netip.AddrFrom4([4]byte(a.DstProtAddress))
	switch {
	case sender.IsUnspecified():
		w.probes++
	case sender == target:
		w.claims++
	}
	who := station{otherMAC, target}
	for _, s := range []station{server1, server2} {
		if s.addr == target {
			who = s
		}
	}
	if who.mac != otherMAC || w.taken[target] && a.Operation == layers.ARPRequest && sender != target {
		w.put(arpFrame(who, layers.ARPReply, station{clientMAC, sender}))
	}
}

func arpFrame(from station, op uint16, to station) []byte {
	return frame(&layers.Ethernet{SrcMAC: from.mac[:], DstMAC: broadcast, EthernetType: layers.EthernetTypeARP}, &layers.ARP{
		AddrType: layers.LinkTypeEthernet, Protocol: layers.EthernetTypeIPv4, HwAddressSize: 6, ProtAddressSize: 4, Operation: op,
		SourceHwAddress: from.mac[:], SourceProtAddress: from.addr.AsSlice(), DstHwAddress: to.mac[:], DstProtAddress: to.addr.AsSlice(),
	})
}

var broadcast = net.HardwareAddr{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

func frame(ls ...gopacket.SerializableLayer) []byte {
	buf := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(buf, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, ls...); err != nil {
		panic(err)
	}
	return buf.Bytes()
}

// dhcp has a message answered.
func (w *world) dhcp(p gopacket.Packet, d *layers.DHCPv4) {
	ip := p.NetworkLayer().(*layers.IPv4)
	h := heard{at: w.now, DHCPv4: d, options: make(map[layers.DHCPOpt][]byte)}
	h.src, _ = netip.AddrFromSlice(ip.SrcIP)
	h.dst, _ = netip.AddrFromSlice(ip.DstIP)
	for _, o := range d.Options {
		h.options[o.Type] = o.Data
	}
	h.kind = layers.DHCPMsgType(h.options[layers.DHCPOptMessageType][0])
	w.heard = append(w.heard, h)
	if len(p.Data()) < 14+20+8+300 || d.Operation != layers.DHCPOpRequest || !slices.Equal(d.ClientHWAddr, clientMAC[:]) || h.options[layers.DHCPOptClientID] == nil {
		w.t.Errorf("%+v", h)
	}
	for _, a := range w.serve(h) {
		w.late = append(w.late, pending{w.now.Add(a.delay), a.frame(&h)})
	}
}

func u32(n uint32) []byte { return binary.BigEndian.AppendUint32(nil, n) }

func option(t layers.DHCPOpt, v ...byte) layers.DHCPOption { return layers.NewDHCPOption(t, v) }

func addrs(t layers.DHCPOpt, all ...string) layers.DHCPOption {
	var v []byte
	for _, a := range all {
		v = append(v, netip.MustParseAddr(a).AsSlice()...)
	}
	return layers.NewDHCPOption(t, v)
}

// frame makes the frame of an answer to h.
func (a answer) frame(h *heard) []byte {
	s := a.server()
	if !a.yours.IsValid() {
		a.yours = offered.Addr()
	}
	if a.seconds == 0 {
		a.seconds = 3600
	}
	if a.mac == [6]byte{} {
		a.mac = clientMAC
	}
	d := &layers.DHCPv4{
		Operation: layers.DHCPOpReply, HardwareType: layers.LinkTypeEthernet, HardwareLen: 6, ClientHWAddr: a.mac[:], Xid: h.Xid + a.xid, YourClientIP: a.yours.AsSlice(),
		ServerName: a.sname, File: a.file, Flags: h.Flags,
	}
	if a.kind == layers.DHCPMsgTypeNak {
		d.YourClientIP = net.IPv4zero
		d.Options = []layers.DHCPOption{option(layers.DHCPOptMessageType, byte(a.kind)), option(layers.DHCPOptServerID, s.addr.AsSlice()...)}
	} else {
		d.Options = append([]layers.DHCPOption{
			option(layers.DHCPOptMessageType, byte(a.kind)), option(layers.DHCPOptServerID, s.addr.AsSlice()...), option(layers.DHCPOptLeaseTime, u32(a.seconds)...),
			option(layers.DHCPOptSubnetMask, 255, 255, 255, 0),
		}, a.options...)
	}
	if a.clientID != nil {
		d.Options = append(d.Options, option(layers.DHCPOptClientID, a.clientID...))
	}
	if a.instead != nil {
		d.Options = a.instead
	}
	to, mac := h.src, net.HardwareAddr(clientMAC[:])
	if to.IsUnspecified() {
		to = a.yours
	}
	if a.toAll || a.kind == layers.DHCPMsgTypeNak {
		to, mac = netip.AddrFrom4([4]byte{255, 255, 255, 255}), broadcast
	}
	ip := &layers.IPv4{Version: 4, TTL: 64, Protocol: layers.IPProtocolUDP, SrcIP: s.addr.AsSlice(), DstIP: to.AsSlice()}
	udp := &layers.UDP{SrcPort: ServerPort, DstPort: ClientPort}
	udp.SetNetworkLayerForChecksum(ip)
	var body gopacket.SerializableLayer = d
	if a.whole != nil {
		body = gopacket.Payload(a.whole)
	}
	return frame(&layers.Ethernet{SrcMAC: s.mac[:], DstMAC: mac, EthernetType: layers.EthernetTypeIPv4}, ip, udp, body)
}

// kinds are those of the events that there were.
func (w *world) kinds() (all []EventKind) {
	for _, e := range w.events {
		all = append(all, e.Kind)
	}
	return all
}
