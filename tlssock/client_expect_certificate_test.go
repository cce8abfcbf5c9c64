package tlssock

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"testing"
	"time"

	"smoltls/tlssock/internal/wire"
	"smoltls/x509lite"
)

func TestCertificateRequestDefects(t *testing.T) {
	for _, c := range []struct {
		name string
		msg  wire.CertificateRequest
		want Alert
	}{
		{"no signature_algorithms", wire.CertificateRequest{}, AlertMissingExtension},
		{"context", wire.CertificateRequest{Context: []byte("c")}, AlertDecodeError},
		{"empty signature_algorithms", wire.CertificateRequest{Has: wire.SetOf(wire.ExtSignatureAlgorithms)}, AlertDecodeError},
		{"empty certificate_authorities", wire.CertificateRequest{Has: wire.SetOf(wire.ExtCertificateAuthorities)}, AlertDecodeError},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPair(t)
			p.beRogueServer(serverScript...).edit = replace(t, wire.TypeCertificateRequest, func() ([]byte, error) { return c.msg.Append(nil) })
			p.handshake()
			p.wantAlert(p.client, c.want)
		})
	}
}

// replace gives an edit that puts another message in the place of one type.
func replace(t *testing.T, typ wire.Type, with func() ([]byte, error)) func(wire.Type, []byte) []byte {
	return func(got wire.Type, msg []byte) []byte {
		if got != typ {
			return msg
		}
		raw, err := with()
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
}

func TestServerCertificateMessageDefects(t *testing.T) {
	id := makeID(t, "Ed25519", testServerName)
	der := id.cert.Certificate[0]
	entry := wire.AppendEntry(nil, der)
	many := wire.Entries{}
	for range DefaultCertificateChain + 1 {
		many = append(many, entry...)
	}
	withExt := append(append(wire.Entries{}, entry[:len(entry)-2]...), 0, 4, 0, 5, 0, 0)
	twice := append(append(wire.Entries{}, entry[:len(entry)-2]...), 0, 8, 0, 5, 0, 0, 0, 5, 0, 0)
	for _, c := range []struct {
		name string
		msg  wire.Certificate
		want Alert
	}{
		{"none", wire.Certificate{}, AlertDecodeError},
		{"context", wire.Certificate{Context: []byte("c"), Entries: entry}, AlertIllegalParameter},
		{"extension nobody asked for", wire.Certificate{Entries: withExt}, AlertUnsupportedExtension},
		{"extension twice", wire.Certificate{Entries: twice}, AlertDecodeError},
		{"too many", wire.Certificate{Entries: many}, AlertBadCertificate},
		{"empty certificate", wire.Certificate{Entries: wire.AppendEntry(nil, nil)}, AlertDecodeError},
		{"cut", wire.Certificate{Entries: entry[:len(entry)-1]}, AlertDecodeError},
		{"garbage", wire.Certificate{Entries: wire.AppendEntry(nil, []byte("garbage"))}, AlertDecodeError},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPair(t, func(c, s *Config) { c.Trust, s.Certificates = id.pin(), []tls.Certificate{id.cert} })
			p.beRogueServer(serverScript...).edit = replace(t, wire.TypeCertificate, func() ([]byte, error) { return c.msg.Append(nil) })
			p.handshake()
			p.wantAlert(p.client, c.want)
		})
	}
}

// serverIs gives a change of a pair that makes the server's certificate id; the client goes on trusting trust.
func serverIs(id testID, trust *x509lite.Trust) func(c, s *Config) {
	return func(c, s *Config) { s.Certificates, c.Trust = []tls.Certificate{id.cert}, trust }
}

