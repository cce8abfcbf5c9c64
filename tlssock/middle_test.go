package tlssock

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"testing"
)

// The handshake of a pair as a man in the middle sees it, to be changed by him in one place.

// flights gives all that both sides of a good handshake send, and one record of data each way.
func flights(t *testing.T, p *pair) (records int, bytesTotal int) {
	t.Helper()
	p.mangle = func(_ Role, rec []byte) []byte {
		records++
		bytesTotal += len(rec)
		return rec
	}
	p.mustHandshake()
	p.mangle = nil
	return records, bytesTotal
}

// content reports whether both ends have come through a handshake and take each other's data: what was lost after it
// shows then.
func (p *pair) content() bool {
	p.t.Helper()
	complete := func() bool {
		return p.client.Err() == nil && p.server.Err() == nil && p.client.HandshakeComplete() && p.server.HandshakeComplete()
	}
	if !complete() {
		return false
	}
	p.write(p.server, []byte("data"))
	return complete() && string(p.clientGot) == "data"
}

// attack runs a handshake in which byte number at of all that is sent is given to change, with the record that it lies
// in. Whatever comes of it, it ends: each end has failed with a reason, or is content.
func attack(t *testing.T, p *pair, at int, change func(rec []byte, i int) []byte) {
	t.Helper()
	p.restart()
	seen := 0
	p.mangle = func(_ Role, rec []byte) []byte {
		start := seen
		seen += len(rec)
		if start <= at && at < seen {
			return change(rec, at-start)
		}
		return rec
	}
	p.handshake()
	p.mangle = nil
	if p.content() {
		return
	}
	p.client.ReceiveEOF() // what is missing does not come
	p.server.ReceiveEOF()
	for _, e := range []*Engine{p.client, p.server} {
		err := e.Err()
		if err == nil {
			t.Fatalf("byte %d: %v is neither done nor failed", at, e.role)
		}
		if alertOf(err) == nil && !errors.Is(err, ErrTruncated) {
			t.Fatalf("byte %d: %v: %T %v", at, e.role, err, err)
		}
		p.take(e)
	}
	if len(p.clientGot)+len(p.serverGot) > 0 {
		t.Fatalf("byte %d: data was taken", at)
	}
	if p.env.Handshakes() != 0 {
		t.Fatalf("byte %d: %d handshakes still hold memory", at, p.env.Handshakes())
	}
}

// sameSession is a cache that gives the first session that it gets, again and again.
type sameSession struct{ s *ClientSession }

func (c *sameSession) Get(string) (*ClientSession, bool) { return c.s, c.s != nil }
func (c *sameSession) Put(_ string, s *ClientSession) {
	if c.s == nil {
		c.s = s
	}
}

// middlePairs are handshakes worth attacking: with client authentication, with HelloRetryRequest, resumed, and by an
// external key.
func middlePairs(t *testing.T) map[string]*pair {
	resumed := newPair(t, func(c, _ *Config) { c.ClientSessionCache = &sameSession{} })
	resumed.mustHandshake() // for the session; the next ones resume it
	resumed.restart()
	return map[string]*pair{
		"resumed": resumed,
		"external": newPair(t, func(c, s *Config) {
			c.ExternalPSKs = []ExternalPSK{{Identity: []byte("device"), Key: bytes.Repeat([]byte{7}, 32)}}
			s.ExternalPSKs = c.ExternalPSKs
		}),
		"mutual": newPair(t),
		"retry":  newPair(t, func(_, s *Config) { s.CurvePreferences, s.ClientAuth = []tls.CurveID{tls.CurveP256}, tls.NoClientCert }),
	}
}

func TestEveryByteFlippedOnTheWay(t *testing.T) {
	for name, p := range middlePairs(t) {
		_, total := flights(t, p)
		content := 0
		for at := range total {
			for _, bit := range []byte{0x01, 0x80} {
				harmless, what := false, ""
				attack(t, p, at, func(rec []byte, i int) []byte {
					// RFC 8446 §5.1 has the version of an unprotected record ignored.
					harmless = i == 2 && rec[0] != 23 || i == 1 && rec[0] == 20
					what = fmt.Sprintf("byte %d of record % x", i, rec[:5])
					rec[i] ^= bit
					return rec
				})
				done := len(p.clientGot) > 0
				if done && !harmless {
					t.Errorf("%s: byte %d (%s) flipped by %#x is not noticed", name, at, what, bit)
				}
				if done {
					content++
				}
			}
		}
		t.Logf("%s: %d bytes, %d changes without consequence", name, total, content)
	}
}

func TestRecordsCutAtEveryByte(t *testing.T) {
	for name, p := range middlePairs(t) {
		_, total := flights(t, p)
		for at := range total {
			// The stream ends here: nothing comes after it.
			ended := map[Role]bool{}
			attackStream(t, p, at, func(from Role, rec []byte, i int) []byte {
				if ended[from] {
					return nil
				}
				if i >= 0 {
					ended[from] = true
					return rec[:i]
				}
				return rec
			})
			if p.client.Err() == nil && p.server.Err() == nil {
				t.Errorf("%s: cut at byte %d is not noticed", name, at)
			}
			// The same, with the record's length made right.
			attack(t, p, at, func(rec []byte, i int) []byte {
				if i < 5 {
					return rec[:0]
				}
				rec = rec[:i]
				rec[3], rec[4] = byte((i-5)>>8), byte(i-5)
				return rec
			})
			if len(p.clientGot) > 0 {
				// Only a change_cipher_spec can be missing.
				if !missingCCS(t, p, at) {
					t.Errorf("%s: record cut at byte %d is not noticed", name, at)
				}
			}
		}
	}
}

