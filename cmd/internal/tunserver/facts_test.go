package tunserver

import (
	"crypto/tls"
	"strings"
	"testing"

	"smoltls/cmd/internal/cmdtest"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

func TestFactsNameEverythingThatWasNegotiated(t *testing.T) {
	id := cmdtest.Named(t, "client")
	cs := tlssock.ConnectionState{
		Version: tls.VersionTLS13, CipherSuite: tls.TLS_CHACHA20_POLY1305_SHA256, CurveID: tls.X25519, NegotiatedProtocol: "http/1.1",
		ServerName: "server", LocalSignatureScheme: tls.Ed25519, PeerSignatureScheme: tls.ECDSAWithP256AndSHA256,
		PeerCertificates: []*x509lite.Certificate{id.Leaf},
	}
	line := facts(cs)
	for _, want := range []string{"TLS 1.3", "CHACHA20", "X25519", "http/1.1", "name server", "Ed25519", "ECDSAWithP256AndSHA256", "SHA-256 "} {
		if !strings.Contains(line, want) {
			t.Errorf("%q is not in %q", want, line)
		}
	}
	if line := facts(tlssock.ConnectionState{}); !strings.Contains(line, "client certificate none") {
		t.Errorf("%q", line)
	}
}
