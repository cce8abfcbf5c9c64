package suite

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"testing"
	"unsafe"
)

// The records of RFC 8448 are opened and sealed in schedule_test.go.

// pair returns the sending and the receiving half of one secret.
func pair(t testing.TB, s *Suite) (out, in *Half) {
	t.Helper()
	secret := bytes.Repeat([]byte{0x5a}, s.Hash.Size())
	out, in = new(Half), new(Half)
	out.SetSecret(s, secret)
	in.SetSecret(s, secret)
	return out, in
}

// seal returns a record with the content and padding given.
func seal(t testing.TB, h *Half, typ byte, content []byte, padLen int) []byte {
	t.Helper()
	rec := make([]byte, h.Overhead()+len(content)+padLen)
	copy(rec[HeaderLen:], content)
	n, err := h.Seal(rec, typ, len(content), padLen)
	if err != nil || n != len(rec) {
		t.Fatalf("sealed %d of %d bytes: %v", n, len(rec), err)
	}
	return rec
}

func TestWhatIsSealedOpens(t *testing.T) {
	all(t, func(t *testing.T, s *Suite) {
		out, in := pair(t, s)
		content := bytes.Repeat([]byte("0123456789abcdef"), MaxPlaintext/16)
		for _, c := range []struct{ plain, pad int }{
			{0, 0}, {0, 1}, {1, 0}, {15, 0}, {16, 7}, {100, 1000}, {1400, 0}, {MaxPlaintext - 1, 1}, {MaxPlaintext, 0}, {0, MaxPlaintext},
		} {
			rec := seal(t, out, 23, content[:c.plain], c.pad)
			if rec[0] != 23 || rec[1] != 3 || rec[2] != 3 || int(binary.BigEndian.Uint16(rec[3:])) != len(rec)-HeaderLen {
				t.Fatalf("%+v: header %x", c, rec[:HeaderLen])
			}
			typ, got, err := in.Open(nil, rec)
			if err != nil || typ != 23 || !bytes.Equal(got, content[:c.plain]) {
				t.Fatalf("%+v: type %d, %d bytes, %v", c, typ, len(got), err)
			}
			if len(got) > 0 && &got[0] != &rec[HeaderLen] {
				t.Errorf("%+v: not opened in place", c)
			}
		}
		if out.Records() != 10 || in.Records() != 10 {
			t.Errorf("%d sealed, %d opened", out.Records(), in.Records())
		}
	})
}

func TestOpenUsesDstWhenTheInnerPlaintextFits(t *testing.T) {
	all(t, func(t *testing.T, s *Suite) {
		out, in := pair(t, s)
		content := []byte("where does it go")
		inner := len(content) + 1 + 3
		for _, c := range []struct {
			n     int
			inDst bool
		}{{0, false}, {len(content), false}, {inner - 1, false}, {inner, true}, {inner + 9, true}} {
			rec := seal(t, out, 22, content, 3)
			untouched := bytes.Clone(rec)
			dst := bytes.Repeat([]byte{0xee}, inner+9)
			typ, got, err := in.Open(dst[:c.n], rec)
			if err != nil || typ != 22 || !bytes.Equal(got, content) {
				t.Fatalf("dst of %d: type %d, %q, %v", c.n, typ, got, err)
			}
			if inDst := &got[0] == &dst[0]; inDst != c.inDst {
				t.Errorf("dst of %d: opened in dst is %v", c.n, inDst)
			}
			if c.inDst && !bytes.Equal(rec, untouched) {
				t.Errorf("dst of %d: the record was written to", c.n)
			}
			if !bytes.Equal(dst[inner:], bytes.Repeat([]byte{0xee}, 9)) {
				t.Errorf("dst of %d: written beyond the inner plaintext", c.n)
			}
		}
	})
}

