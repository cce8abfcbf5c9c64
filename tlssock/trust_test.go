package tlssock

import (
	"bytes"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"smoltls/x509lite"
)

// An installation has a root, an authority below it, and a client and a server that it certified, each with its chain.
type installation struct {
	root, authority, client, server testID
}

// certify makes what issuer, with the key that its name says, certifies.
func certify(t testing.TB, key, name string, issuer testID, change ...func(*x509.Certificate)) testID {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, NotBefore: epoch.Add(-time.Hour), NotAfter: epoch.Add(time.Hour),
	}
	for _, c := range change {
		c(template)
	}
	signer := keyOnce[key]()
	der, err := x509.CreateCertificate(rand.Reader, template, issuer.std, signer.Public(), issuer.cert.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	id := testID{cert: tls.Certificate{Certificate: append([][]byte{der}, issuer.cert.Certificate...), PrivateKey: signer}}
	if id.leaf, err = x509lite.Parse(der); err == nil {
		id.std, err = x509.ParseCertificate(der)
	}
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func isAuthority(c *x509.Certificate) { c.BasicConstraintsValid, c.IsCA, c.DNSNames = true, true, nil }

func forName(name string) func(*x509.Certificate) {
	return func(c *x509.Certificate) { c.DNSNames = []string{name} }
}

func newInstallation(t testing.TB, key string, change ...func(*x509.Certificate)) (i installation) {
	t.Helper()
	i.root = makeID(t, key, "root", isAuthority, func(c *x509.Certificate) { c.KeyUsage, c.ExtKeyUsage = x509.KeyUsageCertSign, nil })
	above := i.root
	above.cert.Certificate = nil // a root is not sent
	i.authority = certify(t, key, "authority", above, append([]func(*x509.Certificate){isAuthority}, change...)...)
	i.client = certify(t, key, testClientName, i.authority, forName(testClientName))
	i.server = certify(t, key, testServerName, i.authority, forName(testServerName))
	return i
}

func (i installation) roots() *x509lite.Roots { return x509lite.NewRoots(i.root.leaf) }

// certified lets both ends of a pair know each other by the installation.
func (i installation) certified(c, s *Config) {
	c.Trust, s.Trust, c.RootCAs, s.ClientCAs = nil, nil, i.roots(), i.roots()
	c.Certificates, s.Certificates = []tls.Certificate{i.client.cert}, []tls.Certificate{i.server.cert}
}

func pathOf(cs ConnectionState) string {
	var names []string
	for _, chain := range cs.VerifiedChains {
		for _, c := range chain {
			names = append(names, strings.TrimPrefix(c.Subject(), "CN="))
		}
		names = append(names, ".")
	}
	return strings.Join(names, " ")
}

func TestBothEndsKnowEachOtherByAnAuthority(t *testing.T) {
	for _, key := range keyNames {
		i := newInstallation(t, key)
		p := newPair(t, i.certified)
		p.mustHandshake()
		p.exchange("certified")
		c, s := p.client.ConnectionState(), p.server.ConnectionState()
		if got, want := pathOf(c), testServerName+" authority root ."; got != want || !c.PeerVerified || c.VerifiedChains[0][0] != c.PeerCertificates[0] {
			t.Errorf("%s: the client went %q", key, got)
		}
		if got, want := pathOf(s), testClientName+" authority root ."; got != want || !s.PeerVerified {
			t.Errorf("%s: the server went %q", key, got)
		}
	}
}

func TestPinnedAndUnverifiedPeersHaveNoPath(t *testing.T) {
	p := newPair(t)
	p.mustHandshake()
	if p.client.ConnectionState().VerifiedChains != nil || p.server.ConnectionState().VerifiedChains != nil {
		t.Error("pinned, with a path")
	}
	i := newInstallation(t, "Ed25519")
	p = newPair(t, i.certified, func(c, s *Config) { c.InsecureSkipVerify, s.ClientAuth = true, tls.RequireAnyClientCert })
	p.mustHandshake()
	if c, s := p.client.ConnectionState(), p.server.ConnectionState(); c.VerifiedChains != nil || s.VerifiedChains != nil || c.PeerVerified || s.PeerVerified {
		t.Error("not verified, with a path")
	}
}

func TestPathsAreFoundAgainWhenASessionGoesOn(t *testing.T) {
	i := newInstallation(t, "Ed25519")
	other := newInstallation(t, "P-256") // with the same names
	p := newPair(t, i.certified, func(c, s *Config) { c.ClientSessionCache = NewLRUClientSessionCache(4) })
	p.mustHandshake()
	p.restart()
	p.mustHandshake()
	c, s := p.client.ConnectionState(), p.server.ConnectionState()
	if !c.DidResume || pathOf(c) != testServerName+" authority root ." || pathOf(s) != testClientName+" authority root ." {
		t.Errorf("resumed %v: %q and %q", c.DidResume, pathOf(c), pathOf(s))
	}
	p.serverCfg = p.serverCfg.Clone()
	p.serverCfg.ClientCAs = other.roots()
	p.restart()
	p.handshake()
	p.wantAlert(p.server, AlertBadCertificate)
	if p.server.ConnectionState().DidResume {
		t.Error("went on with a client that is not known any more")
	}
}

func TestCertifiedPeersThatAreRefused(t *testing.T) {
	good := newInstallation(t, "Ed25519")
	expired := newInstallation(t, "Ed25519", func(c *x509.Certificate) { c.NotAfter = epoch.Add(-time.Second) })
	narrow := newInstallation(t, "Ed25519", func(c *x509.Certificate) {
		c.PermittedDNSDomainsCritical, c.PermittedDNSDomains = true, []string{"other"}
	})
	short := newInstallation(t, "Ed25519", func(c *x509.Certificate) { c.IsCA = false })
	clients := newInstallation(t, "Ed25519", func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} })
	for _, c := range []struct {
		name   string
		i      installation
		change func(c, s *Config)
		alert  Alert
		err    error
	}{
		{"root of the same name", good, func(c, s *Config) { c.RootCAs = newInstallation(t, "P-256").roots() }, AlertBadCertificate, x509lite.ErrSignature},
		{"unknown root", good, func(c, s *Config) { c.RootCAs = x509lite.NewRoots(makeID(t, "P-256", "x", isAuthority).leaf) }, AlertUnknownCA, x509lite.ErrUnknownAuthority},
		{"no root", good, func(c, s *Config) { c.RootCAs = x509lite.NewRoots() }, AlertUnknownCA, x509lite.ErrUnknownAuthority},
		{"authority not sent", good, func(c, s *Config) { s.Certificates[0].Certificate = s.Certificates[0].Certificate[:1] }, AlertUnknownCA, x509lite.ErrUnknownAuthority},
		{"expired authority", expired, nil, AlertCertificateExpired, x509lite.ErrExpired},
		{"authority for other names", narrow, nil, AlertBadCertificate, x509lite.ErrNameConstraint},
		{"no authority", short, nil, AlertBadCertificate, x509lite.ErrNotAuthority},
		{"authority for clients", clients, nil, AlertUnsupportedCertificate, x509lite.ErrExtKeyUsage},
		{"other name", good, func(c, s *Config) { c.ServerName = "other.example" }, AlertBadCertificate, x509lite.ErrNameMismatch},
		{"more signatures than are verified", good, func(c, s *Config) { c.Limits.CertificateSignatures = 1 }, AlertBadCertificate, x509lite.ErrTooLarge},
	} {
		change := c.change
		if change == nil {
			change = func(_, _ *Config) {}
		}
		p := newPair(t, c.i.certified, change)
		p.handshake()
		p.wantAlert(p.client, c.alert)
		var ve *x509lite.VerifyError
		if !errors.Is(p.client.Err(), c.err) || !errors.As(p.client.Err(), &ve) || ve.Cert == nil {
			t.Errorf("%s: %v", c.name, p.client.Err())
		}
	}
	p := newPair(t, good.certified, func(c, s *Config) { s.ClientCAs = x509lite.NewRoots() })
	p.handshake()
	p.wantAlert(p.server, AlertUnknownCA)
}