// badCertificates are the ways in which a certificate does not pass, with the alert and the reason.
func badCertificates(t *testing.T, name string, purpose x509.ExtKeyUsage) []struct {
	name  string
	id    testID
	trust *x509lite.Trust
	alert Alert
	err   error
} {
	make := func(change func(c *x509.Certificate)) testID { return makeID(t, "P-256", name, change) }
	expired := make(func(c *x509.Certificate) { c.NotBefore, c.NotAfter = epoch.Add(-2*time.Hour), epoch.Add(-time.Hour) })
	early := make(func(c *x509.Certificate) { c.NotBefore = epoch.Add(time.Minute) })
	usage := make(func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment })
	extUsage := make(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{purpose} })
	other := makeID(t, "P-256-other", name)
	mine := makeID(t, "P-256", name)
	return []struct {
		name  string
		id    testID
		trust *x509lite.Trust
		alert Alert
		err   error
	}{
		{"wrong pin", mine, other.pin(), AlertUnknownCA, x509lite.ErrNotPinned},
		{"same name, other key", other, mine.pin(), AlertUnknownCA, x509lite.ErrNotPinned},
		{"nobody trusted", mine, x509lite.Pin(), AlertUnknownCA, x509lite.ErrNotPinned},
		{"expired", expired, expired.pin(), AlertCertificateExpired, x509lite.ErrExpired},
		{"expired, key pinned", expired, x509lite.PinSPKI(expired.leaf.SPKIHash()), AlertCertificateExpired, x509lite.ErrExpired},
		{"not yet valid", early, early.pin(), AlertCertificateExpired, x509lite.ErrNotYetValid},
		{"key usage", usage, usage.pin(), AlertUnsupportedCertificate, x509lite.ErrKeyUsage},
		{"extended key usage", extUsage, extUsage.pin(), AlertUnsupportedCertificate, x509lite.ErrExtKeyUsage},
	}
}

func TestServerCertificateThatDoesNotPass(t *testing.T) {
	bad := badCertificates(t, testServerName, x509.ExtKeyUsageClientAuth)
	wrongName := makeID(t, "P-256", "someone-else.example")
	bad = append(bad, struct {
		name  string
		id    testID
		trust *x509lite.Trust
		alert Alert
		err   error
	}{"wrong name", wrongName, wrongName.pin(), AlertBadCertificate, x509lite.ErrNameMismatch})
	for _, c := range bad {
		t.Run(c.name, func(t *testing.T) {
			p := newPair(t, serverIs(c.id, c.trust))
			p.handshake()
			p.wantAlert(p.client, c.alert)
			var v *x509lite.VerifyError
			if !errors.Is(p.client.Err(), c.err) || !errors.As(p.client.Err(), &v) {
				t.Errorf("%v is no %v", p.client.Err(), c.err)
			}
			if p.client.ConnectionState().PeerVerified {
				t.Error("the peer counts as verified")
			}
			// and with every check off it is nobody's business
			p = newPair(t, serverIs(c.id, nil), func(c, _ *Config) { c.InsecureSkipVerify = true })
			p.mustHandshake()
			if cs := p.client.ConnectionState(); cs.PeerVerified || len(cs.PeerCertificates) != 1 {
				t.Error("the peer counts as verified, although nothing was")
			}
		})
	}
}

// embedded-tls leaves the RSA schemes out of its ClientHello without a word.
func TestRSASchemesStandInTheHello(t *testing.T) {
	var m wire.ClientHello
	if err := m.Parse(rawClientHello(t, nil)[wire.HeaderLen:]); err != nil {
		t.Fatal(err)
	}
	for _, id := range []uint16{0x0403, 0x0503, 0x0807, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x0401, 0x0501, 0x0601} {
		if !m.SignatureAlgorithms.Contains(id) {
			t.Errorf("scheme %#04x is not offered", id)
		}
	}
	if m.SignatureAlgorithms.Len() != 12 {
		t.Errorf("%d schemes", m.SignatureAlgorithms.Len())
	}
}

