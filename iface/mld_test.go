package iface

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/internal/checksum"
	"smoltls/phy"
)

// mld is an MLD message with its router alert, unless bare.
func (r *rig) mld(src, dst netip.Addr, hops uint8, bare bool, m []byte) []byte {
	m = append([]byte(nil), m...)
	m[2], m[3] = 0, 0
	binary.BigEndian.PutUint16(m[2:], ^checksum.Fold(checksum.Sum(m, pseudo(src, dst, protoICMPv6, len(m)))))
	e, ip, mac := eth(layers.EthernetTypeIPv6), ip6(0), multicastMAC(dst)
	e.DstMAC = mac[:]
	ip.HopLimit, ip.SrcIP, ip.DstIP = hops, src.AsSlice(), dst.AsSlice()
	option := []byte{protoICMPv6, 0, optRouterAlert, 2, 0, 0, optPadN, 0}
	if bare {
		option = []byte{protoICMPv6, 0, optPadN, 4, 0, 0, 0, 0}
	}
	// Spelled out: gopacket wants a hop-by-hop header of its own kind for the type 0.
	ip.NextHeader = layers.IPProtocolNoNextHeader
	f := r.frame(e, ip, gopacket.Payload(append(option, m...)))
	f[ethernetHeaderLen+6] = protoHopByHop
	return f
}

// mldQuery asks for a group, or for all when it is unspecified; in the older form it has 24 bytes.
func mldQuery(group netip.Addr, code uint16, older bool) []byte {
	m := make([]byte, mldv2Query)
	m[0] = typeMLDQuery
	binary.BigEndian.PutUint16(m[4:], code)
	a := group.As16()
	copy(m[8:], a[:])
	if older {
		return m[:mldLen]
	}
	return m
}

var everyGroup = netip.IPv6Unspecified()

// member is a rig with a socket in two groups, all that it had to report said.
func member(t *testing.T) (*rig, *UDPSocket) {
	r := newRig(t, phy.MediumEthernet, Limits{})
	u, _ := r.openUDP(t, "[::]:5", PacketConfig{})
	u.JoinGroup(groupA)
	u.JoinGroup(groupB)
	u.JoinGroup(groupA4)
	r.reports(time.Minute)
	return r, u
}

func TestQueriesAreAnsweredAfterARandomDelayWithinTheirBound_RFC3810_6_2(t *testing.T) {
	r, _ := member(t)
	waits := map[time.Duration]bool{}
	for range 10 {
		r.put(r.mld(router1, allNodes, 1, false, mldQuery(everyGroup, 2000, false)))
		at := r.PollAt(r.now)
		asked := r.now
		got := r.reports(time.Minute)
		r.wantReports(got, fmt.Sprintf("2 %v, 2 %v, 2 %v, ", solicitedNode(our6), groupA, groupB)) // in the order of addresses
		if wait := got[0].at.Sub(asked); wait <= 0 || wait > 2*time.Second+1 || !got[0].at.Equal(at) {
			t.Fatalf("after %v, PollAt said %v", wait, at.Sub(asked))
		} else {
			waits[wait] = true
		}
	}
	if len(waits) < 9 {
		t.Fatalf("the delays are not random: %v", waits)
	}
	r.put(r.mld(router1, groupB, 1, false, mldQuery(groupB, 2000, false)))
	r.wantReports(r.reports(time.Minute), fmt.Sprintf("2 %v, ", groupB))
	t.Log("# several queries within the delay have one answer")
	for range 5 {
		r.put(r.mld(router1, allNodes, 1, false, mldQuery(everyGroup, 2000, false)))
		r.put(r.mld(router1, groupA, 1, false, mldQuery(groupA, 60000, false)))
	}
	if got := r.reports(time.Hour); len(got) != 1 {
		t.Fatalf("%+v", got)
	}
	r.dropped(DropNotForUs, func() { // for a group that nobody is in, by unicast
		other := netip.MustParseAddr("ff05::77")
		f := r.mld(router1, our6, 1, false, mldQuery(other, 2000, false))
		copy(f, ourMAC[:])
		r.put(f)
	})
}

