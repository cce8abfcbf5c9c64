package dhcp

import (
	"errors"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/google/gopacket/layers"

	"smoltls/iface"
	"smoltls/tcp"
)

func TestAnAddressThatAnotherStationHasIsDeclined_RFC2131_4_4_4(t *testing.T) {
	w := newWorld(t, Config{})
	w.taken[offered.Addr()] = true
	other := netip.MustParseAddr("192.0.2.101")
	w.serve = func(h heard) []answer {
		if h.kind == layers.DHCPMsgTypeDecline {
			w.serve = gives(answer{yours: other})
		}
		return gives(answer{})(h)
	}
	if l := w.untilBound(); l.Addr.Addr() != other {
		t.Errorf("%+v", l)
	}
	d, next := w.heard[2], w.heard[3]
	if d.kind != layers.DHCPMsgTypeDecline || d.src != netip.IPv4Unspecified() || d.dst != everybody.Addr() || string(d.options[layers.DHCPOptRequestIP]) != string(offered.Addr().AsSlice()) ||
		string(d.options[layers.DHCPOptServerID]) != string(server1.addr.AsSlice()) || next.at.Sub(d.at) < afterConflict {
		t.Errorf("%+v, %+v", d, next)
	}
	if e := w.events[0]; e.Kind != Failed || !errors.Is(e.Err, ErrConflict) || e.Lease.Addr != offered || w.c.Stats().Conflicts != 1 {
		t.Errorf("%v", w.events)
	}
}

func TestAnAddressIsGivenUpThatAnotherStationGoesOnClaiming(t *testing.T) {
	w := newWorld(t, Config{})
	w.untilBound()
	c := w.connection()
	claim := arpFrame(station{otherMAC, offered.Addr()}, layers.ARPRequest, station{addr: offered.Addr()})
	w.sleep(10 * time.Second)
	w.claims = 0
	w.put(claim)
	w.poll()
	if w.claims != 1 || w.c.State() != StateBound { // defended
		t.Errorf("%d, %v", w.claims, w.c.State())
	}
	w.put(claim)
	w.poll()
	if e := w.events[len(w.events)-1]; e.Kind != Lost || !errors.Is(e.Err, ErrConflict) || !errors.Is(c.Err(), iface.ErrAddrGone) {
		t.Errorf("%v, %v", e, c.Err())
	}
	if h := w.heard[len(w.heard)-1]; h.kind != layers.DHCPMsgTypeDecline {
		t.Errorf("%+v", h)
	}
}

// connection begins a TCP connection from the address of the lease.
func (w *world) connection() *tcp.Socket {
	w.t.Helper()
	h, err := w.tcps.Connect(netip.MustParseAddrPort("192.0.2.9:80"), nil)
	if err != nil {
		w.t.Fatal(err)
	}
	s, _ := w.tcps.Get(h)
	return s
}

func TestTheEndOfALeaseEndsItsConnections(t *testing.T) {
	w := newWorld(t, Config{})
	l := w.untilBound()
	w.serve = silent
	w.now = l.End.Add(-time.Second)
	c := w.connection()
	w.poll()
	if c.Err() != nil {
		t.Fatal(c.Err())
	}
	w.sleep(time.Second)
	if !errors.Is(c.Err(), iface.ErrAddrGone) || len(w.ifc.Routes()) != 0 {
		t.Errorf("%v, %v", c.Err(), w.ifc.Routes())
	}
	if _, err := w.tcps.Connect(netip.MustParseAddrPort("192.0.2.9:80"), nil); !errors.Is(err, iface.ErrNoRoute) {
		t.Error(err)
	}
}

func TestTheAddressOfAShortLeaseIsTestedFaster(t *testing.T) {
	w := newWorld(t, Config{})
	w.serve = gives(answer{seconds: 1})
	w.untilBound()
	if d := w.now.Sub(epoch); d > time.Second/2 || w.probes != iface.DefaultProbes {
		t.Errorf("%d questions in %v", w.probes, d)
	}
	w.until("renewals", func() bool { return w.c.Stats().Renewals == 5 })
	w.serve = silent
	w.until("the end", func() bool { return w.c.State() == StateSelecting })
	if w.ifc.AddrState(offered.Addr()) != iface.AddrGone {
		t.Errorf("%v", w.ifc.Addrs())
	}
}

func TestWithoutATestTheAddressIsUsedAtOnce(t *testing.T) {
	w := newWorld(t, Config{Probes: -1})
	w.serve = gives(answer{seconds: infinite})
	w.untilBound()
	if !w.now.Equal(epoch) || w.probes != 0 {
		t.Errorf("%d questions in %v", w.probes, w.now.Sub(epoch))
	}
	if at := w.c.PollAt(); !at.IsZero() { // for ever
		t.Errorf("%v", at)
	}
}

func TestRoutersOutsideOfTheNetworkAreOnTheLink(t *testing.T) {
	w := newWorld(t, Config{})
	host := option(layers.DHCPOptSubnetMask, 255, 255, 255, 255)
	base := []layers.DHCPOption{option(layers.DHCPOptServerID, 192, 0, 2, 1), option(layers.DHCPOptLeaseTime, u32(3600)...), host}
	routers := func(more layers.DHCPOption) func(heard) []answer {
		return func(h heard) []answer {
			all := gives(answer{})(h)
			for k := range all {
				all[k].instead = append([]layers.DHCPOption{option(layers.DHCPOptMessageType, byte(all[k].kind)), more}, base...)
			}
			return all
		}
	}
	w.serve = routers(addrs(layers.DHCPOptRouter, "192.0.2.254"))
	if l := w.untilBound(); l.Addr.Bits() != 32 {
		t.Errorf("%v", l.Addr)
	}
	check := func(want string) {
		t.Helper()
		if got := fmt.Sprint(w.ifc.Routes()); got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
	check("[{192.0.2.100/32 invalid IP} {192.0.2.254/32 invalid IP} {0.0.0.0/0 192.0.2.254}]")
	w.serve = routers(option(layers.DHCPOptClasslessStaticRoute, 24, 192, 0, 2, 0, 0, 0, 0, 0, 192, 0, 2, 253)) // the next renewal says something else
	w.until("a renewal", func() bool { return w.c.Stats().Renewals == 1 })
	check("[{192.0.2.100/32 invalid IP} {192.0.2.0/24 invalid IP} {0.0.0.0/0 192.0.2.253}]")
	w.c.Close()
	check("[]")
	w.c.Close()
	w.c.Poll(w.now)
	if w.c.State() != StateClosed || !errors.Is(w.c.Err(), ErrClosed) || !w.c.PollAt().IsZero() {
		t.Errorf("%v, %v", w.c.State(), w.c.Err())
	}
}
