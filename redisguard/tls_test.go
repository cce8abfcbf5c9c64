package redisguard

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"smoltls/x509lite"
)

// freePort gives a port that nobody had a moment ago.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func TestRedisOverTLSIsTheOneThatIsTrusted(t *testing.T) {
	id, err := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: time.Now(), Names: []string{"redis.test"}})
	if err != nil {
		t.Fatal(err)
	}
	key, err := id.PrivateKeyPEM()
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile := filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	if err := errors.Join(os.WriteFile(certFile, id.CertificatePEM(), 0o600), os.WriteFile(keyFile, key, 0o600)); err != nil {
		t.Fatal(err)
	}
	port := freePort(t)
	s := startRedis(t, "--tls-port", port, "--tls-cert-file", certFile, "--tls-key-file", keyFile, "--tls-ca-cert-file", certFile, "--tls-auth-clients", "no")
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(id.CertificatePEM())
	for name, want := range map[string]bool{"redis.test": true, "other.test": false} {
		g := s.guard(func(c *Config) {
			c.URL, c.TLS = "rediss://127.0.0.1:"+port, &tls.Config{RootCAs: roots, ServerName: name}
		})
		if got := accepts(g, hello(1)); got != want || (g.Stats().Failed == 0) != want {
			t.Errorf("%s: %v, %+v", name, got, g.Stats())
		}
	}
	if g := s.guard(func(c *Config) { c.URL = "rediss://127.0.0.1:" + port }); accepts(g, hello(2)) || g.Stats().Failed != 1 {
		t.Errorf("accepted by whom the system does not trust: %+v", g.Stats())
	}
}
