package main

import (
	"crypto/tls"
	"net"
	"slices"
	"testing"

	"smoltls/tlssock"
)

func TestCertificateTypesOfTheFlags(t *testing.T) {
	o, err := parseFlags([]string{
		"-accepted-peer-cert-types", "2", "-accepted-peer-cert-types", "0", "-available-client-cert-types", "2",
	})
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := o[initial].config(newShim(o))
	if err != nil {
		t.Fatal(err)
	}
	raw, x509 := tlssock.CertificateTypeRawPublicKey, tlssock.CertificateTypeX509
	if !slices.Equal(cfg.PeerCertificateTypes, []tlssock.CertificateType{raw, x509}) || !slices.Equal(cfg.OwnCertificateTypes, []tlssock.CertificateType{raw}) {
		t.Errorf("%v, %v", cfg.PeerCertificateTypes, cfg.OwnCertificateTypes)
	}
}

func TestPeersCertificateTypeIsExpected(t *testing.T) {
	for typ, want := range map[string]int{"0": 0, "2": exitUnexpected} {
		r := newTestRunner(t, 1, func(r *testRunner, conn net.Conn) error {
			_ = echoes(tls.Server(conn, r.server(&tls.Config{})))
			return nil
		})
		if status, said := r.shim("-expect-peer-certificate-type", typ); status != want {
			t.Errorf("%s: status %d, %s", typ, status, said)
		}
		<-r.done
	}
}