// missingCCS reports whether byte at lies in a change_cipher_spec, without which a handshake goes well.
func missingCCS(t *testing.T, p *pair, at int) (is bool) {
	attack(t, p, at, func(rec []byte, i int) []byte {
		is = rec[0] == 20
		return rec
	})
	return is
}

// attackStream is attack with a change that sees every record; i is negative where the byte lies elsewhere.
func attackStream(t *testing.T, p *pair, at int, change func(from Role, rec []byte, i int) []byte) {
	t.Helper()
	p.restart()
	seen := 0
	p.mangle = func(from Role, rec []byte) []byte {
		i := at - seen
		seen += len(rec)
		if i >= len(rec) {
			i = -1
		}
		return change(from, rec, i)
	}
	p.handshake()
	p.mangle = nil
	p.client.ReceiveEOF()
	p.server.ReceiveEOF()
	if p.env.Handshakes() != 0 {
		t.Fatalf("byte %d: %d handshakes still hold memory", at, p.env.Handshakes())
	}
}

// Each record of the handshake repeated, left out, and swapped with the next.
func TestRecordsRepeatedLostAndReordered(t *testing.T) {
	for name, p := range middlePairs(t) {
		records, _ := flights(t, p)
		for n := range records {
			for what, change := range map[string]func(rec, held []byte) (now, keep []byte){
				"repeated": func(rec, _ []byte) (now, keep []byte) { return append(bytes.Clone(rec), rec...), nil },
				"lost":     func(rec, _ []byte) (now, keep []byte) { return nil, nil },
				"swapped":  func(rec, _ []byte) (now, keep []byte) { return nil, rec },
			} {
				p.restart()
				i, ccs := -1, false
				var held []byte
				p.mangle = func(_ Role, rec []byte) []byte {
					i++
					if i == n {
						ccs = rec[0] == 20 // which may be missing, or come at another time
						var now []byte
						now, held = change(rec, held)
						return now
					}
					ccs = ccs || len(held) > 0 && rec[0] == 20
					now := append(rec, held...)
					held = nil
					return now
				}
				p.handshake()
				p.mangle = nil
				if p.content() && !ccs {
					t.Errorf("%s: record %d %s: nobody notices", name, n, what)
				}
				p.client.ReceiveEOF()
				p.server.ReceiveEOF()
				if p.env.Handshakes() != 0 {
					t.Errorf("%s: record %d %s: memory is kept", name, n, what)
				}
			}
		}
	}
}

// Every byte of the server's and the client's protected messages flipped before they are protected, after they were
// hashed: what a peer with a defect would send.
func TestEveryByteFlippedBeforeProtection(t *testing.T) {
	for _, role := range []Role{RoleClient, RoleServer} {
		for at, size := 0, 1; at < size; at++ {
			p := newPair(t)
			late := func(flight []byte) []byte {
				size = len(flight)
				flight[at] ^= 0x11
				return flight
			}
			e := p.client
			if role == RoleServer {
				p.beRogueServer(serverScript...).late = late
				p.handshake()
			} else {
				p.beRogueClient(clientScript...).late = late
				p.run()
				e = p.server
			}
			if e.Err() == nil {
				_ = e.ReceiveEOF() // a length that grew; Err tells
			}
			if e.HandshakeComplete() || e.Err() == nil {
				t.Fatalf("byte %d of %d of the %v's flight: %v", at, size, role, e.Err())
			}
			if a := alertOf(e.Err()); a == nil && !errors.Is(e.Err(), ErrTruncated) || a != nil && a.FromPeer {
				t.Fatalf("byte %d of %d of the %v's flight: %v", at, size, role, e.Err())
			}
		}
	}
}

// The same flights cut at every byte, with nothing behind.
func TestFlightsCutAtEveryByteBeforeProtection(t *testing.T) {
	for _, role := range []Role{RoleClient, RoleServer} {
		for at, size := 1, 2; at < size; at++ {
			p := newPair(t)
			late := func(flight []byte) []byte {
				size = len(flight)
				return flight[:at]
			}
			e := p.client
			if role == RoleServer {
				p.beRogueServer(serverScript...).late = late
				p.handshake()
			} else {
				p.beRogueClient(clientScript...).late = late
				p.run()
				e = p.server
			}
			if e.Err() != nil || e.HandshakeComplete() {
				t.Fatalf("cut at %d of %d of the %v's flight: %v", at, size, role, e.Err())
			}
			if err := e.ReceiveEOF(); !errors.Is(err, ErrTruncated) {
				t.Fatal(err)
			}
		}
	}
}
