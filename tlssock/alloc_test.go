package tlssock

import (
	"crypto/tls"
	"testing"
)

// shuttle moves records between two engines without allocating once its buffers are large enough.
type shuttle struct{ buf []byte }

func (s *shuttle) move(t testing.TB, from, to *Engine) bool {
	out := from.Output()
	if len(out) == 0 {
		return false
	}
	s.buf = append(s.buf[:0], out...)
	from.Sent(len(out))
	for b := s.buf; len(b) > 0; {
		n, err := to.RecordLen(b)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := to.Receive(nil, b[:n]); err != nil {
			t.Fatal(err)
		}
		b = b[n:]
	}
	return true
}

func (s *shuttle) handshake(t testing.TB, client, server *Engine) {
	if err := client.Start(); err != nil {
		t.Fatal(err)
	}
	for s.move(t, client, server) || s.move(t, server, client) {
	}
	if !client.HandshakeComplete() || !server.HandshakeComplete() {
		t.Fatal("handshake incomplete")
	}
}

// DESIGN asks for 150 allocations at most in a mutual handshake with Ed25519, both ends together.
func TestMutualHandshakeAllocatesLittle(t *testing.T) {
	p := newPair(t)
	var s shuttle
	allocs := testing.AllocsPerRun(50, func() {
		p.restart()
		s.handshake(t, p.client, p.server)
		p.client.Free()
		p.server.Free()
	})
	t.Logf("%.0f allocations, both ends", allocs)
	if allocs > 150 {
		t.Errorf("%.0f allocations, above 150", allocs)
	}
}

func TestApplicationDataAllocatesNothing(t *testing.T) {
	for _, id := range []uint16{tls.TLS_AES_128_GCM_SHA256, tls.TLS_AES_256_GCM_SHA384, tls.TLS_CHACHA20_POLY1305_SHA256, 0x1304} {
		p := newPair(t, func(c, s *Config) { c.CipherSuites = []uint16{id} })
		p.mustHandshake()
		buf := make([]byte, 16384+p.client.Overhead())
		plain := buf[5 : 5+16384]
		allocs := testing.AllocsPerRun(100, func() {
			n, err := p.client.Seal(buf, plain)
			if err != nil {
				t.Fatal(err)
			}
			app, err := p.server.Receive(nil, buf[:n])
			if err != nil || len(app) != len(plain) {
				t.Fatal(len(app), err)
			}
		})
		if allocs != 0 {
			t.Errorf("%s: %.1f allocations a record", CipherSuiteName(id), allocs)
		}
	}
}

func TestKeyUpdateAllocatesNothingButTheAEAD(t *testing.T) {
	p := newPair(t)
	p.mustHandshake()
	var s shuttle
	bare := testing.AllocsPerRun(20, func() { // what it costs to make two AEADs again
		p.client.Sleep()
		p.server.Sleep()
		p.exchangeQuietly(&s)
	})
	allocs := testing.AllocsPerRun(20, func() {
		if err := p.client.KeyUpdate(false); err != nil {
			t.Fatal(err)
		}
		s.move(t, p.client, p.server)
		p.exchangeQuietly(&s)
	})
	if allocs > bare {
		t.Errorf("%.0f allocations a key update, %.0f for new AEADs", allocs, bare)
	}
}

// exchangeQuietly sends one byte from client to server.
func (p *pair) exchangeQuietly(s *shuttle) {
	var one [1]byte
	s.buf = append(s.buf[:0], make([]byte, 64)...)
	n, err := p.client.Seal(s.buf, one[:])
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := p.server.Receive(nil, s.buf[:n]); err != nil {
		p.t.Fatal(err)
	}
}

func BenchmarkMutualHandshake(b *testing.B) {
	for _, key := range []string{"Ed25519", "P-256", "RSA-2048"} {
		b.Run(key, func(b *testing.B) {
			p := newPair(b, func(c, s *Config) {
				ci, si := makeID(b, key, testClientName), makeID(b, key, testServerName)
				c.Certificates, c.Trust = []tls.Certificate{ci.cert}, si.pin()
				s.Certificates, s.Trust = []tls.Certificate{si.cert}, ci.pin()
			})
			var s shuttle
			b.ReportAllocs()
			for b.Loop() {
				p.restart()
				s.handshake(b, p.client, p.server)
				p.client.Free()
				p.server.Free()
			}
		})
	}
}

func BenchmarkRecord16K(b *testing.B) {
	p := newPair(b)
	p.mustHandshake()
	buf := make([]byte, 16384+p.client.Overhead())
	plain := buf[5 : 5+16384]
	b.SetBytes(16384)
	b.ReportAllocs()
	for b.Loop() {
		n, _ := p.client.Seal(buf, plain)
		if _, err := p.server.Receive(nil, buf[:n]); err != nil {
			b.Fatal(err)
		}
	}
}
