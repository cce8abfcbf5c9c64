package tlssock

import (
	"crypto/tls"
	"errors"
	"testing"
)

func TestSupportsCertificate(t *testing.T) {
	id := makeID(t, "P-256", "one.example")
	for _, c := range []struct {
		info tls.ClientHelloInfo
		cert tls.Certificate
		want error
	}{
		{tls.ClientHelloInfo{ServerName: "one.example", SignatureSchemes: []tls.SignatureScheme{tls.ECDSAWithP256AndSHA256}}, id.cert, nil},
		{tls.ClientHelloInfo{SignatureSchemes: []tls.SignatureScheme{tls.Ed25519, tls.ECDSAWithP256AndSHA256}}, id.cert, nil},
		{tls.ClientHelloInfo{ServerName: "two.example", SignatureSchemes: []tls.SignatureScheme{tls.ECDSAWithP256AndSHA256}}, id.cert, ErrUnknownName},
		{tls.ClientHelloInfo{ServerName: "one.example", SignatureSchemes: []tls.SignatureScheme{tls.Ed25519}}, id.cert, ErrNoCommonScheme},
		{tls.ClientHelloInfo{ServerName: "two.example", SignatureSchemes: []tls.SignatureScheme{tls.Ed25519}}, tls.Certificate{PrivateKey: keyOnce["Ed25519"]()}, nil},
		{tls.ClientHelloInfo{}, tls.Certificate{}, ErrConfig},
	} {
		if err := SupportsCertificate(&c.info, &c.cert); !errors.Is(err, c.want) {
			t.Errorf("%+v: %v, want %v", c.info, err, c.want)
		}
	}
	if err := errors.Join(SupportsCertificate(nil, &id.cert), SupportsCertificate(&tls.ClientHelloInfo{}, nil)); !errors.Is(err, ErrConfig) {
		t.Errorf("of nothing: %v", err)
	}
}
