package tlssock

import (
	"crypto/tls"
	"encoding/pem"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"smoltls/internal/nstest"
)

// listenHere waits for a program on a port of this machine.
func listenHere(t *testing.T) (l net.Listener, port string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err = net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return l, port
}

// withGnuTLS runs gnutls-cli, which sends a line, against server. It gives what gnutls-cli prints.
func withGnuTLS(t *testing.T, args []string, server func(net.Conn)) string {
	t.Helper()
	program := nstest.Program(t, "gnutls-cli")
	listener, port := listenHere(t)
	return withProgram(t, exec.CommandContext(patience(t), program, append([]string{"--port", port, "--no-ca-verification", "127.0.0.1"}, args...)...), listener, server)
}

// Both ends with raw public keys: which key the server must have, our server says; gnutls-cli says which it has seen.
func TestRawPublicKeysAgainstGnuTLS(t *testing.T) {
	nstest.Program(t, "gnutls-cli")
	client, server := makeID(t, "P-256", testClientName), makeID(t, "P-384", testServerName)
	_, key := pemFiles(t, client)
	public := filepath.Join(t.TempDir(), "public.pem")
	if err := os.WriteFile(public, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: client.leaf.RawSPKI}), 0o600); err != nil {
		t.Fatal(err)
	}
	raw, _ := rawOf(server)
	_, trust := rawOf(client)
	out := withGnuTLS(t, []string{
		"--rawpkkeyfile", key, "--rawpkfile", public, "--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CTYPE-ALL:+CTYPE-CLI-RAWPK:+CTYPE-SRV-RAWPK",
	}, func(conn net.Conn) {
		cs := serveLine(t, conn, &Config{
			Certificates: []tls.Certificate{raw}, Trust: trust, PeerCertificateTypes: rawOnly, ClientAuth: tls.RequireAndVerifyClientCert,
		}).ConnectionState()
		if cs.PeerRawPublicKey == nil || !cs.PeerVerified || cs.LocalRawPublicKey == nil {
			t.Errorf("%+v", cs)
		}
	})
	if !strings.Contains(out, "Raw Public Key") || !strings.Contains(out, strings.TrimSpace(lineBack)) {
		t.Errorf("gnutls-cli:\n%s", out)
	}
}
