package tlssock

import (
	"bytes"
	"crypto"
	"crypto/tls"
	"io"
	"testing"

	"smoltls/tlssock/internal/kex"
	"smoltls/x509lite"
)

// traceSigner has a public key, and the one signature of a trace.
type traceSigner struct {
	public    crypto.PublicKey
	signature []byte
}

func (s traceSigner) Public() crypto.PublicKey { return s.public }

func (s traceSigner) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return bytes.Clone(s.signature), nil
}

// RFC 8448 §6 byte for byte: the client's certificate, its signature (RSA-PSS has a salt, so it is the trace's) and
// Finished.
func TestRFC8448ClientAuthentication(t *testing.T) {
	tr := loadTrace(t, "6")
	der := tr.get(t, "client certificate")
	leaf, err := x509lite.Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	e, h := traceClient(t, tr, nil, kex.X25519, func(c *Config) {
		c.Certificates = []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: traceSigner{leaf.PublicKey, tr.get(t, "client signature")}}}
	})
	if err := h.transcript.Add(tr.get(t, "client hello")); err != nil {
		t.Fatal(err)
	}
	receiveTrace(t, e, handshakeRecord(tr.get(t, "server hello")), nil)
	finishTrace(t, e, tr)
	if cs := e.ConnectionState(); !cs.ClientCertificateRequested || cs.LocalCertificate == nil || cs.LocalSignatureScheme != tls.PSSWithSHA256 ||
		cs.PeerSignatureScheme != tls.ECDSAWithP256AndSHA256 {
		t.Errorf("%+v", cs)
	}
	closeTrace(t, e, tr)
}

// RFC 8448 §7 byte for byte: change_cipher_spec in both directions.
func TestRFC8448CompatibilityMode(t *testing.T) {
	tr := loadTrace(t, "7")
	e, h := traceClient(t, tr, nil, kex.X25519)
	if err := h.transcript.Add(tr.get(t, "client hello")); err != nil {
		t.Fatal(err)
	}
	e.flags |= flagCCSAllowed
	receiveTrace(t, e, handshakeRecord(tr.get(t, "server hello")), nil)
	receiveTrace(t, e, []byte{20, 3, 3, 0, 1, 1}, nil)
	finishTrace(t, e, tr)
	closeTrace(t, e, tr)
}

// The servers of §6 and §7 up to ServerHello and the secrets by which the client's flight is opened.
func TestRFC8448ServerHelloOfTheOtherTraces(t *testing.T) {
	for _, number := range []string{"6", "7"} {
		tr := loadTrace(t, number)
		hello := tr.get(t, "server hello")
		p := newPair(t, func(_, s *Config) {
			id := makeID(t, "RSA-2048", "server")
			s.Certificates[0], s.ClientAuth = id.cert, tls.NoClientCert
			s.Rand = bytes.NewReader(append(bytes.Clone(hello[6:38]), tr.get(t, "server private")...))
		})
		p.server.Receive(nil, handshakeRecord(tr.get(t, "client hello")))
		if out := p.server.Output(); !bytes.HasPrefix(out[5:], hello) {
			t.Errorf("§%s: %v\n%x\nwant\n%x", number, p.server.Err(), out, hello)
		}
	}
}
