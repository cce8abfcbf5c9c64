package tlssock

import (
	"bytes"
	"crypto/tls"
	"errors"
	"testing"

	"smoltls/tlssock/internal/wire"
)

// fuzzReceive gives a stream to an engine. Whatever it is, the engine takes no data, and when it fails it says why.
func fuzzReceive(t *testing.T, p *pair, e *Engine, stream []byte) {
	var got []byte
	p.feed(e, bytes.Clone(stream), &got)
	if len(got) > 0 {
		t.Fatalf("took %q", got)
	}
	if err := e.Err(); err != nil && alertOf(err) == nil {
		t.Fatalf("%T %v", err, err)
	}
	p.take(e)
	e.ReceiveEOF()
	if e.Err() == nil && !e.PeerClosed() {
		t.Fatal("the end of the stream is no failure")
	}
	e.Free()
	if p.env.Handshakes() != 0 {
		t.Fatal("the handshake's memory is kept")
	}
}

func FuzzServerReceive(f *testing.F) {
	hello := rawClientHello(f, nil)
	f.Add(handshakeRecord(hello))
	f.Add(append(handshakeRecord(hello[:100]), handshakeRecord(hello[100:])...))
	f.Add([]byte{21, 3, 3, 0, 2, 2, 40})
	f.Add(append(handshakeRecord(hello), 20, 3, 3, 0, 1, 1, 23, 3, 3, 0, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20))
	f.Fuzz(func(t *testing.T, stream []byte) {
		p := newPair(t, func(_, s *Config) { s.CurvePreferences = []tls.CurveID{tls.CurveP256, tls.X25519} })
		fuzzReceive(t, p, p.server, stream)
	})
}

func FuzzClientReceive(f *testing.F) {
	hello := wire.ServerHello{
		LegacyVersion: wire.VersionTLS12, Random: make([]byte, 32), SessionID: bytes.Repeat([]byte{7}, 32), CipherSuite: 0x1301,
		Has: wire.SetOf(wire.ExtSupportedVersions, wire.ExtKeyShare), SupportedVersion: wire.VersionTLS13, Group: 29, KeyShare: bytes.Repeat([]byte{9}, 32),
	}
	for _, retry := range []bool{false, true} {
		if retry {
			hello.Random, hello.Group = []byte(wire.RetryRandom), 23
		}
		raw, err := hello.Append(nil)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(handshakeRecord(raw))
		f.Add(append(handshakeRecord(raw), 20, 3, 3, 0, 1, 1))
	}
	f.Fuzz(func(t *testing.T, stream []byte) {
		p := newPair(t, func(c, _ *Config) { c.Rand = constant(7) }) // so that the session to be echoed is known
		p.client.Start()
		p.take(p.client)
		fuzzReceive(t, p, p.client, stream)
	})
}

// What a server with the right keys may say under them.
func FuzzServerFlight(f *testing.F) {
	addFlights(f, true)
	f.Fuzz(func(t *testing.T, flight []byte) {
		p := newPair(t)
		p.beRogueServer().late = func([]byte) []byte { return flight }
		p.handshake()
		fuzzOutcome(t, p.client, flight)
	})
}

// And a client.
func FuzzClientFlight(f *testing.F) {
	addFlights(f, false)
	f.Fuzz(func(t *testing.T, flight []byte) {
		p := newPair(t)
		p.beRogueClient().late = func([]byte) []byte { return flight }
		p.run()
		fuzzOutcome(t, p.server, flight)
	})
}

func addFlights(f *testing.F, server bool) {
	keep := func(flight []byte) []byte {
		f.Add(bytes.Clone(flight))
		return flight
	}
	p := newPair(f)
	if server {
		p.beRogueServer(serverScript...).late = keep
		p.handshake()
	} else {
		p.beRogueClient(clientScript...).late = keep
		p.run()
	}
}

// fuzzOutcome: no flight that was not made for this handshake completes it.
func fuzzOutcome(t *testing.T, e *Engine, flight []byte) {
	if e.HandshakeComplete() {
		t.Fatalf("%x is accepted", flight)
	}
	if err := e.Err(); err != nil && alertOf(err) == nil {
		t.Fatalf("%T %v", err, err)
	}
}

// Two engines and a stream between them that is changed in places: each three bytes of changes are a distance to go and
// what to do there.
func FuzzPair(f *testing.F) {
	f.Add([]byte{}, true)
	f.Add([]byte{100, 0, 1, 50, 1, 200}, false)
	f.Fuzz(func(t *testing.T, changes []byte, retry bool) {
		p := newPair(t, func(c, s *Config) {
			if retry {
				s.CurvePreferences = []tls.CurveID{tls.CurveP256}
			}
		})
		at, next := 0, 0
		p.mangle = func(_ Role, rec []byte) []byte {
			for len(changes) >= 3 {
				if at == next {
					next = at + int(changes[0])*4
				}
				if next >= at+len(rec) {
					break
				}
				i := next - at
				switch changes[1] % 4 {
				case 0:
					rec[i] ^= changes[2]
				case 1:
					rec = rec[:i]
				case 2:
					if len(rec) < 1<<17 { // doubled again and again it would fill the memory of this test, not the engine's
						rec = append(rec, rec[i:]...)
					}
				case 3:
					rec = append(rec[:i:i], append([]byte{changes[2]}, rec[i:]...)...)
				}
				changes = changes[3:]
				at = next
				if i >= len(rec) {
					break
				}
			}
			at += len(rec)
			next = max(next, at)
			return rec
		}
		p.handshake()
		for _, e := range []*Engine{p.client, p.server} {
			buf := make([]byte, 64)
			if n, err := e.Seal(buf, []byte("data")); err == nil && e == p.client {
				p.toServer = append(p.toServer, buf[:n]...)
			} else if err == nil {
				p.toClient = append(p.toClient, buf[:n]...)
			}
		}
		p.run()
		for _, got := range [][]byte{p.clientGot, p.serverGot} {
			if len(got) > 0 && string(got) != "data" {
				t.Fatalf("took %q", got)
			}
		}
		for _, e := range []*Engine{p.client, p.server} {
			e.ReceiveEOF()
			if err := e.Err(); err == nil || alertOf(err) == nil && !errors.Is(err, ErrTruncated) {
				t.Fatalf("%v: %T %v", e.role, err, err)
			}
		}
		if p.env.Handshakes() != 0 {
			t.Fatal("a handshake's memory is kept")
		}
	})
}
