package phy

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"testing"
	"time"
)

// block is a pcapng block as a reader finds it.
type block struct {
	kind uint32
	body []byte
}

// option is the value of a block's option, or nil.
func option(b []byte, code uint16) []byte {
	for len(b) >= 4 {
		c, n := binary.LittleEndian.Uint16(b), int(binary.LittleEndian.Uint16(b[2:]))
		if c == code {
			return b[4 : 4+n]
		}
		b = b[4+n+padding(n):]
	}
	return nil
}

// blocks splits a pcapng file, and checks that both lengths of each block agree.
func blocks(t *testing.T, file []byte) (bs []block) {
	t.Helper()
	for len(file) > 0 {
		if len(file) < 12 {
			t.Fatalf("%d bytes are left over", len(file))
		}
		n := int(binary.LittleEndian.Uint32(file[4:]))
		if n%4 != 0 || n < 12 || n > len(file) || int(binary.LittleEndian.Uint32(file[n-4:])) != n {
			t.Fatalf("block %d of %d bytes, %d left", len(bs), n, len(file))
		}
		bs = append(bs, block{binary.LittleEndian.Uint32(file), file[8 : n-4]})
		file = file[n:]
	}
	return bs
}

// packet is an Enhanced Packet Block taken apart.
func (b block) packet(t *testing.T) (at time.Time, kept []byte, length int, direction uint32) {
	t.Helper()
	if b.kind != blockEnhancedPacket {
		t.Fatalf("block of type %d", b.kind)
	}
	u32 := func(i int) uint32 { return binary.LittleEndian.Uint32(b.body[i:]) }
	n := int(u32(12))
	flags := option(b.body[20+n+padding(n):], optionFlags)
	return time.Unix(0, int64(uint64(u32(4))<<32|uint64(u32(8)))), b.body[20 : 20+n], int(u32(16)), binary.LittleEndian.Uint32(flags)
}

func TestPcapngHeadersNameTheInterface(t *testing.T) {
	for _, name := range []string{"", "a", "tap0", "a name of 17 bytes", string(make([]byte, 1000))} {
		for m, linkType := range map[Medium]uint16{MediumEthernet: 1, MediumIP: 101} {
			var file bytes.Buffer
			var p pcapngWriter
			if err := p.begin(&file, m, name, 96); err != nil {
				t.Fatal(err)
			}
			bs := blocks(t, file.Bytes())
			if len(bs) != 2 || bs[0].kind != blockSection || bs[1].kind != blockInterface {
				t.Fatalf("%v", bs)
			}
			ifc := bs[1].body
			want := name[:min(len(name), maxInterfaceName)]
			if binary.LittleEndian.Uint16(ifc) != linkType || binary.LittleEndian.Uint32(ifc[4:]) != 96 ||
				string(option(ifc[8:], optionName)) != want || string(option(ifc[8:], optionResolution)) != "\t" {
				t.Fatalf("%q: %x", name, ifc)
			}
		}
	}
}

func TestPcapngPacketsOfEveryLength(t *testing.T) {
	var file bytes.Buffer
	var p pcapngWriter
	p.begin(&file, MediumIP, "x", 50)
	for n := 1; n < 60; n++ {
		p.packet(t0.Add(time.Duration(n)), bytes.Repeat([]byte{byte(n)}, n), 50, uint32(1+n%2))
		p.secrets(bytes.Repeat([]byte{'s'}, n))
	}
	p.secrets(nil) // nothing to say, no block
	if err := p.flush(); err != nil {
		t.Fatal(err)
	}
	bs := blocks(t, file.Bytes())[2:]
	if len(bs) != 2*59 {
		t.Fatalf("%d blocks", len(bs))
	}
	for n := 1; n < 60; n++ {
		at, kept, length, direction := bs[2*n-2].packet(t)
		if !at.Equal(t0.Add(time.Duration(n))) || length != n || direction != uint32(1+n%2) ||
			!bytes.Equal(kept, bytes.Repeat([]byte{byte(n)}, min(n, 50))) {
			t.Fatalf("%d: %v %d %d %x", n, at, length, direction, kept)
		}
		secrets := fmt.Sprintf("KSLT%c\x00\x00\x00%s%s", n, bytes.Repeat([]byte{'s'}, n), zeros[:padding(n)])
		if s := bs[2*n-1]; s.kind != blockSecrets || string(s.body) != secrets {
			t.Fatalf("%d: type %d, %q", n, s.kind, s.body)
		}
	}
}
