package tlssock

import (
	"crypto/tls"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
)

// s_server asks our client on its command "c", and lets go of one that it does not trust; data flows before and after.
func TestOpenSSLServerAsksOurClientAfterTheHandshake(t *testing.T) {
	program := openssl(t, "-enable_pha", "-attime", "-verify_return_error")
	id := makeID(t, "P-256", testServerName)
	cert, key := pemFiles(t, id)
	for _, name := range keyNames {
		for _, trusted := range []bool{true, false} {
			own := makeID(t, name, testClientName)
			ca, _ := pemFiles(t, own)
			if !trusted {
				ca = cert
			}
			interactive(t, program, []string{
				"-cert", cert, "-key", key, "-CAfile", ca, "-verify_return_error", "-attime", strconv.FormatInt(epoch.Unix(), 10), "-naccept", "1",
			}, func(address string, stdin io.Writer) {
				conn, err := net.Dial("tcp", address)
				if err != nil {
					t.Fatal(err)
				}
				p := newSocketPeer(t, conn, &Config{
					Trust: id.pin(), ServerName: testServerName, Certificates: []tls.Certificate{own.cert}, PostHandshakeAuth: true, IgnoreAuthorities: true,
				}, RoleClient)
				says := func(word string) error {
					io.WriteString(stdin, word+"\n")
					return p.until(func() bool { return strings.HasSuffix(p.got.String(), word+"\n") })
				}
				if err := says("before"); err != nil || p.eng.ConnectionState().LocalCertificate != nil {
					t.Fatal(err)
				}
				p.send("before\n")
				io.WriteString(stdin, "c\n")
				if err := p.until(func() bool { return p.eng.ConnectionState().LocalCertificate != nil }); err != nil {
					t.Fatal(name, trusted, err)
				}
				if err := p.eng.KeyUpdate(true); err != nil { // answered when what is before it has been read
					t.Fatal(err)
				}
				for err = nil; err == nil && p.eng.env.Stats.KeyUpdatesIn == 0; { // it answers before the next that it writes
					err = says("after")
					p.got.Reset()
				}
				if a := alertOf(p.eng.Err()); trusted != (err == nil) || !trusted && (a == nil || !a.FromPeer) {
					t.Errorf("%s, trusted %v: %v", name, trusted, err)
				}
			})
		}
	}
}

// Our server asks s_client twice.
func TestOurServerAsksOpenSSLClientAfterTheHandshake(t *testing.T) {
	program := openssl(t, "-enable_pha")
	id := makeID(t, "P-256", testServerName)
	for _, name := range keyNames {
		own := makeID(t, name, testClientName)
		cert, key := pemFiles(t, own)
		cfg := &Config{Certificates: []tls.Certificate{id.cert}, Trust: own.pin(), PostHandshakeAuth: true}
		printed := withClient(t, program, []string{"-cert", cert, "-key", key, "-enable_pha"}, func(conn net.Conn) {
			p := newSocketPeer(t, conn, cfg, RoleServer)
			if err := p.until(p.eng.HandshakeComplete); err != nil {
				t.Error(err)
				return
			}
			for n := range 2 {
				if err := p.eng.KeyUpdate(true); err != nil {
					t.Error(err)
				}
				request, err := p.eng.RequestClientCertificate(tls.RequireAndVerifyClientCert)
				if err == nil {
					err = p.until(p.eng.hasAnswer)
				}
				a, ok := p.eng.ClientCertificateAnswer()
				if err != nil || !ok || a.Request != request || !a.Presented || !a.ConnectionState.PeerVerified {
					t.Errorf("%s, request %d: %v, %+v", name, n, err, a)
					return
				}
			}
			if err := p.until(func() bool { return strings.Contains(p.got.String(), "\n") }); err != nil || p.got.String() != lineForth {
				t.Errorf("%v, got %q", err, p.got.String())
			}
			p.send(lineBack)
			p.eng.CloseWrite()
			_ = p.until(func() bool { return true })
		})
		if !strings.Contains(printed, strings.TrimSpace(lineBack)) {
			t.Errorf("%s: s_client prints\n%s", name, printed)
		}
	}
	// One that did not offer it can't be asked.
	withClient(t, program, nil, func(conn net.Conn) {
		p := newSocketPeer(t, conn, &Config{Certificates: []tls.Certificate{id.cert}, PostHandshakeAuth: true}, RoleServer)
		if err := p.until(p.eng.HandshakeComplete); err != nil {
			t.Error(err)
		}
		if _, err := p.eng.RequestClientCertificate(tls.RequestClientCert); err != ErrNoPostHandshakeAuth {
			t.Error(err)
		}
	})
}
