package tlssock

import (
	"bytes"
	"crypto/tls"
	"testing"

	"smoltls/tlssock/internal/wire"
)

// What a server sends after a ServerHello, in records as few as can be.
func TestServerFlightIsOneRecord(t *testing.T) {
	p := newPair(t)
	p.client.Start()
	p.collect()
	p.toServer = p.feed(p.server, p.toServer, &p.serverGot)
	var types []byte
	for b := p.server.Output(); len(b) > 0; b = b[5+int(b[3])<<8+int(b[4]):] {
		types = append(types, b[0])
	}
	if !bytes.Equal(types, []byte{22, 20, 23}) {
		t.Errorf("records of types %v", types)
	}
}

func TestLargeChainIsCutIntoRecords(t *testing.T) {
	id := makeID(t, "P-256", testServerName)
	cert := id.cert
	for range 60 {
		cert.Certificate = append(cert.Certificate, id.cert.Certificate[0])
	}
	p := newPair(t, func(c, s *Config) {
		s.Certificates, c.Trust = []tls.Certificate{cert}, id.pin()
		c.Limits.CertificateChain, c.CertificateCompression = 100, []CertificateCompression{}
	})
	p.client.Start()
	p.collect()
	p.toServer = p.feed(p.server, p.toServer, &p.serverGot)
	if n := len(p.server.Output()); n < 20000 {
		t.Fatalf("a flight of %d bytes only", n)
	}
	for b := p.server.Output(); len(b) > 0; b = b[5+int(b[3])<<8+int(b[4]):] {
		if n := int(b[3])<<8 + int(b[4]); n > 16384+17 {
			t.Errorf("record of %d bytes", n)
		}
	}
	p.run()
	p.mustBeOpen()
}

// The server acknowledges the name that it was asked for, and whether its certificate is for it is the client's to see
// (RFC 6066 §3).
func TestServerNameIsAcknowledged(t *testing.T) {
	for _, name := range []string{testServerName, "other.example", ""} {
		p := newPair(t, func(c, _ *Config) { c.InsecureSkipVerify, c.ServerName = true, name })
		var acked bool
		p.client.Start()
		p.client.state = &spy{p.client.state, func(m message) {
			if m.typ == wire.TypeEncryptedExtensions {
				var msg wire.EncryptedExtensions
				if err := msg.Parse(m.body()); err != nil {
					t.Error(err)
				}
				acked = msg.Has.Has(wire.ExtServerName)
			}
		}}
		p.run()
		p.mustBeOpen()
		if acked != (name != "") {
			t.Errorf("%q acknowledged: %v", name, acked)
		}
	}
}

// spy stands before the states and sees their messages.
type spy struct {
	inner state
	see   func(m message)
}

func (s *spy) handle(m message) (state, error) {
	s.see(m)
	next, err := s.inner.handle(m)
	s.inner = next
	return s, err
}
