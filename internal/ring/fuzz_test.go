package ring

import (
	"bytes"
	"encoding/binary"
	"testing"

	"smoltls/internal/bufpool"
	"smoltls/internal/checksum"
)

// script gives numbers from a fuzzer's bytes.
type script []byte

func (s *script) n(n int) int {
	if len(*s) < 2 {
		return 0
	}
	v := int(binary.BigEndian.Uint16(*s))
	*s = (*s)[2:]
	return v % n
}

func FuzzSend(f *testing.F) {
	f.Add([]byte("reserve, commit, write and release in an order that these bytes decide"))
	f.Add(bytes.Repeat([]byte{0, 1, 2, 3, 5, 8, 13}, 40))
	f.Fuzz(func(t *testing.T, b []byte) {
		s := script(b)
		pool := bufpool.New(bufpool.Config{Limit: 1 << 14})
		limit := 300 + s.n(6000)
		var q Send
		var model []byte
		next := byte(0)
		fill := func(p []byte) {
			for i := range p {
				p[i] = next
				next += 3
			}
		}
		for len(s) >= 2 {
			switch s.n(5) {
			case 0:
				least := s.n(limit + 10)
				space, _ := q.Reserve(pool, least, limit)
				if space == nil {
					continue
				}
				if len(space) < least {
					t.Fatalf("%d bytes, asked for %d", len(space), least)
				}
				if s.n(4) == 0 {
					k := s.n(len(model) + 1)
					q.Release(k) // while a reservation is held
					model = model[k:]
				}
				n := s.n(len(space) + 1)
				fill(space[:n])
				if !q.Commit(n) {
					t.Fatal("Commit refused")
				}
				model = append(model, space[:n]...)
			case 1:
				p := make([]byte, s.n(3000))
				was := next
				fill(p)
				n, _ := q.Write(pool, p, limit)
				next = was + byte(3*n)
				model = append(model, p[:n]...)
			case 2, 3:
				k := s.n(len(model) + 1)
				q.Release(k)
				model = model[k:]
			case 4:
				q.Trim(pool)
				if q.Commit(q.Cap() + 1) {
					t.Fatal("committed what was not reserved")
				}
			}
			checkSend(t, &q, model, s.n(len(model)+1), bufpool.Size(limit))
		}
		q.Drop(pool)
		if pool.Out() != 0 {
			t.Fatalf("%d bytes kept", pool.Out())
		}
	})
}

func checkSend(t *testing.T, q *Send, model []byte, off, most int) {
	t.Helper()
	if q.Len() != len(model) || q.Cap() > most {
		t.Fatalf("Len %d, want %d; Cap %d of %d", q.Len(), len(model), q.Cap(), most)
	}
	got := make([]byte, len(model)-off)
	sum := q.CopySum(got, off, 0)
	if !bytes.Equal(got, model[off:]) {
		t.Fatalf("bytes from %d on differ", off)
	}
	if checksum.Fold(sum) != checksum.Fold(checksum.Sum(got, 0)) {
		t.Fatalf("sum of %d bytes from %d on", len(got), off)
	}
}

func FuzzRecv(f *testing.F) {
	f.Add([]byte("write, advance, discard and trim in an order that these bytes decide"))
	f.Add(bytes.Repeat([]byte{0, 9, 2, 3, 5, 8, 21}, 40))
	f.Fuzz(func(t *testing.T, b []byte) {
		s := script(b)
		pool := bufpool.New(bufpool.Config{Limit: 1 << 14})
		var q Recv
		base, n := 0, 0 // the stream's number of the oldest byte, and how many are readable
		have := map[int]bool{}
		for len(s) >= 2 {
			switch s.n(4) {
			case 0, 1:
				off := s.n(2) * s.n(2000)
				p := make([]byte, s.n(1500))
				for i := range p {
					p[i] = stream(base + n + off + i)
				}
				if !q.Reserve(pool, n+off+len(p)) {
					continue
				}
				if !q.WriteAt(off, p) {
					t.Fatal("refused what was reserved")
				}
				for i := range p {
					have[base+n+off+i] = true
				}
				k := 0
				for have[base+n+k] {
					k++
				}
				if !q.Advance(k) {
					t.Fatal("Advance refused")
				}
				n += k
			case 2:
				k := q.Discard(s.n(3000))
				base, n = base+k, n-k
				q.Release(pool)
			case 3:
				q.Trim()
				for i := range have {
					if i >= base+n {
						delete(have, i)
					}
				}
			}
			x, y := q.Spans()
			got := append(append([]byte(nil), x...), y...)
			if len(got) != n || q.Len() != n {
				t.Fatalf("%d bytes, want %d", len(got), n)
			}
			for i, c := range got {
				if c != stream(base+i) {
					t.Fatalf("byte %d differs", base+i)
				}
			}
		}
		q.Drop(pool)
		if pool.Out() != 0 {
			t.Fatalf("%d bytes kept", pool.Out())
		}
	})
}
