package ccm

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"encoding/hex"
	"errors"
	"testing"
)

var _ cipher.AEAD = (*AEAD)(nil)

func unhex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

func newAEAD(t testing.TB, key []byte, nonceSize, tagSize int) *AEAD {
	t.Helper()
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(block, nonceSize, tagSize)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestVectorsOfRFC3610(t *testing.T) { testVectors(t, rfc3610) }

func TestVectorsOfNIST(t *testing.T) { testVectors(t, nist) }

func testVectors(t *testing.T, vectors []vector) {
	for _, v := range vectors {
		nonce, data := unhex(v.nonce), unhex(v.data)
		plaintext, sealed := unhex(v.plaintext), unhex(v.sealed)
		c := newAEAD(t, unhex(v.key), len(nonce), v.tagSize)
		if c.NonceSize() != len(nonce) || c.Overhead() != v.tagSize {
			t.Errorf("%s: nonce size %d, overhead %d", v.name, c.NonceSize(), c.Overhead())
		}
		if got := c.Seal(nil, nonce, plaintext, data); !bytes.Equal(got, sealed) {
			t.Errorf("%s: sealed\n got %x\nwant %x", v.name, got, sealed)
		}
		got, err := c.Open(nil, nonce, sealed, data)
		if err != nil || !bytes.Equal(got, plaintext) {
			t.Errorf("%s: opened\n got %x, %v\nwant %x", v.name, got, err, plaintext)
		}
	}
}

func TestForgeriesOfNISTDoNotOpen(t *testing.T) {
	for _, v := range forged {
		c := newAEAD(t, unhex(v.key), len(v.nonce)/2, v.tagSize)
		if got, err := c.Open(nil, unhex(v.nonce), unhex(v.sealed), nil); !errors.Is(err, ErrOpen) || got != nil {
			t.Errorf("%s: %x, %v", v.sealed, got, err)
		}
	}
}

func TestParametersOutOfRangeAreRefused(t *testing.T) {
	block, _ := aes.NewCipher(make([]byte, 16))
	for nonceSize := range 20 {
		for tagSize := range 20 {
			ok := nonceSize >= 7 && nonceSize <= 13 && tagSize >= 4 && tagSize <= 16 && tagSize%2 == 0
			if _, err := New(block, nonceSize, tagSize); (err == nil) != ok || !ok && !errors.Is(err, ErrParameter) {
				t.Errorf("nonce %d, tag %d: %v", nonceSize, tagSize, err)
			}
		}
	}
	small, _ := des.NewTripleDESCipher(make([]byte, 24))
	if _, err := New(small, 12, 16); !errors.Is(err, ErrParameter) {
		t.Errorf("blocks of 8 bytes: %v", err)
	}
}

// lengths go around the blocks and around the piece of key stream made at a time.
var lengths = []int{0, 1, 15, 16, 17, 31, 32, 127, 128, 129, 255, 256, 257, 1400, 16385}

func TestSealingInPlaceIsSealing(t *testing.T) {
	c := newAEAD(t, make([]byte, 16), 12, 16)
	nonce, data := make([]byte, 12), []byte("data")
	for _, n := range lengths {
		plaintext := bytes.Repeat([]byte{byte(n)}, n)
		want := c.Seal(nil, nonce, plaintext, data)

		buffer := append(make([]byte, 0, n+16), plaintext...)
		got := c.Seal(buffer[:0], nonce, buffer, data)
		if !bytes.Equal(got, want) || n > 0 && &got[0] != &buffer[0] {
			t.Errorf("%d bytes: sealing in place differs", n)
		}
		opened, err := c.Open(got[:0], nonce, got, data)
		if err != nil || !bytes.Equal(opened, plaintext) || n > 0 && &opened[0] != &buffer[0] {
			t.Errorf("%d bytes: opening in place: %v", n, err)
		}
		if prefixed := c.Seal([]byte("prefix"), nonce, plaintext, data); string(prefixed) != "prefix"+string(want) {
			t.Errorf("%d bytes: sealing after a prefix differs", n)
		}
	}
}

func TestEveryByteIsAuthenticated(t *testing.T) {
	for _, tagSize := range []int{8, 16} {
		c := newAEAD(t, make([]byte, 16), 12, tagSize)
		nonce, data := make([]byte, 12), []byte("some data that is longer than a block")
		sealed := c.Seal(nil, nonce, bytes.Repeat([]byte("message"), 30), data)
		for _, part := range [][]byte{sealed, nonce, data} {
			for i := range part {
				part[i] ^= 0x10
				if got, err := c.Open(nil, nonce, sealed, data); !errors.Is(err, ErrOpen) || got != nil {
					t.Errorf("byte %d of %d changed: %x, %v", i, len(part), got, err)
				}
				part[i] ^= 0x10
			}
		}
		for n := range sealed {
			if _, err := c.Open(nil, nonce, sealed[:n], data); !errors.Is(err, ErrOpen) {
				t.Errorf("cut to %d bytes: %v", n, err)
			}
		}
		if _, err := c.Open(nil, nonce, sealed, data); err != nil {
			t.Errorf("after all that: %v", err)
		}
	}
}

func TestAFailedOpenLeavesNoPlaintext(t *testing.T) {
	c := newAEAD(t, make([]byte, 16), 12, 16)
	nonce := make([]byte, 12)
	sealed := c.Seal(nil, nonce, []byte("not for everybody"), nil)
	sealed[0] ^= 1
	dst := bytes.Repeat([]byte{0xee}, 30)
	if _, err := c.Open(dst[:2], nonce, sealed, nil); err == nil {
		t.Fatal("opened")
	}
	want := append(append([]byte{0xee, 0xee}, make([]byte, len(sealed)-16)...), bytes.Repeat([]byte{0xee}, 30-2-17)...)
	if !bytes.Equal(dst, want) {
		t.Errorf("dst is %x", dst)
	}
}

func TestOpenRefusesWhatCannotBeAMessage(t *testing.T) {
	c := newAEAD(t, make([]byte, 16), 13, 16) // a length field of two bytes
	for _, sealed := range [][]byte{nil, make([]byte, 15), make([]byte, 1<<16+16)} {
		if _, err := c.Open(nil, make([]byte, 13), sealed, nil); !errors.Is(err, ErrOpen) {
			t.Errorf("%d bytes: %v", len(sealed), err)
		}
	}
	for _, n := range []int{0, 12, 14} {
		if _, err := c.Open(nil, make([]byte, n), make([]byte, 32), nil); !errors.Is(err, ErrOpen) {
			t.Errorf("nonce of %d bytes: %v", n, err)
		}
	}
	longest := c.Seal(nil, make([]byte, 13), make([]byte, 1<<16-1), nil)
	if _, err := c.Open(nil, make([]byte, 13), longest, nil); err != nil {
		t.Errorf("the longest message: %v", err)
	}
}

func TestMisuseThatCannotBeReportedPanics(t *testing.T) {
	c := newAEAD(t, make([]byte, 16), 13, 16)
	nonce, buffer := make([]byte, 13), make([]byte, 100)
	for name, f := range map[string]func(){
		"short nonce":               func() { c.Seal(nil, nonce[1:], nil, nil) },
		"message too long":          func() { c.Seal(nil, nonce, make([]byte, 1<<16), nil) },
		"dst a byte ahead, sealing": func() { c.Seal(buffer[1:1], nonce, buffer[:50], nil) },
		"dst a byte after, opening": func() { c.Open(buffer[:0], nonce, buffer[1:50], nil) },
		"dst over data, sealing":    func() { c.Seal(buffer[:0], nonce, nil, buffer[:5]) },
		"dst over data, opening":    func() { c.Open(buffer[:0], nonce, make([]byte, 20), buffer[:5]) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			f()
		})
	}
}

