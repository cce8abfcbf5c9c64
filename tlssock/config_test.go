package tlssock

import (
	"crypto/tls"
	"errors"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"smoltls/x509lite"
)

func TestConfigsThatCannotWork(t *testing.T) {
	id, other := makeID(t, "P-256", testServerName), makeID(t, "Ed25519", testServerName)
	certs := []tls.Certificate{id.cert}
	wrongKey := tls.Certificate{Certificate: id.cert.Certificate, PrivateKey: other.cert.PrivateKey}
	for _, c := range []struct {
		name string
		cfg  *Config
		role Role
		err  error
	}{
		{"no Config", nil, RoleClient, nil},
		{"client without Trust", &Config{}, RoleClient, errNoTrust},
		{"server without certificate", &Config{}, RoleServer, errNoIdentity},
		{"server that verifies nobody", &Config{Certificates: certs, ClientAuth: tls.RequireAndVerifyClientCert}, RoleServer, errNoTrust},
		{"ClientAuth", &Config{Certificates: certs, ClientAuth: 9}, RoleServer, nil},
		{"role", &Config{InsecureSkipVerify: true}, 7, errRole},
		{"broken Trust", &Config{Trust: x509lite.Pin(nil)}, RoleClient, nil},
		{"neither chain nor key", &Config{Certificates: []tls.Certificate{{}}}, RoleServer, nil},
		{"empty certificate", &Config{Certificates: []tls.Certificate{{Certificate: [][]byte{{}}, PrivateKey: id.cert.PrivateKey}}}, RoleServer, x509lite.ErrMalformed},
		{"peer's certificate type", &Config{InsecureSkipVerify: true, PeerCertificateTypes: []CertificateType{1}}, RoleClient, nil},
		{"signature scheme", &Config{InsecureSkipVerify: true, SignatureSchemes: []tls.SignatureScheme{tls.PKCS1WithSHA256}}, RoleClient, nil},
		{"no signature scheme", &Config{InsecureSkipVerify: true, SignatureSchemes: []tls.SignatureScheme{}}, RoleClient, nil},
		{"empty authority", &Config{InsecureSkipVerify: true, CertificateAuthorities: [][]byte{nil}}, RoleClient, nil},
		{"own certificate type", &Config{InsecureSkipVerify: true, OwnCertificateTypes: []CertificateType{0, 3}}, RoleClient, nil},
		{"no key", &Config{Certificates: []tls.Certificate{{Certificate: id.cert.Certificate}}}, RoleServer, nil},
		{"wrong key", &Config{Certificates: []tls.Certificate{wrongKey}}, RoleServer, x509lite.ErrKeyMismatch},
		{"garbage", &Config{Certificates: []tls.Certificate{{Certificate: [][]byte{{1}}, PrivateKey: id.cert.PrivateKey}}}, RoleServer, x509lite.ErrMalformed},
		{"suite", &Config{InsecureSkipVerify: true, CipherSuites: []uint16{0xc02f}}, RoleClient, nil},
		{"no suite", &Config{InsecureSkipVerify: true, CipherSuites: []uint16{}}, RoleClient, nil},
		{"group", &Config{InsecureSkipVerify: true, CurvePreferences: []tls.CurveID{0x0100}}, RoleClient, nil},
		{"no group", &Config{InsecureSkipVerify: true, CurvePreferences: []tls.CurveID{}}, RoleClient, nil},
		{"empty protocol", &Config{InsecureSkipVerify: true, NextProtos: []string{""}}, RoleClient, nil},
		{"long protocol", &Config{InsecureSkipVerify: true, NextProtos: []string{strings.Repeat("x", 256)}}, RoleClient, nil},
		{"long name", &Config{InsecureSkipVerify: true, ServerName: strings.Repeat("x", 256)}, RoleClient, nil},
		{"name with a space", &Config{InsecureSkipVerify: true, ServerName: "a b"}, RoleClient, nil},
	} {
		err := c.cfg.Check(c.role)
		if !errors.Is(err, ErrConfig) || c.err != nil && !errors.Is(err, c.err) {
			t.Errorf("%s: %v", c.name, err)
		}
		if _, again := NewEngine(&Env{}, c.cfg, c.role); !errors.Is(again, ErrConfig) {
			t.Errorf("%s: NewEngine: %v", c.name, again)
		}
	}
	if err := (&Config{Certificates: certs, Trust: id.pin()}).Check(RoleServer); err != nil {
		t.Error(err)
	}
}

// There is no zero value that turns a check off.
func TestZeroConfigTrustsNobody(t *testing.T) {
	if err := new(Config).Check(RoleClient); !errors.Is(err, errNoTrust) {
		t.Error(err)
	}
}

func TestCloneCopiesEverySetting(t *testing.T) {
	cfg := &Config{
		Rand: strings.NewReader(""), Certificates: []tls.Certificate{{}}, Trust: x509lite.Pin(), ClientAuth: 1, ServerName: "x",
		RejectUnknownServerName: true, NextProtos: []string{"x"}, CipherSuites: []uint16{1}, CurvePreferences: []tls.CurveID{1}, KeyShares: []tls.CurveID{1},
		KeyLogWriter: &strings.Builder{}, VerifyConnection: func(ConnectionState) error { return nil }, InsecureSkipVerify: true,
		DelegatedCredentials: []DelegatedCredential{{}}, OCSPStaplingDisabled: true, SCTsDisabled: true, SignatureSchemes: []tls.SignatureScheme{1}, CertificateAuthorities: [][]byte{{1}}, CertificateCompression: []CertificateCompression{},
		OwnCertificateTypes: []CertificateType{0}, PeerCertificateTypes: []CertificateType{0}, RequireOwnCertificate: true, EqualCurves: []tls.CurveID{1}, IgnoreAuthorities: true,
		SessionTicketsDisabled: true, SessionTickets: 1, ClientSessionCache: NewLRUClientSessionCache(1), SessionCacheKey: "x",
		MinRSABits: 1, MaxRecordSize: 64, MaxSendRecordSize: 64, RecordPadding: 1, DynamicRecordSizingDisabled: true, Limits: Limits{Tickets: 1},
		ExternalPSKs: []ExternalPSK{{}}, GetExternalPSK: func([]byte) *ExternalPSK { return nil }, PreferCertificates: true, PostHandshakeAuth: true, Logger: slog.Default(),
		RootCAs: x509lite.NewRoots(), ClientCAs: x509lite.NewRoots(), PSKModes: []PSKMode{PSKWithoutDHE}, EnableEarlyData: true, ResendEarlyData: true, MaxEarlyData: 1, ReplayGuard: refuser{},
		EncryptedClientHelloConfigList: []byte{1}, EncryptedClientHelloRejectionVerify: func(ConnectionState) error { return nil },
		GetEncryptedClientHelloKeys: func(*tls.ClientHelloInfo) ([]tls.EncryptedClientHelloKey, error) { return nil, nil },
		EncryptedClientHelloKeys:    []tls.EncryptedClientHelloKey{{}}, EncryptedClientHelloGREASE: true, GREASE: true,
		GetCertificate:       func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return nil, nil },
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return nil, nil },
		GetConfigForClient:   func(*tls.ClientHelloInfo) (*Config, error) { return nil, nil },
	}
	a, b := reflect.ValueOf(cfg).Elem(), reflect.ValueOf(cfg.Clone()).Elem()
	for i := range a.NumField() {
		f := a.Type().Field(i)
		if !f.IsExported() {
			continue
		}
		if a.Field(i).IsZero() || b.Field(i).IsZero() {
			t.Errorf("%s is not set or not cloned", f.Name)
		}
	}
}
