package checksum

import (
	"bytes"
	"fmt"
	"testing"
)

func TestCopySumCopiesAndSumsTheShorterLength(t *testing.T) {
	src := pattern(200, 5)
	for n := range len(src) + 1 {
		for _, room := range []int{n, n / 2, n + 3} {
			dst := bytes.Repeat([]byte{0xee}, room)
			got := CopySum(dst, src[:n], 0x1234)
			m := min(n, room)
			if want := reference(src[:m], 0x1234); !same(Fold(got), want) {
				t.Fatalf("%d into %d: got %#04x, want %#04x", n, room, got, want)
			}
			if !bytes.Equal(dst[:m], src[:m]) || !bytes.Equal(dst[m:], bytes.Repeat([]byte{0xee}, room-m)) {
				t.Fatalf("%d into %d: %x", n, room, dst)
			}
		}
	}
}

func BenchmarkCopySum(b *testing.B) {
	for _, n := range []int{64, 536, 1460, 9000} {
		src, dst := pattern(n, 1), make([]byte, n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(int64(n))
			for b.Loop() {
				sink += CopySum(dst, src, 0)
			}
		})
	}
}