func TestSealAndOpenDoNotAllocate(t *testing.T) {
	var c cipher.AEAD = newAEAD(t, make([]byte, 16), 12, 16)
	nonce, data, buffer := make([]byte, 12), make([]byte, 5), make([]byte, 1400, 1416)
	n := testing.AllocsPerRun(100, func() {
		sealed := c.Seal(buffer[:0], nonce, buffer, data)
		if _, err := c.Open(sealed[:0], nonce, sealed, data); err != nil {
			t.Fatal(err)
		}
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzOpen(f *testing.F) {
	for _, v := range rfc3610[:2] {
		f.Add(unhex(v.nonce), unhex(v.sealed), unhex(v.data))
	}
	f.Add([]byte{}, []byte{}, []byte{})
	f.Fuzz(func(t *testing.T, nonce, sealed, data []byte) {
		v := rfc3610[0]
		c := newAEAD(t, unhex(v.key), 13, 8)
		got, err := c.Open(nil, nonce, sealed, data)
		if err != nil {
			if !errors.Is(err, ErrOpen) || got != nil {
				t.Fatalf("%x, %v", got, err)
			}
			return
		}
		// With a tag of 8 bytes nothing but what the key's owner sealed should get here.
		if again := c.Seal(nil, nonce, got, data); !bytes.Equal(again, sealed) {
			t.Fatalf("opened %x, which seals to %x, not %x", got, again, sealed)
		}
	})
}

func FuzzSealOpen(f *testing.F) {
	f.Add([]byte("key"), []byte("plaintext"), []byte("data"), uint8(5), uint8(6))
	f.Add([]byte{}, []byte{}, []byte{}, uint8(0), uint8(0))
	f.Fuzz(func(t *testing.T, key, plaintext, data []byte, nonceSize, tagSize uint8) {
		var k [16]byte
		copy(k[:], key)
		c := newAEAD(t, k[:], 7+int(nonceSize%7), 4+2*int(tagSize%7))
		if uint64(len(plaintext)) > c.maxLength() {
			return
		}
		nonce := make([]byte, c.NonceSize())
		copy(nonce, key)
		sealed := c.Seal(nil, nonce, plaintext, data)
		if len(sealed) != len(plaintext)+c.Overhead() {
			t.Fatalf("%d bytes became %d", len(plaintext), len(sealed))
		}
		got, err := c.Open(nil, nonce, sealed, data)
		if err != nil || !bytes.Equal(got, plaintext) {
			t.Fatalf("%x, %v", got, err)
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	for name, n := range map[string]int{"16KiB": 16384, "1400B": 1400, "16B": 16} {
		b.Run(name, func(b *testing.B) {
			c := newAEAD(b, make([]byte, 16), 12, 16)
			nonce, data, buffer := make([]byte, 12), make([]byte, 5), make([]byte, n, n+16)
			b.SetBytes(int64(n))
			b.ReportAllocs()
			for b.Loop() {
				c.Seal(buffer[:0], nonce, buffer, data)
			}
		})
	}
}

// BenchmarkChain is the CBC-MAC alone, block by block: no CCM can be faster than this.
func BenchmarkChain(b *testing.B) {
	block, _ := aes.NewCipher(make([]byte, 16))
	mac := make([]byte, blockSize)
	b.SetBytes(blockSize)
	for b.Loop() {
		block.Encrypt(mac, mac)
	}
}
