package tlstest

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// frame lets gopacket build a segment.
func frame(t testing.TB, seq uint32, fin bool, data string) []byte {
	t.Helper()
	ip := &layers.IPv4{Version: 4, TTL: 64, Protocol: layers.IPProtocolTCP, SrcIP: ClientAddr.AsSlice(), DstIP: ServerAddr.AsSlice()}
	tcp := &layers.TCP{SrcPort: 1000, DstPort: port, Seq: seq, ACK: true, FIN: fin, Window: 1000, Options: []layers.TCPOption{{OptionType: layers.TCPOptionKindNop}}}
	tcp.SetNetworkLayerForChecksum(ip)
	eth := &layers.Ethernet{SrcMAC: make([]byte, 6), DstMAC: make([]byte, 6), EthernetType: layers.EthernetTypeIPv4}
	buf := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(buf, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, eth, ip, tcp, gopacket.Payload(data)); err != nil {
		t.Fatal(err)
	}
	b := buf.Bytes()
	return b[:etherLen+int(binary.BigEndian.Uint16(b[16:]))] // without padding
}

func pass(t testing.TB, w *way, f []byte) []byte {
	t.Helper()
	s, ok := parseSegment(f)
	if !ok {
		t.Fatal("not seen as a segment")
	}
	return w.pass(f, s)
}

func TestWhatIsTamperedWithHasRightChecksums(t *testing.T) {
	w := &way{tamper: true}
	if got := pass(t, w, frame(t, 1, false, "")); !bytes.Equal(got, frame(t, 1, false, "")) {
		t.Error("a segment without data was changed")
	}
	if got := pass(t, w, frame(t, 1, false, "data")); !bytes.Equal(got, frame(t, 1, false, "dat`")) {
		t.Errorf("%x", got)
	}
	if got := pass(t, w, frame(t, 5, false, "data")); !bytes.Equal(got, frame(t, 5, false, "data")) {
		t.Error("the next one was changed too")
	}
}

// The receiver would not look at it.
func TestARepetitionIsNotTamperedWith(t *testing.T) {
	w := &way{}
	pass(t, w, frame(t, 1, false, "data"))
	w.tamper = true
	if got := pass(t, w, frame(t, 1, false, "data")); !bytes.Equal(got, frame(t, 1, false, "data")) {
		t.Error("it is")
	}
	if got := pass(t, w, frame(t, 5, false, "data")); !bytes.Equal(got, frame(t, 5, false, "dat`")) {
		t.Error("what follows is not")
	}
}

func TestAStreamThatIsCutOffEndsWithOneFIN(t *testing.T) {
	w := &way{truncate: true}
	for range 2 { // its repetition too
		if got := pass(t, w, frame(t, 7, false, "data")); !bytes.Equal(got, frame(t, 7, true, "")) {
			t.Errorf("%x", got)
		}
	}
	if pass(t, w, frame(t, 11, true, "more")) != nil {
		t.Error("what comes after the end passes")
	}
	if got := pass(t, w, frame(t, 11, false, "")); !bytes.Equal(got, frame(t, 11, false, "")) {
		t.Error("an acknowledgement does not pass")
	}
}

func TestARecordingIsBounded(t *testing.T) {
	w := &way{recording: true, record: make([]byte, MaxRecording-2)}
	pass(t, w, frame(t, 1, false, "data"))
	if len(w.record) != MaxRecording || !bytes.HasSuffix(w.record, []byte("da")) {
		t.Errorf("%d bytes", len(w.record))
	}
}

func TestWhatIsNoSegmentIsLeftAlone(t *testing.T) {
	good := frame(t, 1, false, "data")
	for name, change := range map[string]func(f []byte) []byte{
		"cut off":           func(f []byte) []byte { return f[:50] },
		"ARP":               func(f []byte) []byte { f[13] = 6; return f },
		"UDP":               func(f []byte) []byte { f[23] = 17; return f },
		"a fragment":        func(f []byte) []byte { f[21] = 1; return f },
		"a length too long": func(f []byte) []byte { binary.BigEndian.PutUint16(f[16:], 2000); return f },
		"a header too long": func(f []byte) []byte { f[46] = 0xf0; return f },
	} {
		f := change(bytes.Clone(good))
		if s, ok := parseSegment(f); ok {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

func FuzzSegments(f *testing.F) {
	f.Add(frame(f, 1, false, "data"))
	f.Add(frame(f, 1, true, ""))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, w := range []*way{{tamper: true, recording: true}, {truncate: true}} {
			c := bytes.Clone(b)
			if s, ok := parseSegment(c); ok {
				w.pass(c, s)
			}
		}
	})
}
