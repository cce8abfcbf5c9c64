package iface

import (
	"errors"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/phy"
)

var (
	groupA  = netip.MustParseAddr("ff05::a")
	groupB  = netip.MustParseAddr("ff05::b")
	groupA4 = netip.MustParseAddr("239.1.2.3")
)

// report is what a message of a listener says.
type report struct {
	at   time.Time
	to   netip.Addr
	from netip.Addr
	said string // "kind group" of each record, or "report", "done" and the group in the older form
}

// reports lets time pass up to d, and gives what the station reported.
func (r *rig) reports(d time.Duration) (all []report) {
	r.t.Helper()
	for end := r.now.Add(d); ; {
		r.poll()
		for _, p := range r.drain() {
			if rep, ok := r.readReport(p); ok {
				rep.at = r.now
				all = append(all, rep)
			}
		}
		next := r.PollAt(r.now)
		if next.IsZero() || next.After(end) {
			r.now = end
			return all
		}
		if next.After(r.now) {
			r.now = next
		}
	}
}

// readReport reads a report, and checks what all have in common.
func (r *rig) readReport(p gopacket.Packet) (rep report, ok bool) {
	r.t.Helper()
	if l, is := p.Layer(layers.LayerTypeIPv4).(*layers.IPv4); is && l.Protocol == layers.IPProtocolIGMP {
		if l.TTL != 1 || l.TOS != 0xc0 || len(l.Options) != 1 || l.Options[0].OptionType != 148 {
			r.t.Fatalf("RFC 3376 §4: %v", p)
		}
		rep.from, rep.to = netip.AddrFrom4([4]byte(l.SrcIP)), netip.AddrFrom4([4]byte(l.DstIP))
		rep.said = said4(l.Payload)
		return rep, true
	}
	m := icmpOf(p)
	if m == nil || m[0] != typeMLDv1Report && m[0] != typeMLDv1Done && m[0] != typeMLDv2Report {
		return rep, false
	}
	l := p.Layer(layers.LayerTypeIPv6).(*layers.IPv6)
	if h := l.HopByHop; l.HopLimit != 1 || h == nil || h.Options[0].OptionType != optRouterAlert {
		r.t.Fatalf("RFC 3810 §5: %v", p)
	}
	rep.from, rep.to = netip.AddrFrom16([16]byte(l.SrcIP)), netip.AddrFrom16([16]byte(l.DstIP))
	switch m[0] {
	case typeMLDv1Report:
		rep.said = "report " + netip.AddrFrom16([16]byte(m[8:24])).String()
	case typeMLDv1Done:
		rep.said = "done " + netip.AddrFrom16([16]byte(m[8:24])).String()
	default:
		for b := m[8:]; len(b) >= mldRecordLen; b = b[mldRecordLen:] {
			rep.said += fmt.Sprintf("%d %v, ", b[0], netip.AddrFrom16([16]byte(b[4:20])))
		}
	}
	return rep, true
}

func said4(b []byte) (said string) {
	switch b[0] {
	case typeIGMPv2Report:
		return "report " + netip.AddrFrom4([4]byte(b[4:8])).String()
	case typeIGMPv2Leave:
		return "done " + netip.AddrFrom4([4]byte(b[4:8])).String()
	}
	for b := b[8:]; len(b) >= igmpRecordLen; b = b[igmpRecordLen:] {
		said += fmt.Sprintf("%d %v, ", b[0], netip.AddrFrom4([4]byte(b[4:8])))
	}
	return said
}

func (r *rig) wantReports(got []report, said ...string) {
	r.t.Helper()
	if len(got) != len(said) {
		r.t.Fatalf("%d reports, wanted %d: %+v", len(got), len(said), got)
	}
	for k := range got {
		if got[k].said != said[k] {
			r.t.Fatalf("said %q, wanted %q", got[k].said, said[k])
		}
	}
}

func TestChangesAreReportedTwiceWithinASecond_RFC3810_6_1(t *testing.T) {
	for group, router := range map[netip.Addr]netip.Addr{groupA: mldv2Routers, groupA4: igmpv3Routers} {
		r := newRig(t, phy.MediumEthernet, Limits{})
		u, _ := r.openUDP(t, "[::]:5", PacketConfig{})
		if err := u.JoinGroup(group); err != nil {
			t.Fatal(err)
		}
		u.JoinGroup(group)
		joined := fmt.Sprintf("4 %v, ", group)
		got := r.reports(time.Minute)
		r.wantReports(got, joined, joined)
		if got[0].at != start || got[1].at.Sub(got[0].at) > changeInterval || got[0].to != router {
			t.Fatalf("%+v", got)
		}
		other, _ := r.openUDP(t, "[::]:6", PacketConfig{})
		other.JoinGroup(group)
		other.LeaveGroup(group)
		other.LeaveGroup(group)
		r.wantReports(r.reports(time.Minute)) // nothing has changed for the interface
		u.LeaveGroup(group)
		left := fmt.Sprintf("3 %v, ", group)
		r.wantReports(r.reports(time.Minute), left, left)
		t.Log("# who joins and leaves at once says the latest only (RFC 3810 §6.1)")
		u.JoinGroup(group)
		u.LeaveGroup(group)
		r.wantReports(r.reports(time.Minute), left, left)
		u.JoinGroup(group)
		u.Close()
		r.wantReports(r.reports(time.Minute), left, left)
		if len(r.groups) != 2-1 { // that of our6 is there always
			t.Fatalf("%d groups", len(r.groups))
		}
		if at := r.PollAt(r.now); !at.IsZero() {
			t.Fatalf("something is left to be done at %v", at)
		}
	}
}

