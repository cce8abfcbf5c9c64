package main

import (
	"crypto/tls"
	"encoding/base64"
	"net"
	"testing"

	"smoltls/tlssock"
)

func TestCredentialsAreInTheOrderOfTheFlags(t *testing.T) {
	r := newTestRunner(t, 0, func(*testRunner, net.Conn) error { return nil })
	o, err := parseFlags([]string{
		"-cert-file", r.certFile, "-key-file", r.keyFile, "-new-rpk-credential", "-key-file", r.keyFile, "-signing-prefs", "1027",
		"-new-delegated-credential", "-cert-file", r.certFile, "-key-file", r.keyFile, "-delegated-credential", "AQI=",
		"-new-x509-credential", "-cert-file", r.certFile, "-key-file", r.keyFile, "-ocsp-response", "AQI=", "-signed-cert-timestamps", "AAMAAQc=",
	})
	if err != nil {
		t.Fatal(err)
	}
	var cfg tlssock.Config
	if err := o[initial].identities(&cfg); err != nil || len(cfg.Certificates) != 3 || len(cfg.DelegatedCredentials) != 1 {
		t.Fatalf("%d and %d, %v", len(cfg.Certificates), len(cfg.DelegatedCredentials), err)
	}
	certs := cfg.Certificates
	if dc := cfg.DelegatedCredentials[0]; len(dc.Certificate) != 1 || string(dc.Credential) != "\x01\x02" || dc.PrivateKey == nil {
		t.Errorf("delegated: %+v", dc)
	}
	if certs[0].Certificate != nil || len(certs[0].SupportedSignatureAlgorithms) != 1 || certs[0].SupportedSignatureAlgorithms[0] != tls.ECDSAWithP256AndSHA256 {
		t.Errorf("first: %+v", certs[0])
	}
	if len(certs[1].Certificate) != 1 || string(certs[1].OCSPStaple) != "\x01\x02" || len(certs[1].SignedCertificateTimestamps) != 1 {
		t.Errorf("second: %+v", certs[1])
	}
	if len(certs[2].Certificate) != 1 || certs[2].OCSPStaple != nil { // the default one
		t.Errorf("last: %+v", certs[2])
	}
}

func TestSCTListIsTakenApart(t *testing.T) {
	for list, n := range map[string]int{"\x00\x00": 0, "\x00\x03\x00\x01x": 1, "\x00\x02\x00\x00": 0, "\x00\x03\x00\x01": 0, "\x00\x06\x00\x01x\x00\x01y": 2} {
		scts, err := sctList(base64.StdEncoding.EncodeToString([]byte(list)))
		if len(scts) != n || (err == nil) != (n > 0) {
			t.Errorf("%x: %x, %v", list, scts, err)
		}
	}
}

func TestSelectedCredentialIsExpected(t *testing.T) {
	for _, c := range []struct {
		number string
		status int
	}{{"-1", 0}, {"0", exitUnexpected}} {
		r := newTestRunner(t, 1, func(r *testRunner, conn net.Conn) error {
			_ = echoes(tls.Client(conn, &tls.Config{InsecureSkipVerify: true, CurvePreferences: []tls.CurveID{tls.X25519}}))
			return nil
		})
		status, said := r.shim("-server", "-cert-file", r.certFile, "-key-file", r.keyFile, "-new-rpk-credential", "-key-file", r.keyFile,
			"-expect-selected-credential", c.number)
		if status != c.status {
			t.Errorf("%s: status %d, %s", c.number, status, said)
		}
		<-r.done
	}
}
