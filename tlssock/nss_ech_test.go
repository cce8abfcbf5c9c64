package tlssock

import (
	"crypto/tls"
	"encoding/base64"
	"net"
	"os/exec"
	"strings"
	"testing"

	"smoltls/internal/nstest"
)

// withNSS runs NSS' client, which leaves after the handshake and trusts everybody, against server. It gives what it
// prints.
func withNSS(t *testing.T, args []string, server func(net.Conn)) string {
	t.Helper()
	program := nstest.Program(t, "tstclnt")
	listener, port := listenHere(t)
	args = append([]string{"-h", "127.0.0.1", "-p", port, "-a", testServerName, "-D", "-o", "-Q", "-V", "tls1.3:tls1.3", "-I", "x25519,P256"}, args...)
	return withProgram(t, exec.CommandContext(patience(t), program, args...), listener, server)
}

// NSS encrypts its hello to our key, with and without a HelloRetryRequest, and looks as if.
func TestEncryptedHellosOfNSS(t *testing.T) {
	w := newECHWorld(t, 0)
	for _, group := range []tls.CurveID{tls.X25519, tls.CurveP256} {
		for _, encrypted := range []bool{true, false} {
			args := []string{"-i", "100"}
			if encrypted {
				args = []string{"-N", base64.StdEncoding.EncodeToString(w.list)}
			}
			withNSS(t, args, func(conn net.Conn) {
				cfg := w.ourServer()
				cfg.ClientAuth, cfg.CurvePreferences = tls.NoClientCert, []tls.CurveID{group}
				p := newSocketPeer(t, conn, cfg, RoleServer)
				err := p.until(p.eng.HandshakeComplete)
				cs := p.eng.ConnectionState()
				if err != nil || cs.ECHAccepted != encrypted || cs.ServerName != testServerName || cs.HelloRetryRequest != (group == tls.CurveP256) {
					t.Errorf("%v: %v, %+v", group, err, cs)
				}
			})
		}
	}
}

// NSS learns our retry configurations.
func TestNSSIsRejected(t *testing.T) {
	w := newECHWorld(t, 0)
	_, stale := newECHKey(t, ECHKeyOptions{PublicName: testPublicName})
	out := withNSS(t, []string{"-N", base64.StdEncoding.EncodeToString(stale)}, func(conn net.Conn) {
		cfg := w.ourServer()
		cfg.ClientAuth = tls.NoClientCert
		p := newSocketPeer(t, conn, cfg, RoleServer)
		err := p.until(func() bool { return false })
		if a := alertOf(p.eng.Err()); a == nil || a.Alert != AlertECHRequired || !a.FromPeer {
			t.Errorf("our server: %v", err)
		}
	})
	if !strings.Contains(out, "SSL_ERROR_ECH_RETRY_WITH_ECH") || !strings.Contains(strings.ReplaceAll(out, "\n", ""), base64.StdEncoding.EncodeToString(w.list)) {
		t.Errorf("NSS:\n%s", out)
	}
}
