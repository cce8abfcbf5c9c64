package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"net"
	"testing"
)

func TestPeersListsAreExpected(t *testing.T) {
	for _, right := range []bool{true, false} {
		r := newTestRunner(t, 1, func(r *testRunner, conn net.Conn) error {
			cert, err := x509.ParseCertificate(r.cert.Certificate[0])
			if err != nil {
				return err
			}
			pool := x509.NewCertPool()
			pool.AddCert(cert)
			_ = echoes(tls.Server(conn, r.server(&tls.Config{ClientAuth: tls.RequestClientCert, ClientCAs: pool})))
			return nil
		})
		cert, err := x509.ParseCertificate(r.cert.Certificate[0])
		if err != nil {
			t.Fatal(err)
		}
		list := hex.EncodeToString(cert.RawSubject)
		if !right {
			list += ",3000"
		}
		status, said := r.shim("-expect-client-ca-list", list)
		if status != btoi(!right)*exitUnexpected {
			t.Errorf("%s: status %d, %s", list, status, said)
		}
		<-r.done
	}
}

func TestPeersSchemesAreExpected(t *testing.T) {
	o, err := parseFlags([]string{"-expect-peer-verify-pref", "2052", "-expect-peer-verify-pref", "1027"})
	if err != nil || len(o[initial].during) != 1 {
		t.Fatalf("%v", err)
	}
	r := newTestRunner(t, 1, func(r *testRunner, conn net.Conn) error {
		_ = echoes(tls.Client(conn, &tls.Config{InsecureSkipVerify: true}))
		return nil
	})
	status, said := r.shim("-server", "-cert-file", r.certFile, "-key-file", r.keyFile, "-expect-peer-verify-pref", "2052")
	if status != exitUnexpected { // crypto/tls has more of them
		t.Errorf("status %d, %s", status, said)
	}
	<-r.done
}