func TestARecordWithAnyByteChangedDoesNotOpen(t *testing.T) {
	all(t, func(t *testing.T, s *Suite) {
		out, in := pair(t, s)
		rec := seal(t, out, 23, []byte("some content"), 4)
		for i := range rec {
			for _, flip := range []byte{0x01, 0x80} {
				changed := bytes.Clone(rec)
				changed[i] ^= flip
				want := ErrBadRecordMAC
				if i == 3 || i == 4 {
					want = ErrRecordLength
				}
				if typ, got, err := in.Open(nil, changed); !errors.Is(err, want) || typ != 0 || got != nil {
					t.Errorf("byte %d: type %d, %q, %v", i, typ, got, err)
				}
			}
		}
		if _, got, err := in.Open(nil, rec); err != nil || string(got) != "some content" {
			t.Errorf("after all that: %q, %v", got, err)
		}
	})
}

func TestATruncatedRecordDoesNotOpen(t *testing.T) {
	all(t, func(t *testing.T, s *Suite) {
		out, in := pair(t, s)
		rec := seal(t, out, 23, []byte("some content"), 0)
		for n := range rec {
			cut := bytes.Clone(rec[:n])
			if _, _, err := in.Open(nil, cut); !errors.Is(err, ErrRecordLength) {
				t.Errorf("%d bytes: %v", n, err)
			}
			if n < HeaderLen {
				continue
			}
			binary.BigEndian.PutUint16(cut[3:], uint16(n-HeaderLen))
			if _, _, err := in.Open(nil, cut); !errors.Is(err, ErrBadRecordMAC) {
				t.Errorf("%d bytes with their length in the header: %v", n, err)
			}
		}
	})
}

func TestRecordsOpenInOrderOnly(t *testing.T) {
	all(t, func(t *testing.T, s *Suite) {
		out, in := pair(t, s)
		first, second := seal(t, out, 23, []byte("first"), 0), seal(t, out, 23, []byte("second"), 0)
		if _, _, err := in.Open(nil, bytes.Clone(second)); !errors.Is(err, ErrBadRecordMAC) {
			t.Errorf("second before first: %v", err)
		}
		if _, _, err := in.Open(nil, bytes.Clone(first)); err != nil {
			t.Errorf("first: %v", err)
		}
		if _, _, err := in.Open(nil, first); !errors.Is(err, ErrBadRecordMAC) {
			t.Errorf("first again: %v", err)
		}
		if _, _, err := in.Open(nil, second); err != nil {
			t.Errorf("second: %v", err)
		}
	})
}

func TestPaddingWithoutContentTypeIsAnError(t *testing.T) {
	all(t, func(t *testing.T, s *Suite) {
		for _, n := range []int{1, 2, 100} {
			out, in := pair(t, s)
			rec := seal(t, out, 0, make([]byte, n-1), 0) // type 0 is a zero like the rest
			if _, got, err := in.Open(nil, rec); !errors.Is(err, ErrNoContent) || got != nil {
				t.Errorf("%d zeros: %q, %v", n, got, err)
			}
		}
		// A record of nothing but a tag is authentic, and just as empty.
		out, in := pair(t, s)
		if _, err := out.wake(); err != nil {
			t.Fatal(err)
		}
		rec := []byte{23, 3, 3, 0, byte(s.TagLen)}
		rec = out.awake.aead.Seal(rec, out.awake.iv[:], nil, rec)
		if _, _, err := in.Open(nil, rec); !errors.Is(err, ErrNoContent) {
			t.Errorf("empty: %v", err)
		}
	})
}

func TestOversizedRecordsAreRefused(t *testing.T) {
	all(t, func(t *testing.T, s *Suite) {
		out, in := pair(t, s)
		if _, err := out.wake(); err != nil {
			t.Fatal(err)
		}
		inner := bytes.Repeat([]byte{23}, MaxInner+1)
		rec := binary.BigEndian.AppendUint16([]byte{23, 3, 3}, uint16(len(inner)+s.TagLen))
		rec = out.awake.aead.Seal(rec, out.awake.iv[:], inner, rec)
		if _, _, err := in.Open(nil, rec); !errors.Is(err, ErrRecordOverflow) {
			t.Errorf("opening one byte too many: %v", err)
		}
		room := make([]byte, 2*MaxCiphertext)
		for _, c := range []struct{ plain, pad int }{
			{MaxPlaintext + 1, 0}, {0, MaxPlaintext + 1}, {MaxPlaintext, 1}, {-1, 0}, {0, -1},
			{math.MaxInt, math.MaxInt}, {1, math.MaxInt}, {math.MaxInt, 1},
		} {
			if n, err := out.Seal(room, 23, c.plain, c.pad); n != 0 || !errors.Is(err, ErrRecordOverflow) {
				t.Errorf("sealing %+v: %d, %v", c, n, err)
			}
		}
	})
}

