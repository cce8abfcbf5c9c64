package checksum

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"testing"
)

// The pseudo-headers as RFC 9293 (section 3.1) and RFC 8200 (section 8.1) draw them.
func pseudoHeader(src, dst netip.Addr, protocol uint8, length int) []byte {
	b := append(src.AsSlice(), dst.AsSlice()...)
	if dst.Is4() {
		b = append(b, 0, protocol)
		return binary.BigEndian.AppendUint16(b, uint16(length))
	}
	b = binary.BigEndian.AppendUint32(b, uint32(length))
	return append(b, 0, 0, 0, protocol)
}

func TestPseudoIsTheSumOfThePseudoHeader(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		var a, b [16]byte
		for i := range a {
			a[i], b[i] = byte(r.Uint32()), byte(r.Uint32())
			if r.IntN(3) == 0 {
				a[i], b[i] = 0xff, 0xff
			}
		}
		protocol, length := uint8(r.Uint32()), r.IntN(1<<16)
		for _, pair := range [][2]netip.Addr{
			{netip.AddrFrom4([4]byte(a[:4])), netip.AddrFrom4([4]byte(b[:4]))},
			{netip.AddrFrom16(a), netip.AddrFrom16(b)},
		} {
			src, dst := pair[0], pair[1]
			want := reference(pseudoHeader(src, dst, protocol, length), 0)
			got := Pseudo(src, dst, protocol, length)
			later := Pseudo(src, dst, protocol, 0) + uint32(length)
			if got > 0xffff || !same(Fold(got), want) || !same(Fold(later), want) {
				t.Fatalf("%v %v %d %d: got %#x and %#x, want %#04x", src, dst, protocol, length, got, later, want)
			}
		}
	}
}

func TestPseudoTakesMappedAddressesForIPv4(t *testing.T) {
	src, dst := netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("10.0.0.2")
	mapped := Pseudo(netip.AddrFrom16(src.As16()), netip.AddrFrom16(dst.As16()), 6, 20)
	if want := Pseudo(src, dst, 6, 20); mapped != want {
		t.Fatalf("got %#x, want %#x", mapped, want)
	}
}

func TestPseudoV6CountsAJumboLength(t *testing.T) {
	a := netip.MustParseAddr("fd00::1")
	if got, want := Fold(Pseudo(a, a, 6, 0x12345)), reference(pseudoHeader(a, a, 6, 0x12345), 0); got != want {
		t.Fatalf("got %#04x, want %#04x", got, want)
	}
}
