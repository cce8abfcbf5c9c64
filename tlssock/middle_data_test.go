package tlssock

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// A burst is what one end sends after the handshake: data and key updates, one record each.
var burstOfData = []string{"first", "", "second", "third"} // "": a KeyUpdate

// sendBurst gives the records of a burst from one end of a fresh pair, and the other end.
func sendBurst(t *testing.T, p *pair, role Role) (records [][]byte, to *Engine) {
	t.Helper()
	p.restart()
	p.mustHandshake()
	from := p.client
	if to = p.server; role == RoleServer {
		from, to = to, from
	}
	for _, data := range burstOfData {
		if data == "" {
			if err := from.KeyUpdate(false); err != nil {
				t.Fatal(err)
			}
			records = append(records, p.take(from))
			continue
		}
		buf := make([]byte, from.SealedLen(len(data)))
		n, err := from.Seal(buf, []byte(data))
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, buf[:n])
	}
	return records, to
}

// wantRefused feeds a stream that was changed to an end, and makes sure that it notices: with an alert or, where the
// stream ends too early, as truncated. Of the data nothing is taken but what came before the change.
func wantRefused(t *testing.T, p *pair, to *Engine, stream []byte, before []string, what string, at int) {
	t.Helper()
	var got []byte
	p.feed(to, stream, &got)
	if to.Err() == nil {
		_ = to.ReceiveEOF()
	}
	err := to.Err()
	a := alertOf(err)
	switch {
	case a == nil && !errors.Is(err, ErrTruncated), a != nil && a.FromPeer:
		t.Fatalf("%v, %s at %d: %v", to.role, what, at, err)
	case a != nil && len(to.Output()) == 0:
		t.Fatalf("%v, %s at %d: no alert for %v", to.role, what, at, err)
	}
	if want := strings.Join(before, ""); string(got) != want {
		t.Fatalf("%v, %s at %d: took %q, want %q", to.role, what, at, got, want)
	}
}

// Every byte of the records after the handshake flipped, and the stream, and each record, cut at every byte; in both
// directions.
func TestEveryByteOfDataFlippedAndCut(t *testing.T) {
	p := newPair(t)
	for _, role := range []Role{RoleClient, RoleServer} {
		records, _ := sendBurst(t, p, role)
		for r := range records {
			for at := range records[r] {
				for what, change := range map[string]func(rec []byte) (changed []byte, ends bool){
					"flipped":       func(rec []byte) ([]byte, bool) { rec[at] ^= 0x01; return rec, false },
					"flipped above": func(rec []byte) ([]byte, bool) { rec[at] ^= 0x80; return rec, false },
					"ended":         func(rec []byte) ([]byte, bool) { return rec[:at], true },
					"cut": func(rec []byte) ([]byte, bool) {
						if rec = rec[:at]; at >= recordHeader {
							rec[3], rec[4] = byte((at-recordHeader)>>8), byte(at-recordHeader)
						}
						return rec, false
					},
				} {
					if what == "cut" && at == 0 {
						continue // that is lost, below
					}
					list, to := sendBurst(t, p, role)
					var ends bool
					if list[r], ends = change(bytes.Clone(list[r])); ends {
						list = list[:r+1]
					}
					wantRefused(t, p, to, bytes.Join(list, nil), burstOfData[:r], what, at)
				}
			}
		}
	}
}

// Every record after the handshake repeated, lost, and swapped with the next; and one from another connection of the
// same two.
func TestDataRepeatedLostAndReordered(t *testing.T) {
	p := newPair(t)
	for _, role := range []Role{RoleClient, RoleServer} {
		other, _ := sendBurst(t, p, role)
		for r := range burstOfData {
			for what, c := range map[string]struct {
				change func(list [][]byte) [][]byte
				good   int // records that are in order
			}{
				"repeated": {func(list [][]byte) [][]byte { return append(append(list[:r+1:r+1], list[r]), list[r+1:]...) }, r + 1},
				"replayed": {func(list [][]byte) [][]byte { return append(list, list[r]) }, len(burstOfData)},
				"lost":     {func(list [][]byte) [][]byte { return append(list[:r:r], list[r+1:]...) }, r},
				"foreign":  {func(list [][]byte) [][]byte { list[r] = other[r]; return list }, r},
				"swapped": {func(list [][]byte) [][]byte {
					if r+1 < len(list) {
						list[r], list[r+1] = list[r+1], list[r]
						return list
					}
					return list[:r]
				}, r},
			} {
				list, to := sendBurst(t, p, role)
				wantRefused(t, p, to, bytes.Join(c.change(list), nil), burstOfData[:c.good], what, r)
			}
		}
	}
}
