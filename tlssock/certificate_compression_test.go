package tlssock

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"testing"

	"smoltls/tlssock/internal/wire"
)

// longChain is an identity whose chain is worth compressing, and which its leaf's pin trusts.
func longChain(t testing.TB, name string) testID {
	id := makeID(t, "P-256", name)
	for i := range 4 {
		id.cert.Certificate = append(id.cert.Certificate, makeID(t, "P-384", fmt.Sprintf("authority %d", i)).cert.Certificate[0])
	}
	return id
}

func TestCertificatesOfBothEndsAreCompressed(t *testing.T) {
	c, s := longChain(t, testClientName), longChain(t, testServerName)
	for _, off := range []bool{false, true} {
		p := newPair(t, func(cc, ss *Config) {
			cc.Certificates, cc.Trust = []tls.Certificate{c.cert}, s.pin()
			ss.Certificates, ss.Trust = []tls.Certificate{s.cert}, c.pin()
			if off {
				cc.CertificateCompression, ss.CertificateCompression = []CertificateCompression{}, []CertificateCompression{}
			}
		})
		if err := p.client.Start(); err != nil {
			t.Fatal(err)
		}
		var seen []byte
		p.client.state = &spy{p.client.state, func(m message) { seen = append(seen, byte(m.typ)) }}
		p.run()
		p.mustBeOpen()
		p.exchange("data")
		if got := bytes.Contains(seen, []byte{byte(wire.TypeCompressedCertificate)}); got == off {
			t.Errorf("off %v: client saw %v", off, seen)
		}
		if cs := p.server.ConnectionState(); !cs.PeerVerified {
			t.Error("client is not verified")
		}
	}
}

// What gains too little is not worth the receiver's work.
func TestShortCertificateIsNotCompressed(t *testing.T) {
	cfg := &Config{Certificates: []tls.Certificate{makeID(t, "Ed25519", "x").cert, longChain(t, "x").cert}}
	p, err := cfg.prepare(RoleServer)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(p.identities[0].message[0].compressed); n != 0 {
		t.Errorf("%d forms of a short one", n)
	}
	m := p.identities[1].message[0]
	if len(m.compressed) != 1 || len(m.compressed[0].message) > len(m.plain)-minGain {
		t.Errorf("%d forms of a long one", len(m.compressed))
	}
}

// storing is an algorithm that compresses nothing and marks what it did.
func storing(id uint16, calls *int) CertificateCompression {
	return CertificateCompression{ID: id,
		Compress: func(b []byte) []byte { *calls++; return append([]byte{byte(id)}, b...) },
		Decompress: func(dst, b []byte) error {
			if len(b) != len(dst)+1 || b[0] != byte(id) {
				return errors.New("not stored")
			}
			copy(dst, b[1:])
			return nil
		}}
}

func TestCompressionIsNegotiated(t *testing.T) {
	var calls int
	one, two := storing(0xff01, &calls), storing(0xff02, &calls)
	sendOnly, takeOnly := two, two
	sendOnly.Decompress, takeOnly.Compress = nil, nil
	for _, c := range []struct {
		name           string
		client, server []CertificateCompression
		want           uint16 // of the server's certificate; 0: not compressed
	}{
		{"server's order", []CertificateCompression{one, two}, []CertificateCompression{two, one}, 0xff02},
		{"nothing in common", []CertificateCompression{one}, []CertificateCompression{two}, 0},
		{"server only takes", []CertificateCompression{two}, []CertificateCompression{takeOnly}, 0},
		{"client only sends", []CertificateCompression{sendOnly}, []CertificateCompression{two}, 0},
	} {
		calls = 0
		p := newPair(t, func(cc, s *Config) { cc.CertificateCompression, s.CertificateCompression = c.client, c.server })
		var got uint16
		p.client.Start()
		p.client.state = &spy{p.client.state, func(m message) {
			var msg wire.CompressedCertificate
			if m.typ == wire.TypeCompressedCertificate && msg.Parse(m.body()) == nil {
				got = msg.Algorithm
			}
		}}
		p.run()
		p.mustBeOpen()
		if got != c.want {
			t.Errorf("%s: algorithm %#04x", c.name, got)
		}
		before := calls
		p.restart()
		if p.mustHandshake(); calls != before {
			t.Errorf("%s: compressed again for a second handshake", c.name)
		}
	}
}

