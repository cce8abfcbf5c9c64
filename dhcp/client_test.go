package dhcp

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/google/gopacket/layers"

	"smoltls/iface"
)

func TestAnAddressIsAskedForTestedAndUsed(t *testing.T) {
	for _, toAll := range []bool{false, true} {
		w := newWorld(t, Config{Hostname: "device-7", Broadcast: toAll})
		w.serve = gives(answer{toAll: toAll, options: []layers.DHCPOption{
			addrs(layers.DHCPOptRouter, "192.0.2.254", "192.0.2.253"), addrs(layers.DHCPOptDNS, "192.0.2.53", "198.51.100.53"), option(layers.DHCPOptDomainName, []byte("example.test")...),
			option(layers.DHCPOptInterfaceMTU, 5, 120),
		}})
		l := w.untilBound()
		if l.Addr != offered || l.Server != server1.addr || fmt.Sprint(l.Routers) != "[192.0.2.254 192.0.2.253]" || fmt.Sprint(l.DNS) != "[192.0.2.53 198.51.100.53]" || l.Domain != "example.test" || l.MTU != 1400 {
			t.Errorf("%+v", l)
		}
		if w.ifc.AddrState(offered.Addr()) != iface.AddrPreferred || w.probes != iface.DefaultProbes || w.ifc.PathMTU(server1.addr) != 1400 {
			t.Errorf("%+v, %d questions, MTU %d", w.ifc.Addrs(), w.probes, w.ifc.PathMTU(server1.addr))
		}
		if r := w.ifc.Routes(); len(r) != 3 || r[1].Via != l.Routers[0] || r[2].Via != l.Routers[1] {
			t.Errorf("%v", r)
		}
		if !slices.Equal(w.kinds(), []EventKind{Bound}) || w.events[0].Lease.Addr != offered || w.c.Err() != nil {
			t.Errorf("%v", w.events)
		}
		if len(w.heard) != 2 {
			t.Fatalf("%d messages", len(w.heard))
		}
		discover, request := w.heard[0], w.heard[1]
		if discover.kind != layers.DHCPMsgTypeDiscover || request.kind != layers.DHCPMsgTypeRequest || request.Xid != discover.Xid || discover.src != netip.IPv4Unspecified() || request.src != discover.src ||
			discover.dst != everybody.Addr() || request.dst != everybody.Addr() || (discover.Flags != 0) != toAll {
			t.Errorf("%+v, %+v", discover, request)
		}
		if string(request.options[layers.DHCPOptRequestIP]) != string(offered.Addr().AsSlice()) || string(request.options[layers.DHCPOptServerID]) != string(server1.addr.AsSlice()) ||
			string(request.options[layers.DHCPOptHostname]) != "device-7" || discover.options[layers.DHCPOptServerID] != nil {
			t.Errorf("%v, %v", discover.options, request.options)
		}
	}
}

func TestALeaseIsRenewedReboundAndEnds(t *testing.T) {
	w := newWorld(t, Config{})
	l := w.untilBound()
	w.heard = nil
	w.until("a renewal", func() bool { return w.c.Stats().Renewals == 1 })
	if h := w.heard[0]; len(w.heard) != 1 || h.kind != layers.DHCPMsgTypeRequest || !h.at.Equal(l.Renew) || h.src != offered.Addr() || h.dst != server1.addr || !h.ClientIP.Equal(offered.Addr().AsSlice()) ||
		h.options[layers.DHCPOptServerID] != nil || h.options[layers.DHCPOptRequestIP] != nil { // RFC 2131 §4.3.6
		t.Errorf("%+v", w.heard)
	}
	l, _ = w.c.Lease()
	if !l.Begin.Equal(w.now) || l.End.Sub(l.Begin) != time.Hour {
		t.Errorf("%+v", l)
	}
	w.serve = silent
	w.heard = nil
	w.until("rebinding", func() bool { return w.c.State() == StateRebinding })
	if n := len(w.heard); n < 3 || !w.heard[n-1].at.Equal(l.Rebind) || w.heard[n-1].dst != everybody.Addr() || w.heard[n-1].src != offered.Addr() || w.heard[n-2].dst != server1.addr {
		t.Errorf("%+v", w.heard)
	}
	w.serve = gives(answer{from: server2})
	w.until("a renewal", func() bool { return w.c.Stats().Renewals == 2 })
	if l, _ = w.c.Lease(); l.Server != server2.addr {
		t.Errorf("%+v", l)
	}
	w.serve = silent
	w.until("the end", func() bool { return w.c.State() == StateSelecting })
	if !w.now.Equal(l.End) || w.ifc.AddrState(offered.Addr()) != iface.AddrGone || !errors.Is(w.events[len(w.events)-1].Err, ErrExpired) {
		t.Errorf("%v, %v: %+v, %v", w.now, l.End, w.ifc.Addrs(), w.events)
	}
	if got, is := w.c.Lease(); is {
		t.Errorf("%+v", got)
	}
	w.sleep(time.Hour) // the server is away for long
	w.serve = gives(answer{})
	w.untilBound()
	if !slices.Equal(w.kinds()[:4], []EventKind{Bound, Renewed, Renewed, Lost}) || w.kinds()[len(w.kinds())-1] != Bound || !slices.Contains(w.kinds(), Failed) {
		t.Errorf("%v", w.kinds())
	}
}

func TestPollsWithNothingToDoAllocateNothing(t *testing.T) {
	w := newWorld(t, Config{})
	w.untilBound()
	if n := testing.AllocsPerRun(100, func() { w.c.Poll(w.now); w.c.PollAt() }); n != 0 {
		t.Errorf("%v allocations a poll", n)
	}
}
