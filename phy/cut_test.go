package phy

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"smoltls/internal/checksum"
)

// superFrame makes a TCP packet with n bytes of payload, FIN, PSH and CWR, and timestamps; its checksum is partial.
func superFrame(m Medium, v4 bool, n int) []byte {
	tcp := &layers.TCP{SrcPort: 1, DstPort: 2, Seq: 0xfffffff0, Ack: 7, FIN: true, PSH: true, ACK: true, CWR: true, Window: 9,
		Options: []layers.TCPOption{{OptionType: 8, OptionLength: 10, OptionData: make([]byte, 8)}, {OptionType: 1}, {OptionType: 1}}}
	eth := &layers.Ethernet{SrcMAC: make([]byte, 6), DstMAC: make([]byte, 6), EthernetType: layers.EthernetTypeIPv4}
	var ip gopacket.SerializableLayer = &layers.IPv4{Version: 4, Id: 0xffff, TTL: 64, Protocol: layers.IPProtocolTCP, SrcIP: []byte{192, 0, 2, 1}, DstIP: []byte{192, 0, 2, 2}}
	if !v4 {
		eth.EthernetType = layers.EthernetTypeIPv6
		ip = &layers.IPv6{Version: 6, HopLimit: 64, NextHeader: layers.IPProtocolTCP, SrcIP: bytes.Repeat([]byte{1}, 16), DstIP: bytes.Repeat([]byte{2}, 16)}
	}
	payload := make(gopacket.Payload, n)
	for i := range payload {
		payload[i] = byte(i * i >> 3)
	}
	tcp.SetNetworkLayerForChecksum(ip.(gopacket.NetworkLayer))
	ls := []gopacket.SerializableLayer{eth, ip, tcp, payload}
	if m == MediumIP {
		ls = ls[1:]
	}
	buf := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(buf, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, ls...); err != nil {
		panic(err)
	}
	f := buf.Bytes()
	info := superInfo(m, v4, 0)
	at := f[info.ChecksumStart+16:]
	all := checksum.Fold(checksum.Sum(f[info.ChecksumStart:], 0)) // with the checksum: the pseudo-header's complement
	binary.BigEndian.PutUint16(at, ^all)
	return f
}

// superInfo goes with such a frame.
func superInfo(m Medium, v4 bool, size int) FrameInfo {
	info := FrameInfo{GSO: GSOTCP4, Checksum: ChecksumPartial, ECN: true, SegmentSize: uint16(size), ChecksumStart: uint16(m.HeaderLen() + 20), ChecksumOffset: 16}
	if !v4 {
		info.GSO, info.ChecksumStart = GSOTCP6, uint16(m.HeaderLen()+40)
	}
	info.HeaderLen = info.ChecksumStart + 32
	return info
}

// checkCut lets gopacket read a packet, and checks all of its fields that differ from the others'.
func checkCut(t *testing.T, m Medium, v4 bool, p []byte, k, size int, last bool) (payload []byte) {
	t.Helper()
	first := gopacket.LayerType(layers.LayerTypeEthernet)
	if m == MediumIP {
		first = layers.LayerTypeIPv4
		if !v4 {
			first = layers.LayerTypeIPv6
		}
	}
	pkt := gopacket.NewPacket(p, first, gopacket.Default)
	if pkt.ErrorLayer() != nil {
		t.Fatalf("packet %d: %v", k, pkt.ErrorLayer().Error())
	}
	tcp := pkt.Layer(layers.LayerTypeTCP).(*layers.TCP)
	ip := pkt.NetworkLayer()
	tcp.SetNetworkLayerForChecksum(ip)
	if sum, err := tcp.ComputeChecksum(); err != nil || sum != 0 {
		t.Errorf("packet %d: checksum %x is wrong by %x, %v", k, tcp.Checksum, sum, err)
	}
	if v4 {
		h := ip.LayerContents()
		if checksum.Fold(checksum.Sum(h, 0)) != 0xffff || ip.(*layers.IPv4).Id != uint16(0xffff+k) {
			t.Errorf("packet %d: IPv4 header % x", k, h)
		}
	}
	if tcp.Seq != 0xfffffff0+uint32(k*size) || tcp.Ack != 7 || tcp.CWR != (k == 0) || tcp.FIN != last || tcp.PSH != last || !tcp.ACK || len(tcp.Options) != 3 {
		t.Errorf("packet %d: %+v", k, tcp)
	}
	return tcp.Payload
}

