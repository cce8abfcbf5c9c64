package simnet

import (
	"net/netip"
	"time"

	"smoltls/phy"
	"smoltls/set"
	"smoltls/tcp"
	"smoltls/tlssock"
)

// pairLab is two stations on a link, the second of which serves port 80 (plain) and 443 (TLS).
type pairLab struct {
	*Lab
	a, b      *Station
	wire      *Wire
	plain     *Service
	secure    *Service
	clientTLS *tlssock.Config
}

// patient goes on however long nothing comes through: a third of all round trips fail on a hostile link, and of some
// thousand timeouts one is followed by a dozen more. It asks a silent peer whether it is still there, since an end that
// only waits never learns that the other one has given up.
var patient = &tcp.Config{KeepAlive: time.Minute, KeepAliveCount: 100, UserTimeout: 24 * time.Hour, MaxRetries: 100, ConnectTimeout: time.Hour}

// patientSet does the same for handshakes, and for what a removed socket has still to send.
var patientSet = set.Limits{HandshakeTimeout: -1, Linger: 24 * time.Hour}

// pairConfig describes one. The zero value is a perfect Ethernet with default sockets.
type pairConfig struct {
	medium      phy.Medium
	mtu         int
	there, back Path
	listen      tcp.ListenConfig
	station     StationConfig // of both, but for what makes them different
	device      wrap
	tls         func(client, server *tlssock.Config) // changes them before they are used
}

func prefixes(list ...string) (ps []netip.Prefix) {
	for _, s := range list {
		ps = append(ps, netip.MustParsePrefix(s))
	}
	return ps
}

var (
	server4 = netip.MustParseAddr("192.0.2.2")
	server6 = netip.MustParseAddr("2001:db8::2")
)

func newPairLab(seed uint64, c pairConfig) (p *pairLab, err error) {
	if c.device == nil {
		c.device = func(_ string, d phy.Device) phy.Device { return d }
	}
	if c.listen.Config == nil {
		c.listen.Config, c.listen.SYNTimeout = patient, time.Hour
	}
	p = &pairLab{Lab: NewLab(seed)}
	pa, pb := p.Port(PortConfig{Medium: c.medium, MTU: c.mtu}), p.Port(PortConfig{Medium: c.medium, MTU: c.mtu})
	p.wire = p.Link(pa, pb, c.there, c.back)
	ca, cb := c.station, c.station
	ca.Name, ca.Device, ca.Addrs = "a", c.device("a", pa), prefixes("192.0.2.1/24", "2001:db8::1/64")
	cb.Name, cb.Device, cb.Addrs = "b", c.device("b", pb), prefixes("192.0.2.2/24", "2001:db8::2/64")
	if p.a, err = p.Station(ca); err != nil {
		return nil, err
	}
	if p.b, err = p.Station(cb); err != nil {
		return nil, err
	}
	clientTLS, serverTLS, err := p.MutualTLS(nil)
	if err != nil {
		return nil, err
	}
	if c.tls != nil {
		c.tls(clientTLS, serverTLS)
	}
	p.clientTLS = clientTLS
	if p.plain, err = p.b.Listen(80, nil, c.listen); err != nil {
		return nil, err
	}
	p.secure, err = p.b.Listen(443, serverTLS, c.listen)
	return p, err
}

// begin opens a flow from a to b.
func (p *pairLab) begin(overTLS bool, to netip.Addr, cfg *tcp.Config, client, server Script, habits ...Habits) (*Flow, error) {
	c := FlowConfig{To: netip.AddrPortFrom(to, 80), Client: client, Server: server, TCP: cfg}
	copy(c.Habits[:], habits)
	if overTLS {
		c.To, c.TLS = netip.AddrPortFrom(to, 443), p.clientTLS
	}
	return p.Open(p.a, c)
}
