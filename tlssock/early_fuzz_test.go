package tlssock

import (
	"bytes"
	"testing"
)

// The first flight of a client that resumes with early data, changed in one place: whatever comes of it, the server
// takes the early data as it was, or none.
func FuzzFirstFlightWithEarlyData(f *testing.F) {
	f.Add(uint16(0), byte(0), false)
	f.Add(uint16(60), byte(1), false)
	f.Add(uint16(500), byte(0), true)
	f.Fuzz(func(t *testing.T, at uint16, bits byte, cut bool) {
		p := newEarlyPair(t)
		p.sendEarly("early data")
		flight := p.toServer
		hello := 5 + int(flight[3])<<8 + int(flight[4])
		k := int(at) % len(flight)
		if cut {
			flight = flight[:k]
		} else {
			flight[k] ^= bits
		}
		p.toServer = nil
		p.feed(p.server, bytes.Clone(flight), &p.serverGot)
		got := p.readEarly()
		if got != "" && got != "early data" || len(p.serverGot) > 0 {
			t.Fatalf("took %q and %q", got, p.serverGot)
		}
		if got != "" && !cut && bits != 0 && k > 5 && k < hello {
			t.Fatalf("byte %d of the hello is another one, and its early data is taken", k)
		}
		if err := p.server.Err(); err != nil && alertOf(err) == nil {
			t.Fatalf("%T %v", err, err)
		}
		p.client.Free()
		p.server.Free()
		if p.env.Handshakes() != 0 {
			t.Fatal("the handshake's memory is kept")
		}
	})
}

// What a server does with identities that it looks up, whatever they look like.
func FuzzExternalIdentity(f *testing.F) {
	key := testPSK("id")
	for hash := range kdf {
		form, _ := key.offered(hash)
		f.Add(form.identity)
	}
	f.Add([]byte("id"))
	f.Fuzz(func(t *testing.T, offered []byte) {
		asked := 0
		for hash := range kdf {
			p, ok := lookup(func(identity []byte) *ExternalPSK { asked++; return &ExternalPSK{Identity: identity, Key: key.Key} }, offered, hash)
			if ok && !bytes.Equal(p.identity, offered) {
				t.Fatalf("%x is taken for %x", offered, p.identity)
			}
		}
		if asked > 4 {
			t.Fatalf("asked %d times", asked)
		}
	})
}
