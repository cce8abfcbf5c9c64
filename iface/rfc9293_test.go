package iface

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/phy"
	"smoltls/tcp"
)

// Requirements of RFC 9293 that TCP and IP meet together. tcp/REQUIREMENTS.md names a test for each.

func tcpOf(p gopacket.Packet) *layers.TCP { return p.Layer(layers.LayerTypeTCP).(*layers.TCP) }

func TestAnotherListenerDisturbsNoConnection_RFC9293_MUST41(t *testing.T) {
	p := newPair(t, phy.MediumIP)
	c, server := p.connect("192.0.2.2:80", nil)
	for _, addr := range []string{"192.0.2.2:80", "0.0.0.0:81"} {
		if err := p.b.Listen(&Listener{}, netip.MustParseAddrPort(addr), defaultListen, func() (*Conn, Owner) { return &Conn{}, p.b }); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.TryWrite([]byte("still here")); err != nil {
		t.Fatal(err)
	}
	p.poll()
	if n, err := server.TryRead(make([]byte, 20)); n != 10 || err != nil || c.State() != tcp.StateEstablished {
		t.Fatalf("%v, %d bytes arrived, %v", c.State(), n, err)
	}
}

func TestAListenerListensWhileOthersAreHalfOpen_RFC9293_MUST42(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{})
	r.listen(defaultListen)
	for port := range layers.TCPPort(5) { // SYN-RECEIVED each
		s := syn(80)
		s.SrcPort += port
		r.put(r.frame(ip4(layers.IPProtocolTCP), s))
		if p := r.take(); p == nil || !tcpOf(p).SYN || !tcpOf(p).ACK {
			t.Fatalf("SYN %d: %v", port, p)
		}
	}
	if r.Stats().Conns != 5 {
		t.Fatal(r.Stats().Conns)
	}
}

func TestTheCallerMayChooseTheLocalEnd_RFC9293_MUST43(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{})
	remote := netip.MustParseAddrPort("192.0.2.9:80")
	for _, c := range []struct {
		local string
		want  error
	}{
		{"192.0.2.1:5000", nil}, {"192.0.2.1:5000", ErrAddrInUse}, {"0.0.0.0:5001", nil}, {"[::]:5002", nil}, {"192.0.2.1:0", nil}, {"192.0.2.2:5003", ErrNotOurs},
		{"[2001:db8::1]:5004", ErrNoSource},
	} {
		conn, local := &Conn{}, netip.MustParseAddrPort(c.local)
		err := r.ConnectFrom(conn, r, local, remote, nil)
		if !errors.Is(err, c.want) {
			t.Errorf("from %s: %v, want %v", c.local, err, c.want)
		}
		if err != nil {
			continue
		}
		if got := conn.LocalAddr(); got.Addr() != our4 || got.Port() == 0 || local.Port() != 0 && got.Port() != local.Port() {
			t.Errorf("from %s: it is %v", c.local, got)
		}
		r.poll()
		if p := r.take(); p == nil || tcpOf(p).SrcPort != layers.TCPPort(conn.LocalAddr().Port()) {
			t.Errorf("from %s: %v", c.local, p)
		}
	}
}

func TestSYNsThatAreSentAgainKeepTheirAddress_RFC9293_MUST45(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{})
	_, first := r.connecting("[2001:db8::9]:80")
	r.now = r.now.Add(2 * time.Second)
	r.poll()
	again := r.take().Data()
	if string(first[:40]) != string(again[:40]) {
		t.Fatalf("%x, then %x", first[:40], again[:40])
	}
}

func TestConnectingToManyIsRefused_RFC9293_MUST46(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	for _, remote := range []string{"192.0.2.255:80", "255.255.255.255:80", "224.0.0.1:80", "[ff02::1]:80", "0.0.0.0:80", "[::]:80"} {
		if err := r.Connect(&Conn{}, r, netip.MustParseAddrPort(remote), nil); err == nil {
			t.Errorf("%s is taken for a peer", remote)
		}
	}
	r.poll()
	r.nothing()
}

func TestOptionsOfIPAreIgnored_RFC9293_MUST50(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{})
	r.listen(defaultListen)
	ip := ip4(layers.IPProtocolTCP)
	ip.Options = []layers.IPv4Option{{OptionType: 7, OptionLength: 7, OptionData: make([]byte, 5)}, {OptionType: 0x9e, OptionLength: 4, OptionData: []byte{1, 2}}}
	r.put(r.frame(ip, syn(80)))
	if p := r.take(); p == nil || !tcpOf(p).SYN || !tcpOf(p).ACK {
		t.Fatalf("%v", p)
	}
}

func TestSourceQuenchIsDiscardedInSilence_RFC9293_MUST55(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{})
	c, packet := r.connecting("192.0.2.9:80")
	before := c.Info()
	r.dropped(DropUnknownProtocol, func() { r.put(r.unreachable4(4, 0, packet)) })
	if c.Info() != before || c.Err() != nil {
		t.Fatalf("%+v, before %+v, %v", c.Info(), before, c.Err())
	}
	r.nothing()
}

func TestSYNsFromAddressesThatNobodyHasAreDropped_RFC9293_MUST63(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	r.listen(defaultListen)
	for _, src := range []string{"192.0.2.255", "255.255.255.255", "224.0.0.1", "127.0.0.1", "192.0.2.1"} {
		ip := ip4(layers.IPProtocolTCP)
		ip.SrcIP = parseIP(src)
		r.put(r.frame(eth(layers.EthernetTypeIPv4), ip, syn(80)))
	}
	for _, src := range []string{"ff02::1", "::1", "2001:db8::1"} {
		ip := ip6(layers.IPProtocolTCP)
		ip.SrcIP = parseIP(src)
		r.put(r.frame(eth(layers.EthernetTypeIPv6), ip, syn(80)))
	}
	if st := r.Stats(); st.Conns != 0 || st.Delivered != 0 {
		t.Fatalf("%d connections, %d frames delivered", st.Conns, st.Delivered)
	}
	r.nothing()
}

func TestTheSegmentSizeThatIsToldIsThatOfTheLink_RFC9293_MUST67(t *testing.T) {
	for _, c := range []struct {
		mtu    int
		remote string
		want   uint16
	}{{1500, "192.0.2.9:80", 1460}, {1500, "[2001:db8::9]:80", 1440}, {9000, "192.0.2.9:80", 8960}, {1280, "[2001:db8::9]:80", 1220}} {
		r := newRigOn(t, phy.PipeConfig{Medium: phy.MediumIP, MTU: c.mtu}, Limits{})
		if err := r.Connect(&Conn{}, r, netip.MustParseAddrPort(c.remote), nil); err != nil {
			t.Fatal(err)
		}
		r.poll()
		var told uint16
		for _, o := range tcpOf(r.take()).Options {
			if o.OptionType == layers.TCPOptionKindMSS {
				told = uint16(o.OptionData[0])<<8 | uint16(o.OptionData[1])
			}
		}
		if told != c.want {
			t.Errorf("MTU %d to %s: %d, want %d", c.mtu, c.remote, told, c.want)
		}
	}
}