func TestSealNeedsRoomAndSaysSo(t *testing.T) {
	all(t, func(t *testing.T, s *Suite) {
		out, _ := pair(t, s)
		for n := range out.Overhead() + 10 {
			rec := bytes.Repeat([]byte{0xee}, n)
			if _, err := out.Seal(rec, 23, 8, 2); !errors.Is(err, ErrRoom) {
				t.Errorf("%d bytes: %v", n, err)
			}
			if !bytes.Equal(rec, bytes.Repeat([]byte{0xee}, n)) {
				t.Errorf("%d bytes: written to", n)
			}
		}
		if out.Records() != 0 {
			t.Error("a refusal was counted")
		}
	})
}

func TestSequenceNumbersNeverWrap(t *testing.T) {
	all(t, func(t *testing.T, s *Suite) {
		out, in := pair(t, s)
		out.next, in.next = out.next|(maxRecords-1), in.next|(maxRecords-1)
		rec := seal(t, out, 23, []byte("the last one"), 0)
		if _, got, err := in.Open(nil, bytes.Clone(rec)); err != nil || string(got) != "the last one" {
			t.Fatalf("the last one: %q, %v", got, err)
		}
		if _, err := out.Seal(make([]byte, 100), 23, 1, 0); !errors.Is(err, ErrSequence) {
			t.Errorf("sealing: %v", err)
		}
		if _, _, err := in.Open(nil, rec); !errors.Is(err, ErrSequence) {
			t.Errorf("opening: %v", err)
		}
		out.Update(new(Scratch))
		seal(t, out, 23, []byte("under the next secret"), 0)
	})
}

func TestUpdateMovesBothEndsToTheNextSecret(t *testing.T) {
	var sc Scratch
	all(t, func(t *testing.T, s *Suite) {
		out, in := pair(t, s)
		for range 3 {
			if _, _, err := in.Open(nil, seal(t, out, 23, []byte("before"), 0)); err != nil {
				t.Fatal(err)
			}
			secret := s.Hash.NextTraffic(&sc, nil, out.secret[:s.Hash.Size()])
			out.Update(&sc)
			equal(t, "secret", out.secret[:s.Hash.Size()], secret)
			rec := seal(t, out, 23, []byte("after"), 0)
			if _, _, err := in.Open(nil, bytes.Clone(rec)); !errors.Is(err, ErrBadRecordMAC) {
				t.Fatalf("opened with the old secret: %v", err)
			}
			in.Update(&sc)
			if in.Records() != 0 {
				t.Error("the sequence number did not start again")
			}
			if _, got, err := in.Open(nil, rec); err != nil || string(got) != "after" {
				t.Fatalf("%q, %v", got, err)
			}
		}
	})
}

func TestUpdateIsDueAtTheLimitOfTheSuite(t *testing.T) {
	all(t, func(t *testing.T, s *Suite) {
		out, _ := pair(t, s)
		out.next += s.RecordLimit - 2
		if out.UpdateDue() {
			t.Error("due when there is a record left before it")
		}
		if out.next++; !out.UpdateDue() {
			t.Error("not due for the last record")
		}
		if out.Update(new(Scratch)); out.UpdateDue() {
			t.Error("due after the update")
		}
	})
}

