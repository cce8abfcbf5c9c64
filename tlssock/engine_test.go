package tlssock

import (
	"crypto/tls"
	"testing"
	"unsafe"
)

func TestMutualHandshake(t *testing.T) {
	p := newPair(t)
	p.mustHandshake()
	p.exchange("hello")
	cs, ss := p.client.ConnectionState(), p.server.ConnectionState()
	if cs.Version != tls.VersionTLS13 || cs.CipherSuite != tls.TLS_AES_128_GCM_SHA256 || cs.CurveID != tls.X25519 {
		t.Errorf("client negotiated %+v", cs)
	}
	if cs.PeerSignatureScheme != tls.Ed25519 || ss.PeerSignatureScheme != tls.Ed25519 || cs.LocalSignatureScheme != tls.Ed25519 {
		t.Errorf("schemes: %v %v", cs.PeerSignatureScheme, ss.PeerSignatureScheme)
	}
	if !cs.PeerVerified || !ss.PeerVerified || len(ss.PeerCertificates) != 1 || cs.RoundTrips != 1 {
		t.Errorf("peers not verified: %+v %+v", cs, ss)
	}
	if ss.ServerName != testServerName || !ss.ClientCertificateRequested || ss.LocalCertificate == nil {
		t.Errorf("server knows %+v", ss)
	}
	if p.env.Handshakes() != 0 {
		t.Errorf("%d handshakes still hold memory", p.env.Handshakes())
	}
}

func TestEngineIsSmall(t *testing.T) {
	if size := unsafe.Sizeof(Engine{}); size > 384 {
		t.Errorf("an Engine takes %d bytes, above 384", size)
	} else {
		t.Logf("an Engine takes %d bytes, facts %d", size, unsafe.Sizeof(facts{}))
	}
}