func TestQueriesThatCannotBeAreDropped_RFC3810_5_1_14(t *testing.T) {
	r, _ := member(t)
	good := mldQuery(everyGroup, 2000, false)
	for name, c := range map[string]struct {
		f   []byte
		why DropReason
	}{
		"from no link-local address":  {r.mld(peer6, allNodes, 1, false, good), DropMalformed},
		"from nobody":                 {r.mld(netip.IPv6Unspecified(), allNodes, 1, false, good), DropMalformed},
		"from beyond the link":        {r.mld(router1, allNodes, 2, false, good), DropHopLimit},
		"without router alert":        {r.mld(router1, allNodes, 1, true, good), DropMalformed},
		"short":                       {r.mld(router1, allNodes, 1, false, good[:23]), DropMalformed},
		"of neither version's length": {r.mld(router1, allNodes, 1, false, good[:26]), DropMalformed},
		"for no group":                {r.mld(router1, allNodes, 1, false, mldQuery(peer6, 1, false)), DropMalformed},
		"somebody's farewell":         {r.mld(router1, allNodes, 1, false, append([]byte{typeMLDv1Done}, good[1:24]...)), DropNotForUs},
	} {
		t.Run(name, func(t *testing.T) { r.dropped(c.why, func() { r.put(c.f) }) })
	}
	r.wantReports(r.reports(time.Hour))
}

func TestOlderQueriersAreAnsweredInTheirForm_RFC3810_8_2_1(t *testing.T) {
	r, u := member(t)
	r.put(r.mld(router1, allNodes, 1, false, mldQuery(everyGroup, 2000, true)))
	got := r.reports(time.Minute)
	if len(got) != 3 {
		t.Fatalf("%+v", got)
	}
	seen := map[string]bool{}
	for _, g := range got {
		if seen[g.said] = true; g.said != "report "+g.to.String() {
			t.Fatalf("%+v", g)
		}
	}
	if !seen["report "+groupA.String()] || !seen["report "+groupB.String()] {
		t.Fatalf("%v", seen)
	}
	t.Log("# another station's report is enough (RFC 2710 §4)")
	r.put(r.mld(router1, allNodes, 1, false, mldQuery(groupA, 5000, true)))
	m := mldQuery(groupA, 0, true)
	m[0] = typeMLDv1Report
	r.put(r.mld(router2, groupA, 1, false, m))
	r.wantReports(r.reports(10 * time.Second))
	t.Log("# changes are told in their form too, a farewell once")
	u.LeaveGroup(groupA)
	u.JoinGroup(groupA)
	u.LeaveGroup(groupB)
	said := "report " + groupA.String()
	got = r.reports(time.Minute)
	r.wantReports(got, said, "done "+groupB.String(), said)
	if got[1].to != allRouters || got[2].at.Sub(got[0].at) > changeIntervalOld {
		t.Fatalf("%+v", got)
	}
	t.Log("# the older querier is gone: the newer form again")
	r.sleep(robustness*queryInterval + time.Minute)
	u.LeaveGroup(groupA)
	r.wantReports(r.reports(time.Minute), fmt.Sprintf("3 %v, ", groupA), fmt.Sprintf("3 %v, ", groupA))
	r.dropped(DropNotForUs, func() { // no querier that it would matter to
		u.JoinGroup(groupA)
		r.put(r.mld(router2, groupA, 1, false, m))
	})
}

func TestWhatWasPendingIsForgottenWhenTheFormChanges_RFC3810_8_2_1(t *testing.T) {
	r, u := member(t)
	r.put(r.mld(router1, allNodes, 1, false, mldQuery(everyGroup, 2000, false)))
	u.LeaveGroup(groupB)
	r.put(r.mld(router1, allNodes, 1, false, mldQuery(groupA, 2000, true)))
	r.drain()
	r.wantReports(r.reports(time.Minute), "report "+groupA.String())
}

func TestResponseCodesAreRead_RFC3810_5_1_3(t *testing.T) {
	for code, want := range map[uint16]time.Duration{
		0: 0, 1000: time.Second, 32767: 32767 * time.Millisecond, 0x8000: 32768 * time.Millisecond, 0xffff: 8387584 * time.Millisecond,
	} {
		if q, ok := parseMLDQuery(mldQuery(everyGroup, code, false)); !ok || q.most != want || q.older {
			t.Errorf("%#x: %v, wanted %v", code, q.most, want)
		}
	}
	if q, ok := parseMLDQuery(mldQuery(groupA, 0xffff, true)); !ok || q.most != 65535*time.Millisecond || !q.older || q.group != groupA {
		t.Errorf("%+v", q)
	}
}

func FuzzMLDQuery(f *testing.F) {
	f.Add(mldQuery(everyGroup, 1000, false))
	f.Add(mldQuery(groupA, 0xffff, true))
	f.Fuzz(func(t *testing.T, b []byte) {
		q, ok := parseMLDQuery(b)
		if ok && (q.most < 0 || q.most > 3*time.Hour || !q.group.Is6() || !q.group.IsUnspecified() && !q.group.IsMulticast()) {
			t.Fatalf("%+v", q)
		}
	})
}
