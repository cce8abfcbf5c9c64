package phy

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"smoltls/internal/checksum"
)

// packetsOf cuts n bytes into packets of size, as our own stack or a card does: PSH on the last.
func packetsOf(m Medium, v4 bool, n, size int) (packets [][]byte) {
	f, info := superFrame(m, v4, n), superInfo(m, v4, size)
	f[info.ChecksumStart+tcpFlags] = tcpACK | tcpPSH
	var c cutter
	c.take(f, &info, m)
	for c.pending() {
		packets = append(packets, bytes.Clone(c.next()))
	}
	return packets
}

// resum gives a packet that was changed since it was like p the right checksums again.
func resum(f []byte, p packetPlan) {
	if p.v4 {
		h := f[p.ip:p.tcp]
		binary.BigEndian.PutUint16(h[ipv4Sum:], 0)
		binary.BigEndian.PutUint16(h[ipv4Sum:], ^checksum.Fold(checksum.Sum(h, 0)))
	}
	tcp := f[p.tcp:p.end]
	binary.BigEndian.PutUint16(tcp[tcpSum:], 0)
	binary.BigEndian.PutUint16(tcp[tcpSum:], ^checksum.Fold(checksum.Sum(tcp, pseudoHeader(f[p.ip:], len(tcp)))))
}

func TestWhatWasCutIsPutTogetherAgain(t *testing.T) {
	for _, m := range []Medium{MediumEthernet, MediumIP} {
		for _, v4 := range []bool{true, false} {
			for _, n := range []int{1001, 2000, 60000} {
				packets := packetsOf(m, v4, n, 1000)
				var c coalescer
				if !c.begin(packets[0], m) {
					t.Fatal("the first was not taken")
				}
				for k, p := range packets[1:] {
					if !c.add(append(bytes.Clone(p), "padding"...)[:len(p)+7*(m.HeaderLen()/14)], m) {
						t.Fatalf("%v %v: packet %d was not taken", m, v4, k+1)
					}
				}
				frame, info := c.take()
				want := superInfo(m, v4, 1000)
				want.ECN = false
				if info != want {
					t.Fatalf("%+v, not %+v", info, want)
				}
				var again cutter
				if _, ok := again.take(frame, &info, m); !ok {
					t.Fatal("can't be cut again")
				}
				for k := range packets {
					if !again.pending() || !bytes.Equal(again.next(), packets[k]) {
						t.Fatalf("%v %v: packet %d differs", m, v4, k)
					}
				}
				if again.pending() {
					t.Error("more packets than there were")
				}
			}
		}
	}
}

func TestWhatDoesNotFollowIsNotPutTogether(t *testing.T) {
	const m = MediumEthernet
	for name, spoil := range map[string]func(p []byte){
		"another station":      func(p []byte) { p[7]++ },
		"other flags":          func(p []byte) { p[47] |= tcpFIN },
		"another sequence":     func(p []byte) { p[41]++ },
		"another ACK":          func(p []byte) { p[45]++ },
		"another window":       func(p []byte) { p[49]++ },
		"another timestamp":    func(p []byte) { p[58]++ },
		"another port":         func(p []byte) { p[35]++ },
		"another address":      func(p []byte) { p[29]++ },
		"another TTL":          func(p []byte) { p[22]++ },
		"congestion":           func(p []byte) { p[15] |= 3 },
		"a number left out":    func(p []byte) { p[19]++ },
		"a fragment":           func(p []byte) { p[20] |= 0x20 },
		"IPv6's type":          func(p []byte) { p[12], p[13] = 0x86, 0xdd },
		"UDP":                  func(p []byte) { p[23] = 17 },
		"a wrong IP checksum":  func(p []byte) { p[24]++ },
		"a wrong TCP checksum": func(p []byte) { p[80]++ },
		"a length too long":    func(p []byte) { p[16]++ },
		"a header too short":   func(p []byte) { p[46] = 0x40 },
	} {
		packets := packetsOf(m, true, 3000, 1000)
		p := packets[1]
		was, _ := plan(p, m)
		spoil(p)
		if !strings.HasPrefix(name, "a wrong") && !strings.HasPrefix(name, "a length") && !strings.HasPrefix(name, "a header") {
			resum(p, was)
		}
		var c coalescer
		if !c.begin(packets[0], m) || c.add(p, m) {
			t.Errorf("%s: taken", name)
		}
		frame, info := c.take()
		if info != (FrameInfo{}) || !bytes.Equal(frame, packets[0]) {
			t.Errorf("%s: the first packet is not what it was: %+v", name, info)
		}
	}
}