func TestASuperSegmentIsCutIntoPacketsThatAreRightInEveryField(t *testing.T) {
	for _, m := range []Medium{MediumEthernet, MediumIP} {
		for _, v4 := range []bool{true, false} {
			for _, n := range []int{1, 1000, 1001, 5000, 5001, 60000} {
				const size = 1000
				frame, info := superFrame(m, v4, n), superInfo(m, v4, size)
				want := frame[info.HeaderLen:]
				var c cutter
				if whole, ok := c.take(frame, &info, m); !ok || whole != nil {
					t.Fatal("not taken")
				}
				var got []byte
				for k := 0; c.pending(); k++ {
					got = append(got, checkCut(t, m, v4, c.next(), k, size, len(got)+size >= n)...)
				}
				if !bytes.Equal(got, want) {
					t.Errorf("%v %v: %d bytes differ", m, v4, n)
				}
			}
		}
	}
}

func TestATaggedSuperSegmentIsCut(t *testing.T) {
	f, info := superFrame(MediumEthernet, true, 2500), superInfo(MediumEthernet, true, 1000)
	tagged := append(append(append([]byte(nil), f[:12]...), 0x81, 0, 0, 5), f[12:]...)
	info.ChecksumStart += vlanTag
	info.HeaderLen += vlanTag
	var c cutter
	if _, ok := c.take(tagged, &info, MediumEthernet); !ok {
		t.Fatal("not taken")
	}
	n := 0
	for c.pending() {
		p := c.next()
		if binary.BigEndian.Uint16(p[14:]) != 5 || checksum.Fold(checksum.Sum(p[38:], checksum.PseudoV4([4]byte{192, 0, 2, 1}, [4]byte{192, 0, 2, 2}, 6, len(p)-38))) != 0xffff {
			t.Errorf("packet %d: % x", n, p[:40])
		}
		n++
	}
	if n != 3 {
		t.Errorf("%d packets", n)
	}
}

func TestAPartialChecksumOfOnePacketIsCompleted(t *testing.T) {
	f, info := superFrame(MediumEthernet, false, 100), superInfo(MediumEthernet, false, 0)
	info.GSO = GSONone
	var c cutter
	whole, ok := c.take(f, &info, MediumEthernet)
	if !ok || len(whole) != len(f) {
		t.Fatal("not whole")
	}
	p := gopacket.NewPacket(whole, layers.LayerTypeEthernet, gopacket.Default)
	tcp := p.Layer(layers.LayerTypeTCP).(*layers.TCP)
	tcp.SetNetworkLayerForChecksum(p.NetworkLayer())
	if sum, err := tcp.ComputeChecksum(); err != nil || sum != 0 {
		t.Errorf("%x, %v", sum, err)
	}
}

func TestASumOfZeroIsWrittenAsItsOtherForm(t *testing.T) { // RFC 768
	f := []byte{0xff, 0xff, 0, 0}
	if !CompleteChecksum(f, &FrameInfo{ChecksumStart: 0, ChecksumOffset: 2}) || f[2] != 0xff || f[3] != 0xff {
		t.Errorf("% x", f)
	}
	if CompleteChecksum(f, &FrameInfo{ChecksumStart: 2, ChecksumOffset: 1}) {
		t.Error("beyond the frame")
	}
}

func TestAFrameThatContradictsItsInformationIsNotCut(t *testing.T) {
	for name, spoil := range map[string]func(f []byte, info *FrameInfo) []byte{
		"whole checksum":         func(f []byte, i *FrameInfo) []byte { i.Checksum = ChecksumWhole; return f },
		"UDP's checksum":         func(f []byte, i *FrameInfo) []byte { i.ChecksumOffset = 6; return f },
		"IPv6 in IPv4":           func(f []byte, i *FrameInfo) []byte { i.GSO = GSOTCP6; return f },
		"TCP elsewhere":          func(f []byte, i *FrameInfo) []byte { i.ChecksumStart++; return f },
		"TCP at the end":         func(f []byte, i *FrameInfo) []byte { return f[:i.HeaderLen] },
		"no TCP header":          func(f []byte, i *FrameInfo) []byte { return f[:40] },
		"short data offset":      func(f []byte, i *FrameInfo) []byte { f[46] = 0x40; return f },
		"data offset too long":   func(f []byte, i *FrameInfo) []byte { f[46] = 0xf0; return f[:70] },
		"no segment size":        func(f []byte, i *FrameInfo) []byte { i.SegmentSize = 0; return f },
		"IPv4 header of 4 bytes": func(f []byte, i *FrameInfo) []byte { f[14] = 0x41; return f },
	} {
		info := superInfo(MediumEthernet, true, 1000)
		f := spoil(superFrame(MediumEthernet, true, 2500), &info)
		var c cutter
		if whole, ok := c.take(f, &info, MediumEthernet); ok || whole != nil || c.pending() {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestCuttingAllocatesNothing(t *testing.T) {
	f, info := superFrame(MediumEthernet, true, 60000), superInfo(MediumEthernet, true, 1448)
	var c cutter
	if n := testing.AllocsPerRun(50, func() {
		c.take(f, &info, MediumEthernet)
		for c.pending() {
			c.next()
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