func TestCompressedCertificateDefects(t *testing.T) {
	id := longChain(t, testServerName)
	plain := mustIdentity(t, id.cert).message[0].plain[wire.HeaderLen:]
	good := deflate(plain)
	zeros := deflate(make([]byte, 8<<20))
	cut := len(good) - 1
	for _, c := range []struct {
		name  string
		alg   uint16
		size  int
		data  []byte
		alert Alert
		err   error
	}{
		{"as it should be", 1, len(plain), good, 0, nil},
		{"algorithm not offered", 2, len(plain), good, AlertIllegalParameter, ErrUnexpectedMessage},
		{"longer than it says", 1, len(plain) - 1, good, AlertBadCertificate, ErrDecompression},
		{"shorter than it says", 1, len(plain) + 1, good, AlertBadCertificate, ErrDecompression},
		{"cut", 1, len(plain), good[:cut], AlertBadCertificate, ErrDecompression},
		{"data after the end", 1, len(plain), append(bytes.Clone(good), 0), AlertBadCertificate, ErrDecompression},
		{"no stream", 1, len(plain), []byte("no stream"), AlertBadCertificate, ErrDecompression},
		{"bomb that says so", 1, 8 << 20, zeros, AlertBadCertificate, ErrMessageTooLarge},
		{"bomb that does not", 1, 60 << 10, zeros, AlertBadCertificate, ErrDecompression},
		{"just too large", 1, DefaultHandshakeMessage + 1, good, AlertBadCertificate, ErrMessageTooLarge},
		{"nothing within", 1, 0, []byte{0x78, 0xda, 3, 0, 0, 0, 0, 1}, AlertDecodeError, wire.ErrSyntax},
	} {
		p := newPair(t, func(cc, s *Config) { s.Certificates, cc.Trust = []tls.Certificate{id.cert}, id.pin() })
		p.beRogueServer(serverScript...).edit = replace(t, wire.TypeCertificate, func() ([]byte, error) {
			return (&wire.CompressedCertificate{Algorithm: c.alg, Uncompressed: c.size, Data: c.data}).Append(nil)
		})
		p.handshake()
		a := alertOf(p.client.Err())
		if c.err == nil {
			if a != nil {
				t.Errorf("%s: %v", c.name, a)
			}
		} else if a == nil || a.FromPeer || a.Alert != c.alert || !errors.Is(a, c.err) {
			t.Errorf("%s: %v", c.name, p.client.Err())
		}
	}
}

// A CompressedCertificate cut or flipped anywhere ends the handshake.
func TestCompressedCertificateWithAnyByteWrong(t *testing.T) {
	id := longChain(t, testServerName)
	cfg := &Config{Certificates: []tls.Certificate{id.cert}}
	prep, err := cfg.prepare(RoleServer)
	if err != nil {
		t.Fatal(err)
	}
	good := prep.identities[0].message[0].compressed[0].message
	for i := wire.HeaderLen; i < len(good); i += 3 {
		flipped := bytes.Clone(good)
		flipped[i] ^= 0x55
		cut := bytes.Clone(good[:i])
		cut[1], cut[2], cut[3] = 0, byte((i-wire.HeaderLen)>>8), byte(i-wire.HeaderLen)
		for _, bad := range [][]byte{flipped, cut} {
			p := newPair(t, func(cc, s *Config) { s.Certificates, cc.Trust = []tls.Certificate{id.cert}, id.pin() })
			p.beRogueServer(serverScript...).edit = replace(t, wire.TypeCertificate, func() ([]byte, error) { return bytes.Clone(bad), nil })
			p.handshake()
			if a := alertOf(p.client.Err()); a == nil || a.FromPeer {
				t.Fatalf("byte %d: %v", i, p.client.Err())
			}
		}
	}
}

// One that was not asked for may not come.
func TestCompressedCertificateNobodyAskedFor(t *testing.T) {
	p := newPair(t, func(c, _ *Config) { c.CertificateCompression = []CertificateCompression{} })
	p.beRogueServer(wire.TypeEncryptedExtensions, wire.TypeCompressedCertificate)
	p.handshake()
	p.wantAlert(p.client, AlertUnexpectedMessage)
}

func TestCompressCertificateListsOnce(t *testing.T) {
	for _, off := range []bool{false, true} {
		p := newPair(t, func(_, s *Config) {
			if off {
				s.CertificateCompression = []CertificateCompression{}
			}
		})
		raw := rawClientHello(t, func(h *clientHandshake) { h.hello.CertificateCompression = wire.MakeUint16s[uint16](7, 8, 7) })
		_, err := p.server.Receive(nil, handshakeRecord(raw))
		if a := alertOf(err); a == nil || a.Alert != AlertIllegalParameter {
			t.Errorf("off %v: %v", off, err)
		}
	}
}

func TestCompressionsOfAConfig(t *testing.T) {
	var calls int
	many := make([]CertificateCompression, maxCompressions+1)
	for i := range many {
		many[i] = storing(uint16(i), &calls)
	}
	for _, list := range [][]CertificateCompression{many, {storing(1, &calls), storing(1, &calls)}} {
		if err := (&Config{InsecureSkipVerify: true, CertificateCompression: list}).Check(RoleClient); !errors.Is(err, ErrConfig) {
			t.Errorf("%d algorithms: %v", len(list), err)
		}
	}
	if err := (&Config{InsecureSkipVerify: true, CertificateCompression: many[1:]}).Check(RoleClient); err != nil {
		t.Error(err)
	}
}

// inflate fills exactly what it is given, or says why not.
func FuzzInflate(f *testing.F) {
	chain := mustIdentity(f, longChain(f, "x").cert).message[0].plain
	f.Add(deflate(chain), len(chain))
	f.Add(deflate(make([]byte, 1<<20)), 1<<16)
	f.Fuzz(func(t *testing.T, data []byte, size int) {
		dst := make([]byte, max(0, min(size, DefaultHandshakeMessage)))
		if inflate(dst, data) != nil || len(dst) < 2*minGain {
			return
		}
		if again := deflate(dst); again != nil {
			out := make([]byte, len(dst))
			if err := inflate(out, again); err != nil || !bytes.Equal(out, dst) {
				t.Fatalf("%d bytes do not survive: %v", len(dst), err)
			}
		}
	})
}

func BenchmarkInflate(b *testing.B) {
	chain := mustIdentity(b, longChain(b, "x").cert).message[0].plain
	data, out := deflate(chain), make([]byte, len(chain))
	b.ReportMetric(float64(len(chain)), "bytes")
	b.ReportMetric(float64(len(data)), "compressed")
	b.ReportAllocs()
	for b.Loop() {
		if err := inflate(out, data); err != nil {
			b.Fatal(err)
		}
	}
}
