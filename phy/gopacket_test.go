package phy

import (
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"
)

// TestGopacketReadsOurCaptures: its reader finds every frame of both directions, at its time, on an interface of the
// right kind, past the secrets that it does not know.
func TestGopacketReadsOurCaptures(t *testing.T) {
	for medium, link := range map[Medium]layers.LinkType{MediumEthernet: layers.LinkTypeEthernet, MediumIP: layers.LinkTypeRaw} {
		var file bytes.Buffer
		a, b := NewPipe(PipeConfig{Medium: medium})
		c, err := Capture(a, &file, CaptureOptions{Interface: "wire"})
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(c.KeyLog(), "CLIENT_RANDOM 00 00\n")
		now := time.Date(2026, 11, 20, 12, 0, 0, 123_456_789, time.UTC)
		sent := [][]byte{bytes.Repeat([]byte{0x45}, 60), bytes.Repeat([]byte{0x46}, 61)}
		copy(c.Buffer(60), sent[0])
		c.Send(now, 60)
		copy(b.Buffer(61), sent[1])
		b.Send(now, 61)
		if f, _ := c.Receive(now.Add(time.Millisecond)); len(f) != 61 {
			t.Fatal("no frame")
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		r, err := pcapgo.NewNgReader(&file, pcapgo.DefaultNgReaderOptions)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range sent {
			got, ci, err := r.ReadPacketData()
			if err != nil || !bytes.Equal(got, want) || !ci.Timestamp.Equal(now.Add(time.Duration(i)*time.Millisecond)) || ci.Length != len(want) {
				t.Fatalf("%v, frame %d: %d bytes at %v, %v", medium, i, len(got), ci.Timestamp, err)
			}
		}
		if _, _, err := r.ReadPacketData(); err != io.EOF {
			t.Fatalf("%v: something follows: %v", medium, err)
		}
		if r.LinkType() != link {
			t.Errorf("%v: link type %v", medium, r.LinkType())
		}
		if i, err := r.Interface(0); err != nil || i.Name != "wire" {
			t.Errorf("%v: interface %q, %v", medium, i.Name, err)
		}
	}
}
