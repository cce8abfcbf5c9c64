package gvisor

import (
	"crypto/tls"
	"testing"

	"smoltls/bench/internal/identity"
)

func TestConnectTLSNegotiatesWhatTheOthersNegotiate(t *testing.T) {
	w, err := newWire()
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	l, err := w.listen()
	if err != nil {
		t.Fatal(err)
	}
	ids, err := identity.NewPair(identity.P256)
	if err != nil {
		t.Fatal(err)
	}
	client, server, err := l.connectTLS(ids.StdConfigs(tls.X25519, true))
	if err != nil {
		t.Fatal(err)
	}
	if err := settle(client, server); err != nil {
		t.Fatal(err)
	}
	st := server.ConnectionState()
	if st.CipherSuite != tls.TLS_AES_128_GCM_SHA256 || st.CurveID != tls.X25519 || len(st.PeerCertificates) != 1 {
		t.Errorf("suite %x, group %v, %d certificates", st.CipherSuite, st.CurveID, len(st.PeerCertificates))
	}
}
