package tlssock

import (
	"bytes"
	"crypto/tls"
	"errors"
	"testing"
)

func TestKeyingMaterialIsTheSameAtBothEnds(t *testing.T) {
	for _, s := range []uint16{0x1301, 0x1302} {
		p := newPair(t, func(c, _ *Config) { c.CipherSuites = []uint16{s} })
		before := p.client.ConnectionState()
		if _, err := before.ExportKeyingMaterial("label", nil, 16); !errors.Is(err, ErrNoExporter) {
			t.Errorf("before the handshake: %v", err)
		}
		p.mustHandshake()
		cs, ss := p.client.ConnectionState(), p.server.ConnectionState()
		a, errA := cs.ExportKeyingMaterial("label", []byte("context"), 77)
		b, errB := ss.ExportKeyingMaterial("label", []byte("context"), 77)
		if errA != nil || errB != nil || len(a) != 77 || !bytes.Equal(a, b) {
			t.Errorf("%x (%v), %x (%v)", a, errA, b, errB)
		}
		other, err := cs.ExportKeyingMaterial("label", nil, 77)
		if err != nil || bytes.Equal(a, other) {
			t.Error("the context does not count", err)
		}
		if _, err := cs.ExportKeyingMaterial("label", nil, 1<<20); err == nil {
			t.Error("a megabyte is exported")
		}
	}
}

func TestNames(t *testing.T) {
	if s := CipherSuiteName(0x1304); s != "TLS_AES_128_CCM_SHA256" {
		t.Error(s)
	}
	if s := CipherSuiteName(0xfefe); s != "0xFEFE" {
		t.Error(s)
	}
	if s := VersionName(0x0304); s != "TLS 1.3" {
		t.Error(s)
	}
}

// What was told of a session's peer stays as it was told when the server turns out to be another one.
func TestAStateThatWasToldDoesNotChange(t *testing.T) {
	p := newEarlyPair(t, func(c, s *Config) { c.NextProtos, s.NextProtos = []string{"one"}, []string{"one"} })
	p.serverCfg = p.serverCfg.Clone()
	p.serverCfg.SetSessionTicketKeys([][32]byte{{1}})
	p.serverCfg.Certificates = []tls.Certificate{makeID(t, "P-256", testServerName).cert}
	p.restart()
	p.sendEarly("GET /")
	told := p.client.ConnectionState()
	if told.EarlyData != EarlyDataOffered || len(told.PeerCertificates) != 1 || told.PeerCertificates[0] == nil {
		t.Fatalf("%v, %v", told.EarlyData, told.PeerCertificates)
	}
	leaf := told.PeerCertificates[0]
	p.run()
	p.wantAlert(p.client, AlertUnknownCA)
	if told.PeerCertificates[0] != leaf {
		t.Errorf("its certificate is %v now", told.PeerCertificates[0])
	}
	if _, err := told.ExportKeyingMaterial("label", nil, 16); !errors.Is(err, ErrNoExporter) {
		t.Errorf("keying material of a handshake that was not over: %v", err)
	}
}
