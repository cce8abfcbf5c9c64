package tcp

import (
	"bytes"
	"errors"
	"testing"

	"smoltls/internal/checksum"
)

// rawSYN is a SYN of a Linux kernel: MSS 1460, SACK permitted, timestamps, NOP, window scale 7.
var rawSYN = []byte{
	0xc3, 0x50, 0x01, 0xbb, 0x12, 0x34, 0x56, 0x78, 0, 0, 0, 0, 0xa0, 0x02, 0xfa, 0xf0, 0, 0, 0, 0,
	2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 1, 2, 3, 0, 0, 0, 0, 1, 3, 3, 7,
}

func TestSegmentIsParsed(t *testing.T) {
	var s Segment
	if err := s.Parse(append(rawSYN[:len(rawSYN):len(rawSYN)], "hello"...)); err != nil {
		t.Fatal(err)
	}
	if s.SrcPort != 50000 || s.DstPort != 443 || s.Seq != 0x12345678 || s.Ack != 0 || s.Flags != SYN || s.Window != 64240 ||
		string(s.Payload) != "hello" || s.MSS != 1460 || !s.SACKPermitted || !s.HasTS || s.TSVal != 0x10203 || s.WScale != 7 || s.Len() != 6 {
		t.Fatalf("%+v", s)
	}
}

func TestSegmentThatIsCutOffAnywhereIsRefused(t *testing.T) { // RFC 9293 §3.1
	var s Segment
	for n := range len(rawSYN) {
		if err := s.Parse(rawSYN[:n]); !errors.Is(err, ErrSegment) {
			t.Fatalf("%d bytes: %v", n, err)
		}
	}
	for _, off := range []byte{0, 1, 4} { // the header shorter than it can be
		b := bytes.Clone(rawSYN)
		b[12] = off << 4
		if err := s.Parse(b); !errors.Is(err, ErrSegment) {
			t.Fatalf("offset %d: %v", off, err)
		}
	}
}

func TestResetAnswersASegmentThatNobodyOwns(t *testing.T) { // RFC 9293 §3.10.7.1
	var buf [HeaderLen]byte
	for _, c := range []struct {
		seg      Segment
		seq, ack Seq
		flags    Flags
	}{
		{Segment{SrcPort: 1, DstPort: 2, Seq: 100, Ack: 500, Flags: ACK, Payload: make([]byte, 5)}, 500, 0, RST},
		{Segment{SrcPort: 1, DstPort: 2, Seq: 100, Flags: SYN, Payload: make([]byte, 5)}, 0, 106, RST | ACK},
		{Segment{SrcPort: 1, DstPort: 2, Seq: 100, Flags: FIN}, 0, 101, RST | ACK},
	} {
		n := Reset(&c.seg, buf[:], 77)
		var got Segment
		if err := got.Parse(buf[:n]); err != nil {
			t.Fatal(err)
		}
		if got.SrcPort != 2 || got.DstPort != 1 || got.Seq != c.seq || got.Ack != c.ack || got.Flags != c.flags {
			t.Errorf("%+v: %+v", c.seg, got)
		}
		if checksum.Fold(checksum.Sum(buf[:n], 77+uint32(n))) != 0xffff {
			t.Error("checksum")
		}
	}
	if Reset(&Segment{Flags: RST}, buf[:], 0) != 0 || Reset(&Segment{Flags: ACK}, buf[:19], 0) != 0 {
		t.Error("a RST was answered, or written where there is no room")
	}
}

func FuzzSegmentParse(f *testing.F) {
	f.Add(rawSYN)
	f.Add(rawSYN[:20])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		var s Segment
		if s.Parse(b) != nil {
			return
		}
		if len(s.Payload) > len(b)-HeaderLen || s.WScale < -1 || s.WScale > maxWScale || s.Len() < len(s.Payload) {
			t.Fatalf("%+v", s)
		}
	})
}
