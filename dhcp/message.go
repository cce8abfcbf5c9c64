package dhcp

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// Where things stand in a message (RFC 2131 §2), for what must be known before all of it is read.
const (
	offOp, offHwType, offHwLen = 0, 1, 2
	offXid, offChaddr          = 4, 28
	fixedLen                   = 240 // with the cookie
	ethernetLen                = 6
	bootpLen                   = 300 // shorter ones are not forwarded by old relays (RFC 1542 §2.1)
	flagBroadcast              = 1 << 15
)

// Options that layers has no name for.
const (
	optNTP       = layers.DHCPOptNTPServers
	optOverload  = layers.DHCPOptExtOptions
	overloadFile = 1 // bits of optOverload (RFC 2132 §9.3)
	overloadName = 2
)

// wanted are the options that every server is asked for. Classless routes stand before routers (RFC 3442).
var wanted = []byte{
	byte(layers.DHCPOptSubnetMask), byte(layers.DHCPOptClasslessStaticRoute), byte(layers.DHCPOptRouter), byte(layers.DHCPOptDNS), byte(layers.DHCPOptDomainName),
	byte(layers.DHCPOptInterfaceMTU), byte(optNTP), byte(layers.DHCPOptLeaseTime), byte(layers.DHCPOptServerID), byte(layers.DHCPOptT1), byte(layers.DHCPOptT2),
}

// message is what a server said.
type message struct {
	kind    layers.DHCPMsgType
	yours   netip.Addr // the address that we may have
	server  netip.Addr // the server's identifier; invalid: it does not say
	options options
}

// options are what a message has, each in one piece.
type options map[layers.DHCPOpt][]byte

// identity is by what an answer is told to be ours.
type identity struct {
	hw [6]byte
	id []byte
}

// parse reads an answer to the question xid of who. An error is errForeign or errMalformed. What is in m is its own.
func parse(b []byte, xid uint32, who *identity) (m message, err error) {
	switch {
	case len(b) < fixedLen:
		return m, fmt.Errorf("%w: %d bytes", errMalformed, len(b))
	case b[offOp] != byte(layers.DHCPOpReply), b[offHwType] != byte(layers.LinkTypeEthernet), b[offHwLen] != ethernetLen, // checked first: layers panics on some lengths
		binary.BigEndian.Uint32(b[offXid:]) != xid, [6]byte(b[offChaddr:]) != who.hw:
		return m, errForeign
	}
	var d layers.DHCPv4
	if err := d.DecodeFromBytes(b, gopacket.NilDecodeFeedback); err != nil {
		return m, fmt.Errorf("%w: %w", errMalformed, err)
	}
	m.options = make(options)
	m.options.gather(d.Options)
	if err := m.options.overloaded(&d); err != nil {
		return m, err
	}
	if id, said := m.options[layers.DHCPOptClientID]; said && string(id) != string(who.id) { // RFC 6842 §3
		return m, errForeign
	}
	kind := m.options[layers.DHCPOptMessageType]
	if len(kind) != 1 {
		return m, fmt.Errorf("%w: no message type", errMalformed)
	}
	m.kind = layers.DHCPMsgType(kind[0])
	m.yours, _ = netip.AddrFromSlice(d.YourClientIP)
	m.server, _ = m.options.addr(layers.DHCPOptServerID)
	return m, nil
}

// gather joins what has come in pieces, in the order in which it came (RFC 3396 §7).
func (o options) gather(all layers.DHCPOptions) {
	for _, p := range all {
		if p.Type != layers.DHCPOptPad && p.Type != layers.DHCPOptEnd {
			o[p.Type] = append(o[p.Type], p.Data...)
		}
	}
}

