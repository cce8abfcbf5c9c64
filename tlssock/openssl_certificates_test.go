package tlssock

import (
	"crypto/tls"
	"fmt"
	"net"
	"strings"
	"testing"

	"smoltls/tlssock/internal/wire"
	"smoltls/x509lite"
)

// rawOf gives the key of an identity without its certificate, and trust in it.
func rawOf(id testID) (tls.Certificate, *x509lite.Trust) {
	return tls.Certificate{PrivateKey: id.cert.PrivateKey}, x509lite.PinSPKI(id.leaf.SPKIHash())
}

// Raw public keys of both ends, each pinned by the other, with OpenSSL in either role.
func TestRawPublicKeysAgainstOpenSSL(t *testing.T) {
	program := openssl(t, "-enable_server_rpk", "-enable_client_rpk")
	for _, key := range keyNames {
		c, s := makeID(t, key, testClientName), makeID(t, "P-384", testServerName)
		client, clientTrust := rawOf(c)
		server, serverTrust := rawOf(s)
		clientCert, clientKey := pemFiles(t, c)
		serverCert, serverKey := pemFiles(t, s)
		pin := fmt.Sprintf("3 1 1 %x", s.leaf.SPKIHash()) // as DANE spells it (RFC 6698 §2.1)
		rpk := []string{"-enable_server_rpk", "-enable_client_rpk"}

		out := withServer(t, program, append([]string{"-cert", serverCert, "-key", serverKey, "-Verify", "1"}, rpk...), func(conn net.Conn) {
			cs := askLine(t, conn, &Config{Certificates: []tls.Certificate{client}, Trust: serverTrust, PeerCertificateTypes: rawOnly}).ConnectionState()
			if cs.PeerRawPublicKey == nil || !cs.PeerVerified || cs.LocalRawPublicKey == nil {
				t.Errorf("%s: %+v", key, cs)
			}
		})
		if !strings.Contains(out, "Peer used raw public key") {
			t.Errorf("%s: s_server saw none:\n%s", key, out)
		}

		out = withClient(t, program, append([]string{"-cert", clientCert, "-key", clientKey, "-verify_return_error",
			"-dane_tlsa_domain", testServerName, "-dane_tlsa_rrdata", pin}, rpk...), func(conn net.Conn) {
			cs := serveLine(t, conn, &Config{
				Certificates: []tls.Certificate{server}, Trust: clientTrust, PeerCertificateTypes: rawOnly, ClientAuth: tls.RequireAndVerifyClientCert,
			}).ConnectionState()
			if cs.PeerRawPublicKey == nil || !cs.PeerVerified || cs.LocalRawPublicKey == nil {
				t.Errorf("%s: %+v", key, cs)
			}
		})
		if !strings.Contains(out, "Verification: OK") || !strings.Contains(out, strings.TrimSpace(lineBack)) {
			t.Errorf("%s: s_client:\n%s", key, out)
		}
	}
}

// OpenSSL's certificates are decompressed here, and ours there.
func TestCertificateCompressionAgainstOpenSSL(t *testing.T) {
	program := openssl(t, "-no_rx_cert_comp")
	id := longChain(t, testServerName)
	cert, key := pemFiles(t, id)
	withServer(t, program, []string{"-cert", cert, "-cert_chain", cert, "-key", key, "-cert_comp"}, func(conn net.Conn) {
		p := newSocketPeer(t, conn, &Config{Trust: id.pin()}, RoleClient)
		compressed := false
		if err := p.eng.Start(); err != nil {
			t.Fatal(err)
		}
		p.eng.state = &spy{p.eng.state, func(m message) { compressed = compressed || m.typ == wire.TypeCompressedCertificate }}
		if err := p.until(p.eng.HandshakeComplete); err != nil || !compressed {
			t.Errorf("%v; compressed: %v", err, compressed)
		}
	})
	for _, algorithms := range [][]CertificateCompression{nil, {}} {
		out := withClient(t, program, []string{"-msg"}, func(conn net.Conn) {
			serveLine(t, conn, &Config{Certificates: []tls.Certificate{id.cert}, CertificateCompression: algorithms})
		})
		if got := strings.Contains(out, "CompressedCertificate"); got != (algorithms == nil) || !strings.Contains(out, strings.TrimSpace(lineBack)) {
			t.Errorf("s_client saw a compressed certificate: %v\n%s", got, out)
		}
	}
}

// s_client asks for a stapled response and shows what came, whatever it is.
func TestStaplesAgainstOpenSSL(t *testing.T) {
	program := openssl(t)
	id := makeID(t, "P-256", testServerName)
	for _, with := range []bool{true, false} {
		cert := id.cert
		if with {
			cert.OCSPStaple = []byte{0x30, 3, 10, 1, 6} // OCSPResponse: unauthorized (RFC 6960 §4.2.1)
		}
		out := withClient(t, program, []string{"-status"}, func(conn net.Conn) { serveLine(t, conn, &Config{Certificates: []tls.Certificate{cert}}) })
		if got := strings.Contains(out, "OCSP Response Status: unauthorized"); got != with {
			t.Errorf("stapled %v, s_client saw it: %v\n%s", with, got, out)
		}
	}
}

// What we would accept is what s_client shows.
func TestCertificateAuthoritiesAgainstOpenSSL(t *testing.T) {
	program := openssl(t)
	id := makeID(t, "P-256", testServerName)
	out := withClient(t, program, nil, func(conn net.Conn) {
		serveLine(t, conn, &Config{
			Certificates: []tls.Certificate{id.cert}, ClientAuth: tls.RequestClientCert,
			CertificateAuthorities: [][]byte{makeID(t, "P-256", "authority of note").leaf.RawSubject},
		})
	})
	if !strings.Contains(out, "authority of note") {
		t.Errorf("s_client:\n%s", out)
	}
}
