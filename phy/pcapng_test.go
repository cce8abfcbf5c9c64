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

func TestPcapngPacketsAndSecretsOfEveryLength(t *testing.T) {
	var file bytes.Buffer
	var p pcapngWriter
	p.begin(&file, MediumIP, "x", 50)
	for n := 1; n < 60; n++ {
		p.packet(t0.Add(time.Duration(n)), bytes.Repeat([]byte{byte(n)}, n), 50, uint32(1+n%2))
		p.keys(bytes.Repeat([]byte{'s'}, n))
	}
	p.keys(nil) // nothing to say, no block
	if err := p.flush(); err != nil {
		t.Fatal(err)
	}
	bs := blocks(t, file.Bytes())[2:]
	if len(bs) != 2*59 {
		t.Fatalf("%d blocks", len(bs))
	}
	for n := 1; n < 60; n++ {
		// Secrets come before the packets they were gathered with.
		secrets := fmt.Sprintf("KSLT%c\x00\x00\x00%s%s", n, bytes.Repeat([]byte{'s'}, n), zeros[:padding(n)])
		if s := bs[n-1]; s.kind != blockSecrets || string(s.body) != secrets {
			t.Fatalf("%d: type %d, %q", n, s.kind, s.body)
		}
		at, kept, length, direction := bs[59+n-1].packet(t)
		if !at.Equal(t0.Add(time.Duration(n))) || length != n || direction != uint32(1+n%2) ||
			!bytes.Equal(kept, bytes.Repeat([]byte{byte(n)}, min(n, 50))) {
			t.Fatalf("%d: %v %d %d %x", n, at, length, direction, kept)
		}
	}
}

func TestPcapngGathersABoundedAmountAndKeepsTheNewestHalf(t *testing.T) {
	var file bytes.Buffer
	var p pcapngWriter
	p.begin(&file, MediumIP, "x", DefaultSnapLen)
	header := file.Len()
	frame := make([]byte, 1500)
	sent := 0
	for ; file.Len() == header; sent++ {
		le.PutUint32(frame, uint32(sent))
		p.packet(t0, frame, DefaultSnapLen, inbound)
		if len(p.packets) > captureGather {
			t.Fatalf("%d bytes are gathered", len(p.packets))
		}
	}
	if written := file.Len() - header; written < captureGather/2 || len(p.packets) < captureGather/2-2000 {
		t.Fatalf("%d bytes written, %d kept", written, len(p.packets))
	}
	early := len(blocks(t, file.Bytes())) - 2
	p.keys([]byte("line\n"))
	p.flush()
	for i, b := range blocks(t, file.Bytes())[2:] {
		if i == early {
			if b.kind != blockSecrets {
				t.Fatalf("block %d is of type %d", i, b.kind)
			}
			continue
		}
		n := i
		if i > early {
			n--
		}
		if _, kept, _, _ := b.packet(t); le.Uint32(kept) != uint32(n) {
			t.Fatalf("packet %d where %d was due", le.Uint32(kept), n)
		}
	}
	if sent == 0 || len(p.packets) != 0 {
		t.Fatal(sent, len(p.packets))
	}
	for range 1100 { // secrets alone are bounded too
		p.keys(make([]byte, MaxKeyLogLine))
	}
	if len(p.secrets) > captureGather {
		t.Fatalf("%d bytes of secrets are gathered", len(p.secrets))
	}
}
