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
)

// igmp is an IGMP message from the peer, with the options given.
func (r *rig) igmp(dst netip.Addr, ttl uint8, options []layers.IPv4Option, m []byte) []byte {
	m = append([]byte(nil), m...)
	if len(m) >= 4 {
		m[2], m[3] = 0, 0
		binary.BigEndian.PutUint16(m[2:], ^checksum.Fold(checksum.Sum(m, 0)))
	}
	e, ip, mac := eth(layers.EthernetTypeIPv4), ip4(layers.IPProtocolIGMP), multicastMAC(dst)
	e.DstMAC = mac[:]
	ip.TTL, ip.DstIP, ip.Options = ttl, dst.AsSlice(), options
	return r.frame(e, ip, gopacket.Payload(m))
}

var routerAlert = []layers.IPv4Option{{OptionType: optRouterAlertIPv4, OptionLength: 4, OptionData: []byte{0, 0}}}

func igmpQuery(group netip.Addr, code byte, older bool) []byte {
	m := make([]byte, igmpv3Query)
	m[0], m[1] = typeIGMPQuery, code
	a := group.As4()
	copy(m[4:], a[:])
	if older {
		return m[:igmpLen]
	}
	return m
}

var everyGroup4 = netip.IPv4Unspecified()

func TestIGMPQueriesAreAnswered_RFC3376_5_2(t *testing.T) {
	r, u := member(t)
	want := fmt.Sprintf("2 %v, ", groupA4)
	r.put(r.igmp(allSystems, 1, routerAlert, igmpQuery(everyGroup4, 20, false)))
	asked := r.now
	got := r.reports(time.Minute)
	r.wantReports(got, want)
	if wait := got[0].at.Sub(asked); wait <= 0 || wait > 2*time.Second+1 || got[0].to != igmpv3Routers || got[0].from != our4 {
		t.Fatalf("%+v", got)
	}
	r.put(r.igmp(groupA4, 1, routerAlert, igmpQuery(groupA4, 20, false)))
	r.wantReports(r.reports(time.Minute), want)
	t.Log("# an older querier (RFC 3376 §7.2.1)")
	r.put(r.igmp(allSystems, 1, routerAlert, igmpQuery(everyGroup4, 0, true)))
	asked = r.now
	got = r.reports(time.Minute)
	r.wantReports(got, "report "+groupA4.String())
	if wait := got[0].at.Sub(asked); wait > igmpv1Delay+1 || got[0].to != groupA4 {
		t.Fatalf("%+v", got)
	}
	r.put(r.igmp(allSystems, 1, routerAlert, igmpQuery(everyGroup4, 50, true)))
	m := igmpQuery(groupA4, 0, true)
	m[0] = typeIGMPv2Report
	r.put(r.igmp(groupA4, 1, routerAlert, m))
	r.wantReports(r.reports(10 * time.Second))
	u.LeaveGroup(groupA4)
	got = r.reports(time.Minute)
	r.wantReports(got, "done "+groupA4.String())
	if got[0].to != allRouters4 {
		t.Fatalf("%+v", got)
	}
}

func TestIGMPQueriesThatCannotBeAreDropped(t *testing.T) {
	r, _ := member(t)
	good := igmpQuery(everyGroup4, 20, false)
	bad := r.igmp(allSystems, 1, routerAlert, good)
	bad[ethernetHeaderLen+igmpHeaderLen+4] ^= 1
	for name, c := range map[string]struct {
		f   []byte
		why DropReason
	}{
		"from beyond the link":        {r.igmp(allSystems, 2, routerAlert, good), DropHopLimit},
		"without router alert":        {r.igmp(allSystems, 1, nil, good), DropMalformed}, // RFC 3376 §9.1
		"short":                       {r.igmp(allSystems, 1, routerAlert, good[:7]), DropMalformed},
		"of neither version's length": {r.igmp(allSystems, 1, routerAlert, good[:10]), DropMalformed},
		"for no group":                {r.igmp(allSystems, 1, routerAlert, igmpQuery(peer4, 20, false)), DropMalformed},
		"checksum":                    {bad, DropChecksum},
		"a report of version 3":       {r.igmp(allSystems, 1, routerAlert, append([]byte{typeIGMPv3Report}, good[1:]...)), DropNotForUs},
	} {
		t.Run(name, func(t *testing.T) { r.dropped(c.why, func() { r.put(c.f) }) })
	}
	r.wantReports(r.reports(time.Hour))
}