func TestWhomAConfigAccepts(t *testing.T) {
	i := newInstallation(t, "Ed25519")
	roots, certs := i.roots(), []tls.Certificate{i.server.cert}
	bad := x509lite.NewRoots(nil)
	for _, c := range []struct {
		name string
		cfg  *Config
		role Role
		want error // nil: it may be used
	}{
		{"roots and a name", &Config{RootCAs: roots, ServerName: "x"}, RoleClient, nil},
		{"roots without a name", &Config{RootCAs: roots}, RoleClient, errNoServerName},
		{"roots in Trust without a name", &Config{Trust: x509lite.AnyOf(i.root.pin(), x509lite.PathTo(roots))}, RoleClient, errNoServerName},
		{"pins without a name", &Config{Trust: i.root.pin()}, RoleClient, nil},
		{"roots and Trust", &Config{Trust: i.root.pin(), RootCAs: roots, ServerName: "x"}, RoleClient, errTwoTrusts},
		{"roots for the other role", &Config{Trust: i.root.pin(), ClientCAs: roots}, RoleClient, nil},
		{"a server's roots for a client", &Config{ClientCAs: roots, ServerName: "x"}, RoleClient, errNoTrust},
		{"no verification", &Config{RootCAs: roots, InsecureSkipVerify: true}, RoleClient, nil},
		{"unusable roots", &Config{RootCAs: bad, ServerName: "x"}, RoleClient, ErrConfig},
		{"server", &Config{ClientCAs: roots, Certificates: certs, ClientAuth: tls.RequireAndVerifyClientCert}, RoleServer, nil},
		{"server with a client's roots", &Config{RootCAs: roots, Certificates: certs, ClientAuth: tls.VerifyClientCertIfGiven}, RoleServer, errNoTrust},
		{"server with both", &Config{Trust: i.root.pin(), ClientCAs: roots, Certificates: certs, ClientAuth: tls.RequireAndVerifyClientCert}, RoleServer, errTwoTrusts},
		{"server that verifies nobody", &Config{ClientCAs: bad, Certificates: certs, ClientAuth: tls.RequestClientCert}, RoleServer, nil},
	} {
		if err := c.cfg.Check(c.role); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// A server says which authorities it accepts, as that of crypto/tls does; a client does not.
func TestClientCAsAreTheDefaultOfCertificateAuthorities(t *testing.T) {
	i := newInstallation(t, "Ed25519")
	names := func(change func(c, s *Config)) (told [][]byte) {
		p := newPair(t, i.certified, func(c, s *Config) {
			c.VerifyConnection = func(cs ConnectionState) error { told = cs.PeerCertificateAuthorities; return nil }
			s.VerifyConnection = func(cs ConnectionState) error {
				if cs.PeerCertificateAuthorities != nil {
					t.Error("the client named authorities")
				}
				return nil
			}
		}, change)
		p.mustHandshake()
		return told
	}
	if got := names(func(c, s *Config) {}); len(got) != 1 || !bytes.Equal(got[0], i.root.leaf.RawSubject) {
		t.Errorf("by default: %x", got)
	}
	if got := names(func(c, s *Config) { s.CertificateAuthorities = [][]byte{} }); got != nil {
		t.Errorf("none: %x", got)
	}
	if got := names(func(c, s *Config) { s.CertificateAuthorities = [][]byte{i.authority.leaf.RawSubject} }); len(got) != 1 || !bytes.Equal(got[0], i.authority.leaf.RawSubject) {
		t.Errorf("others: %x", got)
	}
	trust := x509lite.PathTo(i.roots())
	if got := names(func(c, s *Config) { s.ClientCAs, s.Trust = nil, trust }); len(got) != 1 {
		t.Errorf("roots in Trust: %x", got)
	}
	if got := names(func(c, s *Config) { s.ClientCAs, s.Trust = nil, x509lite.AnyOf(trust, i.root.pin()) }); got != nil {
		t.Errorf("roots and pins: %x", got)
	}
	var many []*x509lite.Certificate
	for n := range 700 {
		many = append(many, makeID(t, "Ed25519", fmt.Sprint(strings.Repeat("x", 90), n), isAuthority).leaf)
	}
	if got := names(func(c, s *Config) { s.ClientCAs = x509lite.NewRoots(append(many, i.root.leaf)...) }); got != nil {
		t.Errorf("more than fit: %d", len(got))
	}
}

func TestAuthoritiesAgainstCryptoTLS(t *testing.T) {
	for _, key := range keyNames {
		i := newInstallation(t, key)
		pool := stdPool(i.root)
		p := newStdPeer(t, &Env{Now: epoch}, &Config{RootCAs: i.roots(), ServerName: testServerName, Certificates: []tls.Certificate{i.client.cert}}, RoleClient,
			&tls.Config{Certificates: []tls.Certificate{i.server.cert}, ClientCAs: pool, ClientAuth: tls.RequireAndVerifyClientCert})
		p.mustEcho()
		if ours, theirs := p.eng.ConnectionState().VerifiedChains, p.std.ConnectionState().VerifiedChains; len(ours) != 1 || len(theirs) != 1 || len(ours[0]) != len(theirs[0]) {
			t.Errorf("%s: we went %v, they went %v", key, ours, theirs)
		}
		p = newStdPeer(t, &Env{Now: epoch}, &Config{ClientCAs: i.roots(), ClientAuth: tls.RequireAndVerifyClientCert, Certificates: []tls.Certificate{i.server.cert}}, RoleServer,
			&tls.Config{Certificates: []tls.Certificate{i.client.cert}, RootCAs: pool, ServerName: testServerName})
		p.mustEcho()
		if got := pathOf(p.eng.ConnectionState()); got != testClientName+" authority root ." {
			t.Errorf("%s: our server went %q", key, got)
		}
	}
	i, other := newInstallation(t, "P-256"), newInstallation(t, "P-256-other")
	p := newStdPeer(t, &Env{Now: epoch}, &Config{RootCAs: other.roots(), ServerName: testServerName}, RoleClient, &tls.Config{Certificates: []tls.Certificate{i.server.cert}})
	if ours, theirs := p.echo(); !errors.Is(ours, x509lite.ErrSignature) || theirs == nil {
		t.Errorf("another root of that name: %v, %v", ours, theirs)
	}
}

func TestAuthoritiesAgainstOpenSSL(t *testing.T) {
	program := openssl(t)
	for _, key := range keyNames {
		i := newInstallation(t, key)
		rootFile, _ := pemFiles(t, i.root)
		clientCert, clientKey := pemFiles(t, i.client)
		serverCert, serverKey := pemFiles(t, i.server)
		now := fmt.Sprint(epoch.Unix())

		withServer(t, program, []string{"-cert", serverCert, "-cert_chain", serverCert, "-key", serverKey, "-CAfile", rootFile, "-Verify", "3", "-verify_return_error", "-attime", now}, func(conn net.Conn) {
			cs := askLine(t, conn, &Config{Certificates: []tls.Certificate{i.client.cert}, RootCAs: i.roots(), ServerName: testServerName}).ConnectionState()
			if got := pathOf(cs); got != testServerName+" authority root ." || !cs.PeerVerified {
				t.Errorf("%s: our client went %q", key, got)
			}
		})
		out := withClient(t, program, []string{"-cert", clientCert, "-cert_chain", clientCert, "-key", clientKey, "-CAfile", rootFile, "-verify_return_error", "-verify_hostname", testServerName,
			"-attime", now}, func(conn net.Conn) {
			cs := serveLine(t, conn, &Config{Certificates: []tls.Certificate{i.server.cert}, ClientCAs: i.roots(), ClientAuth: tls.RequireAndVerifyClientCert}).ConnectionState()
			if got := pathOf(cs); got != testClientName+" authority root ." || !cs.PeerVerified {
				t.Errorf("%s: our server went %q", key, got)
			}
		})
		if !strings.Contains(out, "Verify return code: 0 (ok)") || !strings.Contains(out, "CN=root") && !strings.Contains(out, "CN = root") {
			t.Errorf("%s: s_client:\n%s", key, out)
		}
	}
}
