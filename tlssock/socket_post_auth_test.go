package tlssock

import (
	"crypto/tls"
	"errors"
	"testing"
)

func postLine(t *testing.T) *line {
	return newLine(t, nil, func(c, s *Config) {
		c.PostHandshakeAuth, s.PostHandshakeAuth, s.ClientAuth = true, true, tls.NoClientCert
	})
}

func TestSocketsAuthenticateAfterTheHandshake(t *testing.T) {
	w := postLine(t)
	w.run()
	request, err := w.s.tls.RequestClientCertificate(tls.RequireAndVerifyClientCert)
	if err != nil {
		t.Fatal(err)
	}
	w.run()
	if !w.s.tls.Advance() {
		t.Error("the answer is no news")
	}
	a, ok := w.s.tls.ClientCertificateAnswer()
	if !ok || a.Request != request || !a.Presented || !w.s.tls.ConnectionState().PeerVerified {
		t.Fatalf("%+v %v: %v, %v", a, ok, w.c.tls.Err(), w.s.tls.Err())
	}
	if w.s.tls.Advance() {
		t.Error("the answer is news when it was taken")
	}
	w.s.tls.Abort()
	if _, err := w.s.tls.RequestClientCertificate(tls.RequestClientCert); err == nil || errors.Is(err, ErrWouldBlock) {
		t.Error(err)
	}
}

func TestSocketOfAClientThatMustShowItself(t *testing.T) {
	w := postLine(t)
	w.c.tls.eng.cfg.Certificates = nil
	w.c.tls.eng.prep.identities = nil
	w.run()
	if _, err := w.s.tls.RequestClientCertificate(tls.RequireAnyClientCert); err != nil {
		t.Fatal(err)
	}
	w.run()
	if a := alertOf(w.c.tls.Err()); a == nil || a.Alert != AlertCertificateRequired || !a.FromPeer || !errors.Is(w.s.tls.Err(), ErrNoClientCertificate) {
		t.Fatal(w.c.tls.Err(), w.s.tls.Err())
	}
}