func TestIGMPResponseCodesAreRead_RFC3376_4_1_1(t *testing.T) {
	for code, want := range map[byte]time.Duration{0: 0, 20: 2 * time.Second, 127: 12700 * time.Millisecond, 0x80: 12800 * time.Millisecond, 0xff: 3174400 * time.Millisecond} {
		if q, ok := parseIGMPQuery(igmpQuery(groupA4, code, false)); !ok || q.most != want || q.group != groupA4 {
			t.Errorf("%#x: %v, wanted %v", code, q.most, want)
		}
	}
}

func TestRouterAlertIsFoundAmongOptions_RFC2113(t *testing.T) {
	for o, want := range map[string]bool{
		"": false, "\x94\x04\x00\x00": true, "\x01\x01\x94\x04\x00\x00\x00\x00": true, "\x00\x94\x04\x00": false, "\x07\x03\x04\x94\x04\x00\x00\x00": true,
		"\x07\x00\x94\x04": false, "\x94\x05\x00\x00": false, "\x94": false,
	} {
		if hasOption4([]byte(o), optRouterAlertIPv4) != want {
			t.Errorf("%x: %t", o, !want)
		}
	}
}

func FuzzIGMPQuery(f *testing.F) {
	f.Add(igmpQuery(groupA4, 20, false), []byte{optRouterAlertIPv4, 4, 0, 0})
	f.Fuzz(func(t *testing.T, b, options []byte) {
		q, ok := parseIGMPQuery(b)
		if ok && (q.most < 0 || q.most > 3*time.Hour || !q.group.Is4()) {
			t.Fatalf("%+v", q)
		}
		hasOption4(options, optRouterAlertIPv4)
	})
}

func TestGroupsAreReportedFromNobodyWhileThereIsNoAddress_RFC3376_4_2_13(t *testing.T) {
	a := newAutoRig(t, nil)
	u, _ := a.openUDP(t, "[::]:5", PacketConfig{})
	u.JoinGroup(groupA4)
	for _, g := range a.reports(0) {
		if g.to == igmpv3Routers && g.from == netip.IPv4Unspecified() {
			return
		}
	}
	t.Fatal("not reported")
}

func TestQueriesOfASwitchWithoutAnAddressAreAnswered_RFC4541_2_1_1(t *testing.T) {
	r, _ := member(t)
	r.put(r.from("0.0.0.0", r.igmp(allSystems, 1, routerAlert, igmpQuery(everyGroup4, 20, false))))
	r.wantReports(r.reports(time.Minute), fmt.Sprintf("2 %v, ", groupA4))
}

func TestQueriesFromBeyondTheLinkAreDropped(t *testing.T) {
	r, _ := member(t)
	query := r.igmp(our4, 1, routerAlert, igmpQuery(everyGroup4, 20, false))
	copy(query, ourMAC[:])
	r.dropped(DropSource, func() { r.put(r.from("203.0.113.9", query)) })
	r.wantReports(r.reports(time.Minute))
	r.put(r.from(peer4.String(), query))
	r.wantReports(r.reports(time.Minute), fmt.Sprintf("2 %v, ", groupA4))
}

// from gives another source to the IPv4 packet in a frame.
func (r *rig) from(src string, frame []byte) []byte {
	ip := frame[r.hdrLen:]
	copy(ip[12:16], parseIP(src))
	ip[10], ip[11] = 0, 0
	binary.BigEndian.PutUint16(ip[10:], ^headerSum(ip[:int(ip[0]&15)*4]))
	return frame
}