func TestOnlyWhoJoinedHearsAGroup(t *testing.T) {
	for group, from := range map[netip.Addr]netip.Addr{groupA: peer6, groupA4: peer4} {
		r := newRig(t, phy.MediumEthernet, Limits{})
		member, _ := r.openUDP(t, "[::]:5", PacketConfig{})
		other, _ := r.openUDP(t, "[::]:6", PacketConfig{})
		send := func(port uint16) func() {
			return func() {
				e, mac := eth(layers.EthernetTypeIPv6), multicastMAC(group)
				e.DstMAC = mac[:]
				udp := &layers.UDP{SrcPort: 9, DstPort: layers.UDPPort(port)}
				if group.Is4() {
					e.EthernetType = layers.EthernetTypeIPv4
					ip := ip4(layers.IPProtocolUDP)
					ip.SrcIP, ip.DstIP = from.AsSlice(), group.AsSlice()
					r.put(r.frame(e, ip, udp, gopacket.Payload("x")))
					return
				}
				ip := ip6(layers.IPProtocolUDP)
				ip.SrcIP, ip.DstIP = from.AsSlice(), group.AsSlice()
				r.put(r.frame(e, ip, udp, gopacket.Payload("x")))
			}
		}
		r.dropped(DropNotForUs, send(5))
		member.JoinGroup(group)
		send(5)()
		if _, m, err := member.Peek(); err != nil || m.Local != group {
			t.Fatalf("%v %v", m, err)
		}
		r.dropped(DropNotForUs, send(6))
		if other.Readable() {
			t.Fatal("heard by one who did not join")
		}
		member.LeaveGroup(group)
		r.dropped(DropNotForUs, send(5))
	}
}

func TestGroupsThatCannotBeJoined(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{Groups: 3})
	all, _ := r.openUDP(t, "[::]:5", PacketConfig{})
	v4, _ := r.openUDP(t, "0.0.0.0:6", PacketConfig{})
	one, _ := r.openUDP(t, "192.0.2.1:7", PacketConfig{})
	for _, c := range []struct {
		s     *UDPSocket
		group netip.Addr
	}{{all, peer6}, {all, netip.Addr{}}, {v4, groupA}, {one, groupA4}} {
		if err := c.s.JoinGroup(c.group); !errors.Is(err, ErrAddress) {
			t.Errorf("%v: %v", c.group, err)
		}
	}
	for k, want := range []error{nil, nil, ErrGroupsFull, ErrGroupsFull} { // one is that of our own address
		if err := all.JoinGroup(netip.AddrFrom4([4]byte{239, 0, 0, byte(k)})); !errors.Is(err, want) {
			t.Errorf("%d: %v, wanted %v", k, err, want)
		}
	}
	if err := v4.JoinGroup(netip.AddrFrom4([4]byte{239, 0, 0, 0})); err != nil {
		t.Errorf("one that is there already: %v", err)
	}
	one.Close()
	if err := one.JoinGroup(groupA4); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
}

func TestGroupsThatNobodyNeedsToKnowOfAreNotReported_RFC3810_6(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	u, _ := r.openUDP(t, "[::]:5", PacketConfig{})
	for _, g := range []netip.Addr{allNodes, allSystems, netip.MustParseAddr("ff01::5")} {
		if err := u.JoinGroup(g); err != nil {
			t.Fatal(err)
		}
	}
	r.wantReports(r.reports(time.Minute))
	u.Close()
	r.wantReports(r.reports(time.Minute))
}

func TestAnAddressIsAnnouncedBeforeItIsTestedAndAgainWhenItIsUsed_RFC3590_4(t *testing.T) {
	a := newAutoRig(t, nil)
	own := a.Addrs()[0].Prefix.Addr()
	want := fmt.Sprintf("4 %v, ", solicitedNode(own))
	got := a.reports(time.Minute)
	if len(got) < 3 || len(got) > 4 {
		t.Fatalf("%+v", got)
	}
	for _, g := range got {
		if g.said != want || g.to != mldv2Routers {
			t.Fatalf("%+v", g)
		}
	}
	if !got[0].from.IsUnspecified() || got[len(got)-1].from != own {
		t.Fatalf("first from %v, last from %v", got[0].from, got[len(got)-1].from)
	}
}

func TestManyGroupsAreReportedInSeveralMessages(t *testing.T) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	u, _ := r.openUDP(t, "[::]:5", PacketConfig{})
	for k := range 100 {
		u.JoinGroup(netip.AddrFrom4([4]byte{239, 0, 1, byte(k)}))
		u.JoinGroup(netip.AddrFrom16([16]byte{0: 0xff, 1: 5, 15: byte(k)}))
	}
	if got := r.reports(0); len(got) != 4 || r.Stats().GroupReports != 4 {
		t.Fatalf("%d reports", len(got))
	}
}
