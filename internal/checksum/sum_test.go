package checksum

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// reference is RFC 1071 spelled out: words in network byte order, each carry brought around at once.
func reference(b []byte, initial uint32) uint16 {
	s := initial>>16 + initial&0xffff
	s = s>>16 + s&0xffff
	for i, v := range b {
		if i%2 == 0 {
			s += uint32(v) << 8
		} else {
			s += uint32(v)
		}
		s = s>>16 + s&0xffff
	}
	return uint16(s)
}

// same compares one's complement numbers, in which 0 has a second name.
func same(a, b uint16) bool { return a == b || a == 0 && b == 0xffff || a == 0xffff && b == 0 }

func pattern(n int, seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 1))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func TestSumOfTheExampleOfRFC1071(t *testing.T) {
	// RFC 1071, section 3: the words sum to 2ddf0, which folds to ddf2.
	b := []byte{0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7}
	if got := Fold(Sum(b, 0)); got != 0xddf2 {
		t.Fatalf("got %#04x, want 0xddf2", got)
	}
}

func TestSumIsExactlyTheReferenceForEveryLengthAndAlignment(t *testing.T) {
	for _, fill := range []string{"random", "ones", "zeros"} {
		b := pattern(600, 7)
		for i := range b {
			switch fill {
			case "ones":
				b[i] = 0xff
			case "zeros":
				b[i] = 0
			}
		}
		for from := range 17 {
			for n := range len(b) - from {
				m := b[from : from+n]
				want := reference(m, 0)
				for name, got := range map[string]uint32{"Sum": Sum(m, 0), "sum64": finish(sum64(m), 0), "sum32": finish(sum32(m), 0)} {
					if got != uint32(want) {
						t.Fatalf("%s of %s [%d:%d]: got %#x, want %#04x", name, fill, from, from+n, got, want)
					}
				}
			}
		}
	}
}

func TestSumOfEveryTwoBytesAndInitialValue(t *testing.T) {
	initials := []uint32{0, 1, 0xff, 0xfffe, 0xffff, 0x10000, 0x1ffff, 0xffff0000, 0xfffffffe, 0xffffffff}
	for w := range 1 << 16 {
		b := []byte{byte(w >> 8), byte(w)}
		for _, initial := range initials {
			if got, want := Fold(Sum(b, initial)), reference(b, initial); !same(got, want) {
				t.Fatalf("%x from %#x: got %#04x, want %#04x", b, initial, got, want)
			}
		}
	}
}

func TestSumKeepsEveryCarryOfWordsOfOnes(t *testing.T) {
	// All ones make every addition of every chain carry.
	b := make([]byte, 1<<20)
	for i := range b {
		b[i] = 0xff
	}
	for _, n := range []int{128, 136, 1460, 65535, 1 << 20} {
		if got, want := Fold(Sum(b[:n], 0xffff)), reference(b[:n], 0xffff); got != want {
			t.Fatalf("%d bytes: got %#04x, want %#04x", n, got, want)
		}
	}
}

func TestFoldOfEdges(t *testing.T) {
	for in, want := range map[uint32]uint16{0: 0, 0xffff: 0xffff, 0x10000: 1, 0x1fffe: 0xffff, 0x1ffff: 1, 0xffffffff: 0xffff, 0xffff0001: 1} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%#x) = %#04x, want %#04x", in, got, want)
		}
	}
}

func TestCombineJoinsAtEveryOffset(t *testing.T) {
	b := pattern(300, 3)
	want := reference(b, 0)
	for cut := range len(b) + 1 {
		if got := Fold(Combine(Sum(b[:cut], 0), cut, Sum(b[cut:], 0))); !same(got, want) {
			t.Fatalf("cut at %d: got %#04x, want %#04x", cut, got, want)
		}
	}
}

func TestMessageWithItsChecksumSumsToOnes(t *testing.T) {
	for n := 2; n < 200; n++ {
		b := pattern(n, uint64(n))
		b[0], b[1] = 0, 0
		c := ^Fold(Sum(b, 0))
		b[0], b[1] = byte(c>>8), byte(c)
		if got := Fold(Sum(b, 0)); got != 0xffff {
			t.Fatalf("%d bytes: got %#04x", n, got)
		}
	}
}

func TestSumAllocatesNothing(t *testing.T) {
	b, dst := pattern(1460, 1), make([]byte, 1460)
	var s uint32
	if n := testing.AllocsPerRun(100, func() { s += Sum(b, 0) + CopySum(dst, b, 0) }); n != 0 {
		t.Fatalf("%v allocations", n)
	}
}

func FuzzSum(f *testing.F) {
	f.Add([]byte{}, uint32(0), 0)
	f.Add([]byte{1}, uint32(0xffffffff), 1)
	f.Add(pattern(1460, 1), uint32(1), 700)
	f.Fuzz(func(t *testing.T, b []byte, initial uint32, cut int) {
		want := reference(b, initial)
		for _, got := range []uint32{Sum(b, initial), finish(sum64(b), initial), finish(sum32(b), initial)} {
			if got > 0xffff || !same(uint16(got), want) {
				t.Fatalf("got %#x, want %#04x", got, want)
			}
		}
		if cut < 0 || cut > len(b) {
			return
		}
		if got := Fold(Combine(Sum(b[:cut], initial), cut, Sum(b[cut:], 0))); !same(got, want) {
			t.Fatalf("cut at %d: got %#04x, want %#04x", cut, got, want)
		}
	})
}

var sink uint32

func BenchmarkSum(b *testing.B) {
	for _, n := range []int{20, 40, 64, 536, 1460, 9000, 65535} {
		buf := pattern(n, 1)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(int64(n))
			for b.Loop() {
				sink += Sum(buf, 0)
			}
		})
	}
}
