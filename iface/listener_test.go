package iface

import (
	"errors"
	"net/netip"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/phy"
	"smoltls/tcp"
)

func TestListenRefusesWhatIsNotOursOrTaken(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{})
	try := func(s string) error {
		return r.Listen(&Listener{}, netip.MustParseAddrPort(s), defaultListen, func() (*Conn, Owner) { return &Conn{}, r })
	}
	for _, c := range []struct {
		addr string
		want error
	}{
		{"192.0.2.1:80", nil}, {"192.0.2.1:80", ErrAddrInUse}, {"0.0.0.0:80", nil}, {"[::]:80", nil}, {"[::]:80", ErrAddrInUse},
		{"192.0.2.2:80", ErrNotOurs}, {"192.0.2.1:0", ErrAddress},
	} {
		if err := try(c.addr); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.addr, err, c.want)
		}
	}
}

func TestTheMostSpecificListenerWins(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{})
	ls := map[string]*Listener{}
	for _, s := range []string{"192.0.2.1:80", "0.0.0.0:80", "[::]:80", "0.0.0.0:81", "[::]:82"} {
		l := &Listener{}
		if err := r.Listen(l, netip.MustParseAddrPort(s), defaultListen, func() (*Conn, Owner) { return &Conn{}, r }); err != nil {
			t.Fatal(err)
		}
		ls[s] = l
	}
	for _, c := range []struct {
		addr netip.Addr
		port uint16
		want string
	}{
		{our4, 80, "192.0.2.1:80"}, {peer4, 80, "0.0.0.0:80"}, {our6, 80, "[::]:80"}, {our4, 81, "0.0.0.0:81"}, {our4, 82, "[::]:82"}, {our6, 81, ""},
	} {
		if got := r.listener(c.addr, c.port); got != ls[c.want] {
			t.Errorf("%v:%d: not %q", c.addr, c.port, c.want)
		}
	}
}

// smoltcp: no backlog. A flood of SYNs takes the places that there are, and is counted.
func TestSYNsBeyondTheQueueAreDroppedAndCountedIfCookiesAreNotWanted(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{})
	r.listen(tcp.ListenConfig{SYNQueue: 4, NoSYNCookies: true})
	r.flood(10)
	if st := r.Stats(); st.Conns != 4 || st.Drops[DropListenerFull] != 6 || st.TCP.DropSYNQueueFull != 6 {
		t.Fatalf("%d connections, %d dropped", st.Conns, st.Drops[DropListenerFull])
	}
}

// flood sends n SYNs whose sender never answers, and takes what answers them.
func (r *rig) flood(n int) {
	r.t.Helper()
	for k := range n {
		s := syn(80)
		s.SrcPort = layers.TCPPort(5000 + k)
		r.put(r.frame(ip4(layers.IPProtocolTCP), s))
		for p := r.take(); p != nil; p = r.take() {
		}
	}
}

// A flood of SYNs fills the queue, and keeps nobody out: RFC 4987 §3.6.
func TestSYNsBeyondTheQueueAreAnsweredByCookies(t *testing.T) {
	for _, ip := range []gopacket.SerializableLayer{ip4(layers.IPProtocolTCP), ip6(layers.IPProtocolTCP)} {
		r := newRig(t, phy.MediumIP, Limits{})
		l := r.listen(tcp.ListenConfig{SYNQueue: 4})
		r.flood(100)
		if st := r.Stats(); st.Conns != 4 || st.TCP.SYNCookies != 96 {
			t.Fatalf("%d connections, %d cookies", st.Conns, st.TCP.SYNCookies)
		}
		r.put(r.frame(ip, syn(80)))
		synACK := r.take().Layer(layers.LayerTypeTCP).(*layers.TCP)
		if !synACK.SYN || !synACK.ACK || synACK.Ack != 1001 || r.Stats().Conns != 4 {
			t.Fatalf("%+v", synACK)
		}
		ack := syn(80)
		ack.SYN, ack.ACK, ack.Seq, ack.Ack = false, true, 1001, synACK.Seq+1
		r.put(r.frame(ip, ack, gopacket.Payload("hello")))
		c, ok := l.Accept()
		if !ok || string(c.Peek()) != "hello" || r.Stats().TCP.SYNCookiesTaken != 1 {
			t.Fatalf("the true client was not accepted: %+v", r.Stats())
		}
	}
}

// An ACK without a cookie of ours has a RST for its answer, as ever; one with data has none: its forerunner may have
// been lost.
func TestACKWithoutACookieIsRefused(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{})
	r.listen(tcp.ListenConfig{SYNQueue: 4})
	r.flood(5)
	ack := syn(80)
	ack.SYN, ack.ACK, ack.Seq, ack.Ack = false, true, 1001, 77
	r.dropped(DropNoPort, func() { r.put(r.frame(ip4(layers.IPProtocolTCP), ack)) })
	if rst := r.take().Layer(layers.LayerTypeTCP).(*layers.TCP); !rst.RST || rst.Seq != 77 {
		t.Fatalf("%+v", rst)
	}
	r.dropped(DropNoPort, func() { r.put(r.frame(ip4(layers.IPProtocolTCP), ack, gopacket.Payload("x"))) })
	r.nothing()
	if st := r.Stats(); st.TCP.DropSYNCookie != 2 || st.Conns != 4 {
		t.Fatalf("%+v", st.TCP)
	}
}