func TestSleepForgetsTheAEADOnly(t *testing.T) {
	all(t, func(t *testing.T, s *Suite) {
		out, in := pair(t, s)
		for range 3 {
			if _, got, err := in.Open(nil, seal(t, out, 23, []byte("awake"), 0)); err != nil || string(got) != "awake" {
				t.Fatalf("%q, %v", got, err)
			}
			out.Wake(new(Scratch)) // what is awake stays so
			in.Sleep()
			in.Wake(new(Scratch))
			if in.awake == nil {
				t.Error("not awake")
			}
			out.Sleep()
			in.Sleep()
			if out.awake != nil || in.awake != nil {
				t.Error("the AEAD is still there")
			}
		}
	})
}

func TestAHalfWithoutSecretAnswersErrNoKey(t *testing.T) {
	var sc Scratch
	set, _ := pair(t, ByID(AES256GCM))
	set.Wipe()
	wrong, _ := pair(t, ByID(AES256GCM))
	wrong.SetSecret(ByID(AES256GCM), make([]byte, 32))
	for name, h := range map[string]*Half{"zero": {}, "wiped": set, "secret of the wrong length": wrong} {
		if *h != (Half{}) {
			t.Errorf("%s: something is left", name)
		}
		if _, err := h.Seal(make([]byte, 100), 23, 1, 0); !errors.Is(err, ErrNoKey) {
			t.Errorf("%s: Seal: %v", name, err)
		}
		if _, _, err := h.Open(nil, make([]byte, 100)); !errors.Is(err, ErrNoKey) {
			t.Errorf("%s: Open: %v", name, err)
		}
		h.Update(&sc)
		if h.Suite() != nil || h.Overhead() != 0 || h.UpdateDue() || h.Records() != 0 {
			t.Errorf("%s: suite %v, overhead %d", name, h.Suite(), h.Overhead())
		}
		h.Sleep()
	}
}

func TestAHalfHas64BytesAtMost(t *testing.T) {
	if n := unsafe.Sizeof(Half{}); n > 64 {
		t.Errorf("a Half has %d bytes", n)
	}
}

func TestRecordsDoNotAllocate(t *testing.T) {
	all(t, func(t *testing.T, s *Suite) {
		out, in := pair(t, s)
		rec, dst := make([]byte, out.Overhead()+1400+10), make([]byte, 1500)
		n := testing.AllocsPerRun(100, func() {
			n, err := out.Seal(rec, 23, 1400, 10)
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err := in.Open(dst, rec[:n]); err != nil {
				t.Fatal(err)
			}
			if n, err = out.Seal(rec, 23, 1400, 0); err != nil {
				t.Fatal(err)
			}
			if _, _, err := in.Open(nil, rec[:n]); err != nil {
				t.Fatal(err)
			}
		})
		if n != 0 {
			t.Errorf("%v allocations", n)
		}
	})
}

func FuzzOpen(f *testing.F) {
	for i := range suites {
		out, _ := pair(f, &suites[i])
		f.Add(uint8(i), seal(f, out, 23, []byte("content"), 3), 0)
	}
	f.Add(uint8(0), []byte{23, 3, 3, 0, 0}, 0)
	f.Add(uint8(1), []byte{}, 100)
	f.Fuzz(func(t *testing.T, suite uint8, rec []byte, dstLen int) {
		s := &suites[int(suite)%len(suites)]
		out, in := pair(t, s)
		genuine := seal(t, out, 23, []byte("content"), 3)
		var dst []byte
		if dstLen > 0 {
			dst = make([]byte, dstLen%(1<<15))
		}
		isGenuine := bytes.Equal(rec, genuine)
		typ, plain, err := in.Open(dst, rec)
		if (err == nil) != isGenuine {
			t.Fatalf("type %d, content %x, error %v", typ, plain, err)
		}
		if err != nil && (plain != nil || in.Records() != 0) {
			t.Fatalf("content %x with error %v, %d records", plain, err, in.Records())
		}
	})
}