func TestAnEndOfASuperSegment(t *testing.T) {
	const m = MediumIP
	packets := packetsOf(m, true, 4500, 1000)
	var c coalescer
	if c.begin(packets[4], m) {
		t.Error("PSH: nothing follows")
	}
	c.begin(packets[0], m)
	short := packetsOf(m, true, 1900, 1000)[1]
	was, _ := plan(short, m)
	short[33] &^= tcpPSH
	resum(short, was)
	if !c.add(short, m) || c.add(packets[2], m) {
		t.Error("a short packet is the last")
	}
	if c.begin(packets[0][:40], m) || c.begin(nil, m) || c.begin(make([]byte, 60), m) {
		t.Error("no packet of any kind")
	}
	wrong := bytes.Clone(packets[0])
	wrong[60]++
	if !c.begin(wrong, m) || c.add(packets[1], m) {
		t.Error("the first packet's checksum counts, too")
	}
	if f, info := c.take(); !bytes.Equal(f, wrong) || info != (FrameInfo{}) {
		t.Error("it is passed on as it came")
	}
}

func TestASuperSegmentEndsAtTheLongestPacket(t *testing.T) {
	const m = MediumIP
	packets := packetsOf(m, false, 65000, 500)
	var c coalescer
	c.begin(packets[0], m)
	k := 1
	for ; c.add(packets[k], m); k++ {
		if k == len(packets)-1 {
			k++
			break
		}
	}
	f, _ := c.take()
	if len(f) > MaxMTU || k < 120 {
		t.Errorf("%d bytes, %d packets", len(f), k)
	}
	grown := packetsOf(m, true, 65000, 1000)
	c.begin(grown[0], m)
	for k := 1; k < len(grown)-1; k++ {
		c.add(grown[k], m)
	}
	for k := range 3 { // pretend that there is still more
		p := bytes.Clone(grown[1])
		binary.BigEndian.PutUint32(p[24:], 0xfffffff0+uint32(64000+k*1000))
		binary.BigEndian.PutUint16(p[4:], uint16(0xffff+64+k))
		was, _ := plan(p, m)
		resum(p, was)
		if c.add(p, m) != (k == 0) {
			t.Errorf("%d bytes, and packet %d", c.n, k)
		}
	}
}

// FuzzCoalesce: whatever packets come, what is put together of them can be cut into the same ones again.
func FuzzCoalesce(f *testing.F) {
	for _, ether := range []bool{true, false} {
		m := map[bool]Medium{true: MediumEthernet, false: MediumIP}[ether]
		p := packetsOf(m, ether, 2500, 1000)
		f.Add(p[0], p[1], p[2], ether)
	}
	f.Add([]byte{0x45}, []byte{}, make([]byte, 40), false)
	f.Fuzz(func(t *testing.T, a, b, d []byte, ether bool) {
		m := map[bool]Medium{true: MediumEthernet, false: MediumIP}[ether]
		var c coalescer
		if len(a) > 9000 || !c.begin(a, m) {
			return
		}
		taken := [][]byte{a}
		for _, p := range [][]byte{b, d} {
			if !c.add(p, m) {
				break
			}
			taken = append(taken, p)
		}
		frame, info := c.take()
		if len(taken) == 1 {
			if info != (FrameInfo{}) || !bytes.HasPrefix(a, frame) {
				t.Fatalf("%+v", info)
			}
			return
		}
		var again cutter
		if _, ok := again.take(frame, &info, m); !ok {
			t.Fatalf("% x can't be cut: %+v", frame, info)
		}
		for k, want := range taken {
			got := again.next()
			q, _ := plan(got, m)
			if !verified(got, &q) || len(got) > len(want) {
				t.Fatalf("packet %d: % x of % x", k, got, want)
			}
			if !bytes.Equal(got[q.body:], want[q.body:len(got)]) || !bytes.Equal(got[q.tcp:q.tcp+12], want[q.tcp:q.tcp+12]) {
				t.Fatalf("packet %d: % x of % x", k, got, want)
			}
		}
		if again.pending() {
			t.Fatal("more than there were")
		}
	})
}