// A client whose SYN came twice, once for a cookie and once for a place in the queue, may heed either answer.
func TestCookieWinsOverTheConnectionThatALaterSYNBegan(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{})
	l := r.listen(tcp.ListenConfig{SYNQueue: 1})
	r.flood(1)
	r.put(r.frame(ip4(layers.IPProtocolTCP), syn(80)))
	cookie := r.take().Layer(layers.LayerTypeTCP).(*layers.TCP)
	first := syn(80)
	first.SrcPort, first.SYN, first.RST, first.Seq = 5000, false, true, 1001
	r.put(r.frame(ip4(layers.IPProtocolTCP), first))
	r.put(r.frame(ip4(layers.IPProtocolTCP), syn(80)))
	if again := r.take().Layer(layers.LayerTypeTCP).(*layers.TCP); again.Seq == cookie.Seq || r.Stats().Conns != 1 {
		t.Fatal("no place in the queue")
	}
	ack := syn(80)
	ack.SYN, ack.ACK, ack.Seq, ack.Ack = false, true, 1001, cookie.Seq+1
	r.put(r.frame(ip4(layers.IPProtocolTCP), ack))
	r.nothing()
	if c, ok := l.Accept(); !ok || c.State() != tcp.StateEstablished || r.Stats().Conns != 1 {
		t.Fatal("not accepted")
	}
}

func TestCookieThatNobodyHasRoomForIsDropped(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{Conns: 5})
	l := r.listen(tcp.ListenConfig{SYNQueue: 1, AcceptQueue: 1})
	r.flood(1)
	var acks []*layers.TCP
	for k := range 3 {
		s := syn(80)
		s.SrcPort = layers.TCPPort(6000 + k)
		r.put(r.frame(ip4(layers.IPProtocolTCP), s))
		iss := r.take().Layer(layers.LayerTypeTCP).(*layers.TCP).Seq
		s.SYN, s.ACK, s.Seq, s.Ack = false, true, 1001, iss+1
		acks = append(acks, s)
	}
	r.put(r.frame(ip4(layers.IPProtocolTCP), acks[0]))
	r.dropped(DropListenerFull, func() { r.put(r.frame(ip4(layers.IPProtocolTCP), acks[1])) })
	r.limits.Conns = 2
	if _, ok := l.Accept(); !ok {
		t.Fatal("not accepted")
	}
	r.dropped(DropConnsFull, func() { r.put(r.frame(ip4(layers.IPProtocolTCP), acks[1])) })
	r.limits.Conns = 3
	l.alloc = func() (*Conn, Owner) { return nil, nil }
	r.dropped(DropListenerFull, func() { r.put(r.frame(ip4(layers.IPProtocolTCP), acks[2])) })
	r.nothing()
}

func TestSYNsAreRefusedWhenTheOwnerOrTheInterfaceHasNoRoom(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{Conns: 1})
	if err := r.Listen(&Listener{}, netip.MustParseAddrPort("[::]:90"), defaultListen, func() (*Conn, Owner) { return nil, nil }); err != nil {
		t.Fatal(err)
	}
	r.dropped(DropListenerFull, func() { r.put(r.frame(ip4(layers.IPProtocolTCP), syn(90))) })
	r.listen(defaultListen)
	r.put(r.frame(ip4(layers.IPProtocolTCP), syn(80)))
	s := syn(80)
	s.SrcPort = 4001
	r.dropped(DropConnsFull, func() { r.put(r.frame(ip4(layers.IPProtocolTCP), s)) })
}

func TestClosedListenerIsGone(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{})
	l := r.listen(defaultListen)
	if l.Addr().Port() != 80 {
		t.Fatal(l.Addr())
	}
	l.Close()
	l.Close()
	r.dropped(DropNoPort, func() { r.put(r.frame(ip4(layers.IPProtocolTCP), syn(80))) })
}

func TestListenerInUseOrWithoutMemoryIsRefusedAndKeepsWorking(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{})
	l := r.listen(defaultListen)
	if err := r.Listen(l, netip.MustParseAddrPort("[::]:81"), defaultListen, func() (*Conn, Owner) { return &Conn{}, r }); !errors.Is(err, ErrInUse) {
		t.Errorf("%v, want %v", err, ErrInUse)
	}
	if err := r.Listen(&Listener{}, netip.MustParseAddrPort("[::]:81"), defaultListen, nil); !errors.Is(err, ErrNoMemory) {
		t.Errorf("%v, want %v", err, ErrNoMemory)
	}
	r.put(r.frame(ip4(layers.IPProtocolTCP), syn(80)))
	if r.Stats().Conns != 1 {
		t.Error("the listener that was there does not accept")
	}
	l.Close()
	if err := r.Listen(l, netip.MustParseAddrPort("[::]:80"), defaultListen, func() (*Conn, Owner) { return &Conn{}, r }); err != nil {
		t.Errorf("a closed listener's memory can't be used again: %v", err)
	}
}
