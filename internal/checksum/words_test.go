package checksum

import "testing"

// All the ways to sum agree modulo 2^16-1 with each other, in the machine's byte order.
func TestWordSumsAgreeWithEachOther(t *testing.T) {
	for n := range 2000 {
		b := pattern(n, uint64(n))
		if a, b := sum64(b)%0xffff, sum32(b)%0xffff; a != b {
			t.Fatalf("%d bytes: sum64 %#x, sum32 %#x", n, a, b)
		}
	}
}

// The chains' last carry is added without looking for another one: only words of ones come near.
func TestWordSumsOfOnesAndAlmostOnes(t *testing.T) {
	for n := 8; n <= 256; n += 8 {
		for change := range n {
			for _, v := range []byte{0xff, 0xfe, 0x7f, 0} {
				b := make([]byte, n)
				for i := range b {
					b[i] = 0xff
				}
				b[change] = v
				if got, want := finish(sum64(b), 0), uint32(reference(b, 0)); got != want {
					t.Fatalf("%d bytes, %#x at %d: got %#x, want %#x", n, v, change, got, want)
				}
			}
		}
	}
}