// A client whose certificate does not fit the request sends an empty Certificate, and the server decides.
func TestClientSendsNoCertificateThatDoesNotFit(t *testing.T) {
	client := makeID(t, "P-384", testClientName)
	other, err := wire.MakeAuthorities(makeID(t, "P-256", "other").leaf.RawSubject)
	if err != nil {
		t.Fatal(err)
	}
	ours, err := wire.MakeAuthorities(client.leaf.RawSubject)
	if err != nil {
		t.Fatal(err)
	}
	all := offeredSchemes()
	for _, c := range []struct {
		name        string
		schemes     wire.Uint16s
		authorities wire.Names
		fits        bool
	}{
		{"fits", all, wire.Names{}, true},
		{"fits one of the authorities", all, ours, true},
		{"scheme", wire.MakeUint16s(tls.Ed25519, tls.ECDSAWithP256AndSHA256, tls.PKCS1WithSHA256), wire.Names{}, false},
		{"authorities", all, other, false},
	} {
		p := newPair(t, func(cc, _ *Config) { cc.Certificates = []tls.Certificate{client.cert} })
		request := wire.CertificateRequest{
			Has: wire.SetOf(wire.ExtSignatureAlgorithms), SignatureAlgorithms: c.schemes, CertificateAuthorities: c.authorities,
		}
		if !c.authorities.Empty() {
			request.Has.Add(wire.ExtCertificateAuthorities)
		}
		p.beRogueServer(serverScript...).edit = replace(t, wire.TypeCertificateRequest, func() ([]byte, error) { return request.Append(nil) })
		p.handshake()
		if p.client.Err() != nil {
			t.Fatalf("%s: %v", c.name, p.client.Err())
		}
		cs := p.client.ConnectionState()
		sink := p.server.state.(*rogueSink)
		if (cs.LocalCertificate != nil) != c.fits || len(sink.got) != map[bool]int{true: 3, false: 2}[c.fits] || !cs.ClientCertificateRequested {
			t.Errorf("%s: presented %v, sent %v", c.name, cs.LocalCertificate != nil, sink.got)
		}
	}
}

func TestClientTakesTheFirstCertificateThatFits(t *testing.T) {
	a, b := makeID(t, "P-384", testClientName), makeID(t, "Ed25519", testClientName)
	p := newPair(t, func(c, s *Config) {
		c.Certificates = []tls.Certificate{a.cert, b.cert}
		s.Trust = x509lite.Pin(a.leaf, b.leaf)
	})
	p.mustHandshake()
	if got := p.server.ConnectionState().PeerSignatureScheme; got != tls.ECDSAWithP384AndSHA384 {
		t.Errorf("signed with %v", got)
	}
}

// certificateVerifyDefects are edits of a CertificateVerify with the alert that answers them.
var certificateVerifyDefects = []struct {
	name string
	edit func(msg []byte)
	want Alert
	err  error
}{
	{"signature tampered with", func(b []byte) { b[len(b)-1] ^= 1 }, AlertDecryptError, ErrBadSignature},
	{"scheme for another key", func(b []byte) { b[4], b[5] = 4, 3 }, AlertIllegalParameter, nil},
	{"scheme for certificates only", func(b []byte) { b[4], b[5] = 4, 1 }, AlertIllegalParameter, nil},
	{"scheme unknown", func(b []byte) { b[4], b[5] = 2, 1 }, AlertIllegalParameter, nil},
	{"length", func(b []byte) { b[7]-- }, AlertDecodeError, nil},
}

func TestServerCertificateVerifyDefects(t *testing.T) {
	for _, c := range certificateVerifyDefects {
		t.Run(c.name, func(t *testing.T) {
			p := newPair(t)
			p.beRogueServer(serverScript...).edit = func(typ wire.Type, msg []byte) []byte {
				if typ == wire.TypeCertificateVerify {
					c.edit(msg)
				}
				return msg
			}
			p.handshake()
			p.wantAlert(p.client, c.want)
			if c.err != nil && !errors.Is(p.client.Err(), c.err) {
				t.Error(p.client.Err())
			}
		})
	}
}
