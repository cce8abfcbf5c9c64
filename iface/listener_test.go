package iface

import (
	"errors"
	"net/netip"
	"testing"

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
func TestSYNsBeyondTheQueueAreDroppedAndCounted(t *testing.T) {
	r := newRig(t, phy.MediumIP, Limits{})
	r.listen(tcp.ListenConfig{SYNQueue: 4})
	for k := range 10 {
		s := syn(80)
		s.SrcPort = layers.TCPPort(5000 + k)
		r.put(r.frame(ip4(layers.IPProtocolTCP), s))
	}
	if st := r.Stats(); st.Conns != 4 || st.Drops[DropListenerFull] != 6 {
		t.Fatalf("%d connections, %d dropped", st.Conns, st.Drops[DropListenerFull])
	}
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