// overloaded reads the options in the fields for names, if they are used for that: the file's first (RFC 2131 §4.1, RFC
// 3396 §5).
func (o options) overloaded(d *layers.DHCPv4) error {
	use := o[optOverload]
	if len(use) != 1 {
		return nil
	}
	for _, f := range []struct {
		bit   byte
		field []byte
	}{{overloadFile, d.File}, {overloadName, d.ServerName}} {
		if use[0]&f.bit == 0 {
			continue
		}
		var inner layers.DHCPv4
		b := append(append([]byte(nil), d.Contents[:fixedLen]...), f.field...)
		if err := inner.DecodeFromBytes(b, gopacket.NilDecodeFeedback); err != nil {
			return fmt.Errorf("%w: %w", errMalformed, err)
		}
		o.gather(inner.Options)
	}
	return nil
}

// addr gives an option that is one address. false: it is not there, or something else.
func (o options) addr(t layers.DHCPOpt) (netip.Addr, bool) {
	if v := o[t]; len(v) == 4 {
		return netip.AddrFrom4([4]byte(v)), true
	}
	return netip.Addr{}, false
}

// addrs gives an option that is addresses, without those that no station can have, and up to a bound.
func (o options) addrs(t layers.DHCPOpt, most int) (all []netip.Addr) {
	v := o[t]
	if len(v)%4 != 0 {
		return nil
	}
	for ; len(v) > 0 && len(all) < most; v = v[4:] {
		if a := netip.AddrFrom4([4]byte(v)); isStation(a) {
			all = append(all, a)
		}
	}
	return all
}

// seconds gives an option that is a time.
func (o options) seconds(t layers.DHCPOpt) (uint32, bool) {
	if v := o[t]; len(v) == 4 {
		return binary.BigEndian.Uint32(v), true
	}
	return 0, false
}

// isStation reports whether a can be a station's address (RFC 1122 §3.2.1.3, RFC 1112 §4).
func isStation(a netip.Addr) bool {
	return a.Is4() && !a.IsUnspecified() && !a.IsMulticast() && !a.IsLoopback() && a.As4()[0] != 0 && a.As4()[0] < 240
}

// question is what is sent to servers.
type question struct {
	kind      layers.DHCPMsgType
	xid       uint32
	secs      uint16
	broadcast bool
	client    netip.Addr // ciaddr; invalid: none
	request   netip.Addr // option 50
	server    netip.Addr // option 54
	reason    string     // option 56
}

// build writes q.
func (q *question) build(c *Config, who *identity) ([]byte, error) {
	d := layers.DHCPv4{
		Operation: layers.DHCPOpRequest, HardwareType: layers.LinkTypeEthernet, HardwareLen: ethernetLen, ClientHWAddr: who.hw[:], Xid: q.xid, Secs: q.secs,
		ClientIP: q.client.AsSlice(),
	}
	if q.broadcast {
		d.Flags = flagBroadcast
	}
	add := func(t layers.DHCPOpt, v []byte) {
		if len(v) > 0 {
			d.Options = append(d.Options, layers.NewDHCPOption(t, v))
		}
	}
	add(layers.DHCPOptMessageType, []byte{byte(q.kind)})
	add(layers.DHCPOptClientID, who.id)
	add(layers.DHCPOptRequestIP, q.request.AsSlice())
	add(layers.DHCPOptServerID, q.server.AsSlice())
	if q.kind == layers.DHCPMsgTypeDiscover || q.kind == layers.DHCPMsgTypeRequest { // RFC 2131 §4.4.1, table 5
		add(layers.DHCPOptMaxMessageSize, binary.BigEndian.AppendUint16(nil, uint16(min(c.Limits.MessageSize+headersLen, 0xffff))))
		add(layers.DHCPOptHostname, []byte(c.Hostname))
		add(layers.DHCPOptClassID, []byte(c.VendorClass))
		add(layers.DHCPOptParamsRequest, append(append([]byte(nil), wanted...), c.Options...))
	}
	add(layers.DHCPOptMessage, []byte(q.reason))
	buf := gopacket.NewSerializeBuffer()
	if err := d.SerializeTo(buf, gopacket.SerializeOptions{FixLengths: true}); err != nil {
		return nil, err
	}
	b := buf.Bytes()
	if len(b) < bootpLen {
		b = append(b, make([]byte, bootpLen-len(b))...)
	}
	return b, nil
}