func FuzzSealOpen(f *testing.F) {
	f.Add(uint8(0), []byte("content"), byte(23), 0)
	f.Add(uint8(3), []byte{}, byte(22), 300)
	f.Add(uint8(4), []byte{0, 0, 0}, byte(0), 1)
	f.Fuzz(func(t *testing.T, suite uint8, content []byte, typ byte, padLen int) {
		out, in := pair(t, &suites[int(suite)%len(suites)])
		rec := make([]byte, MaxCiphertext+HeaderLen)
		copy(rec[HeaderLen:], content)
		n, err := out.Seal(rec, typ, len(content), padLen)
		if fits := padLen >= 0 && len(content) <= MaxPlaintext && padLen <= MaxPlaintext-len(content); (err == nil) != fits {
			t.Fatalf("%d + %d bytes: %v", len(content), padLen, err)
		}
		if err != nil {
			return
		}
		gotTyp, got, err := in.Open(nil, rec[:n])
		want, trimmed := typ, content
		if typ == 0 { // then the content's last byte that is not zero passes for the type
			trimmed = bytes.TrimRight(content, "\x00")
			if len(trimmed) == 0 {
				if !errors.Is(err, ErrNoContent) {
					t.Fatalf("nothing but zeros: %v", err)
				}
				return
			}
			want, trimmed = trimmed[len(trimmed)-1], trimmed[:len(trimmed)-1]
		}
		if err != nil || gotTyp != want || !bytes.Equal(got, trimmed) {
			t.Fatalf("type %d, %x, %v", gotTyp, got, err)
		}
	})
}

// BenchmarkSeal and BenchmarkOpen put a Half beside the bare AEAD that does the same
// work, at a full record and at one that fits a segment.
func BenchmarkSeal(b *testing.B) {
	benchmark(b, func(b *testing.B, s *Suite, size int) {
		out, _ := pair(b, s)
		rec := make([]byte, out.Overhead()+size)
		b.Run("record", func(b *testing.B) {
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := out.Seal(rec, 23, size, 0); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("AEAD", func(b *testing.B) {
			b.SetBytes(int64(size))
			nonce := make([]byte, ivLen)
			for b.Loop() {
				out.awake.aead.Seal(rec[HeaderLen:HeaderLen], nonce, rec[HeaderLen:HeaderLen+size+1], rec[:HeaderLen])
			}
		})
	})
}

func BenchmarkOpen(b *testing.B) {
	benchmark(b, func(b *testing.B, s *Suite, size int) {
		out, in := pair(b, s)
		rec := seal(b, out, 23, make([]byte, size), 0)
		dst := make([]byte, size+1)
		b.Run("record", func(b *testing.B) {
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				in.next &^= maxRecords
				if _, _, err := in.Open(dst, rec); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("AEAD", func(b *testing.B) {
			b.SetBytes(int64(size))
			for b.Loop() {
				if _, err := in.awake.aead.Open(dst[:0], in.awake.iv[:], rec[HeaderLen:], rec[:HeaderLen]); err != nil {
					b.Fatal(err)
				}
			}
		})
	})
}

func benchmark(b *testing.B, f func(b *testing.B, s *Suite, size int)) {
	for i := range suites[:4] {
		b.Run(suites[i].Name, func(b *testing.B) {
			b.Run("16KiB", func(b *testing.B) { f(b, &suites[i], MaxPlaintext) })
			b.Run("1400B", func(b *testing.B) { f(b, &suites[i], 1400) })
		})
	}
}

// BenchmarkWake is what it costs to use a Half that slept.
func BenchmarkWake(b *testing.B) {
	for i := range suites[:4] {
		b.Run(suites[i].Name, func(b *testing.B) {
			out, _ := pair(b, &suites[i])
			b.ReportAllocs()
			for b.Loop() {
				out.Sleep()
				if _, err := out.wake(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestSecretIsThatOfTheMoment(t *testing.T) {
	var h Half
	if h.Secret() != nil {
		t.Error("a secret of nothing")
	}
	var sc Scratch
	s := ByID(AES128GCM)
	secret := bytes.Repeat([]byte{7}, s.Hash.Size())
	h.SetSecret(s, secret)
	if !bytes.Equal(h.Secret(), secret) {
		t.Error("another secret")
	}
	h.Update(&sc)
	if bytes.Equal(h.Secret(), secret) || len(h.Secret()) != s.Hash.Size() {
		t.Error("the secret of before the update")
	}
}
