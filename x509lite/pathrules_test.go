package x509lite

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte"
	der "golang.org/x/crypto/cryptobyte/asn1"
)

func keyUsage(u x509.KeyUsage) func(*x509.Certificate) {
	return func(t *x509.Certificate) { t.KeyUsage = u }
}

func purposes(u ...x509.ExtKeyUsage) func(*x509.Certificate) {
	return func(t *x509.Certificate) { t.ExtKeyUsage = u }
}

func TestAuthoritiesMustBePermittedToIssue(t *testing.T) {
	root := issued(t, "root", nil, authority)
	weak, err := Loader{MinRSABits: 1024}.PrivateKey(fixture(t, "rsa1024.key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	unknown := withExtension(asn1.ObjectIdentifier{1, 2, 3, 4}, true, []byte{5, 0})
	for _, c := range []struct {
		name   string
		change func(*x509.Certificate)
		check  Check // 0: it may
		want   error
		text   string
	}{
		{"authority", authority, 0, nil, ""},
		{"no basic constraints", nil, CheckAuthority, ErrNotAuthority, "basic constraints"},
		{"cA false", func(t *x509.Certificate) { t.BasicConstraintsValid = true }, CheckAuthority, ErrNotAuthority, ""},
		{"keyCertSign", changes(authority, keyUsage(x509.KeyUsageCertSign)), 0, nil, ""},
		{"no keyCertSign", changes(authority, keyUsage(x509.KeyUsageCRLSign|x509.KeyUsageDigitalSignature)), CheckKeyUsage, ErrKeyUsage, "it has digitalSignature, cRLSign"},
		{"unknown critical extension", changes(authority, unknown), CheckCritical, ErrUnknownCritical, "1.2.3.4"},
		{"any purpose", changes(authority, purposes(x509.ExtKeyUsageAny)), 0, nil, ""},
		{"servers", changes(authority, purposes(x509.ExtKeyUsageCodeSigning, x509.ExtKeyUsageServerAuth)), 0, nil, ""},
		{"clients only", changes(authority, purposes(x509.ExtKeyUsageClientAuth)), CheckExtKeyUsage, ErrExtKeyUsage, "a server needs one of"},
		{"an unknown purpose only", changes(authority, func(t *x509.Certificate) { t.UnknownExtKeyUsage = []asn1.ObjectIdentifier{{1, 2, 3}} }), CheckExtKeyUsage, ErrExtKeyUsage, "other"},
	} {
		issuer := issued(t, "issuer", root, c.change)
		leaf := issued(t, "leaf", issuer, forName("a.example"))
		for how, verify := range map[string]func() (string, error){
			"as one that was sent": func() (string, error) { return pathNames(PathTo(rootsOf(root)), wire(leaf, issuer)) },
			"as a root":            func() (string, error) { return pathNames(PathTo(rootsOf(issuer)), wire(leaf)) },
		} {
			_, err := verify()
			var ve *VerifyError
			if c.check == 0 {
				if err != nil {
					t.Errorf("%s, %s: %v", c.name, how, err)
				}
			} else if !errors.Is(err, c.want) || !errors.As(err, &ve) || ve.Check != c.check || !bytes.Equal(ve.Cert.Raw, issuer.Raw) || !strings.Contains(err.Error(), c.text) {
				t.Errorf("%s, %s: %v", c.name, how, err)
			}
		}
	}
	issuer := issuedFor(t, "issuer", weak, root, authority)
	chain := wire(issued(t, "leaf", issuer, forName("a.example")), issuer)
	if _, err := pathNames(PathTo(rootsOf(root)), chain); !errors.Is(err, ErrWeakKey) || !strings.Contains(err.Error(), "1024 bits") {
		t.Errorf("weak key: %v", err)
	}
	if _, err := pathNames(PathTo(rootsOf(root)), chain, func(o *VerifyOptions) { o.MinRSABits = 1024 }); err != nil {
		t.Errorf("weak key on request: %v", err)
	}
}

func TestPathLengths(t *testing.T) {
	// A path from the leaf up to a root that permits n authorities below it; "self" authorities have their issuer's
	// name.
	for _, c := range []struct {
		length int
		names  []string // below the root
		ok     bool
	}{
		{0, nil, true},
		{0, []string{"a"}, false},
		{1, []string{"a"}, true},
		{1, []string{"a", "b"}, false},
		{2, []string{"a", "b"}, true},
		{0, []string{"root"}, true}, // issued to itself: not counted (RFC 5280 §4.2.1.9)
		{1, []string{"root", "a", "a"}, true},
		{1, []string{"root", "a", "b"}, false},
	} {
		root := issued(t, "root", nil, changes(authority, pathLength(c.length)))
		last, sent := root, []*holder(nil)
		for _, n := range c.names {
			last = issued(t, n, last, authority)
			sent = append(sent, last)
		}
		leaf := issued(t, "leaf", last, forName("a.example"))
		_, err := pathNames(PathTo(rootsOf(root)), wire(append([]*holder{leaf}, sent...)...))
		var ve *VerifyError
		if c.ok && err != nil || !c.ok && (!errors.Is(err, ErrPathLength) || !errors.As(err, &ve) || ve.Check != CheckPathLength || !bytes.Equal(ve.Cert.Raw, root.Raw)) {
			t.Errorf("%d permitted, %v: %v", c.length, c.names, err)
		}
	}
}

func TestClientsAndServersNeedTheirPurposeAllTheWay(t *testing.T) {
	root := issued(t, "root", nil, changes(authority, purposes(x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth)))
	clients := issued(t, "clients", root, changes(authority, purposes(x509.ExtKeyUsageClientAuth)))
	leaf := issued(t, "leaf", clients, changes(forName("a.example"), purposes(x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth)))
	trust := PathTo(rootsOf(root))
	if _, err := pathNames(trust, wire(leaf, clients), func(o *VerifyOptions) { o.Role = RoleClient }); err != nil {
		t.Error(err)
	}
	if _, err := pathNames(trust, wire(leaf, clients)); !errors.Is(err, ErrExtKeyUsage) || !strings.Contains(err.Error(), "CN=clients") {
		t.Error(err)
	}
	old := issued(t, "root", nil, changes(authority, purposes(x509.ExtKeyUsageEmailProtection)))
	if _, err := pathNames(PathTo(rootsOf(old)), wire(issued(t, "leaf", old, forName("a.example")))); !errors.Is(err, ErrExtKeyUsage) {
		t.Errorf("a root for something else: %v", err)
	}
}

// A certificate of version 1 cannot say that it is an authority's. As a root it need not: whoever trusts it said so.
func TestAnAuthorityOfVersion1IsOneOnlyAsARoot(t *testing.T) {
	v1 := newHandMade()
	v1.version, v1.exts = nil, nil
	root := issuedFor(t, "root", testKey, nil, authority)
	v1.issuer = root.RawSubject
	h := &holder{key: testKey}
	var err error
	if h.Certificate, err = Parse(v1.der()); err != nil {
		t.Fatal(err)
	}
	if h.std, err = x509.ParseCertificate(h.Raw); err != nil {
		t.Fatal(err)
	}
	leaf := issued(t, "leaf", h, forName("a.example"))
	if _, err := pathNames(PathTo(rootsOf(h)), wire(leaf)); err != nil {
		t.Errorf("as a root: %v", err)
	}
	if _, err := pathNames(PathTo(rootsOf(root)), wire(leaf, h)); !errors.Is(err, ErrNotAuthority) {
		t.Errorf("as one that was sent: %v", err)
	}
}

func TestDatesOfAPathBelongToIt(t *testing.T) {
	root := issued(t, "root", nil, authority)
	for _, c := range []struct {
		at   time.Duration // from the ends of the issuer's validity
		want error
	}{{-1, nil}, {0, nil}, {time.Second - 1, nil}, {time.Second, ErrExpired}} {
		issuer := issued(t, "issuer", root, changes(authority, func(x *x509.Certificate) { x.NotAfter = testNow.Add(-c.at).Truncate(time.Second) }))
		leaf := issued(t, "leaf", issuer, forName("a.example"))
		now := issuer.NotAfter.Add(c.at)
		if _, err := pathNames(PathTo(rootsOf(root)), wire(leaf, issuer), func(o *VerifyOptions) { o.Now = now }); !errors.Is(err, c.want) {
			t.Errorf("%v after the end: %v", c.at, err)
		}
	}
	if _, err := pathNames(PathTo(rootsOf(root)), wire(issued(t, "leaf", root, func(x *x509.Certificate) { forName("a.example")(x); x.NotAfter = testNow.Add(3 * time.Hour) })),
		func(o *VerifyOptions) { o.Now = root.NotAfter.Add(time.Second) }); !errors.Is(err, ErrExpired) {
		t.Errorf("a root that has expired: %v", err)
	}
}

// crafted makes a certificate that crypto/x509 has no words for: pub's, by signer with any algorithm.
func crafted(tb testing.TB, subject, issuer string, pub publicKey, signer crypto.Signer, alg SignatureAlgorithm, exts ...[]byte) []byte {
	tb.Helper()
	m := maker{signer: signer, spec: alg.spec()}
	name := func(s string) []byte { var b cryptobyte.Builder; addName(&b, s); return b.BytesOrPanic() }
	var b cryptobyte.Builder
	b.AddASN1(der.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(tlv(0xa0, tlv(2, []byte{2})))
		b.AddASN1Int64(7)
		addSignatureID(b, m.spec)
		b.AddBytes(name(issuer))
		b.AddASN1(der.SEQUENCE, func(b *cryptobyte.Builder) { addTime(b, testNow.Add(-time.Hour)); addTime(b, testNow.Add(time.Hour)) })
		b.AddBytes(name(subject))
		addSPKI(b, &pub)
		b.AddBytes(tlv(0xa3, tlv(0x30, exts...)))
	})
	tbs := b.BytesOrPanic()
	sig, err := m.signature(tbs)
	if err != nil {
		tb.Fatal(err)
	}
	var cert cryptobyte.Builder
	cert.AddASN1(der.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(tbs)
		addSignatureID(b, m.spec)
		b.AddASN1BitString(sig)
	})
	return cert.BytesOrPanic()
}

var isAuthority = extDER(oidBasicConstraints, true, tlv(0x30, []byte{1, 1, 0xff}))

func TestAuthoritiesOfEveryKindOfKey(t *testing.T) {
	san := extDER(oidSubjectAltName, false, tlv(0x30, dnsName("a.example")))
	type kind struct {
		typ KeyType
		alg SignatureAlgorithm
	}
	for _, k := range []kind{{RSA, SHA256WithRSA}, {RSA, SHA384WithRSA}, {RSA, SHA512WithRSA}, {RSA, SHA256WithRSAPSS}, {RSAPSS, SHA256WithRSAPSS}, {RSAPSS, SHA384WithRSAPSS},
		{RSAPSS, SHA512WithRSAPSS}, {ECDSAP256, ECDSAWithSHA256}, {ECDSAP384, ECDSAWithSHA384}, {ECDSAP521, ECDSAWithSHA512}, {ECDSAP256, ECDSAWithSHA512}, {Ed25519Key, Ed25519},
		{Ed448Key, Ed448}, {MLDSA44Key, MLDSA44}, {MLDSA65Key, MLDSA65}, {MLDSA87Key, MLDSA87}} {
		make := func(typ KeyType) (crypto.Signer, publicKey) {
			if typ == RSA || typ == RSAPSS {
				key, err := LoadPrivateKey(fixture(t, "rsa2048.key.pem"))
				if err != nil {
					t.Fatal(err)
				}
				return key, describeSigner(key, typ == RSAPSS)
			}
			key, err := GenerateKey(typ, 0, nil)
			if err != nil {
				t.Fatal(err)
			}
			return key, describeSigner(key, false)
		}
		rootKey, rootPub := make(k.typ)
		midKey, midPub := make(k.typ)
		_, leafPub := make(k.typ)
		root, err := Parse(crafted(t, "root", "root", rootPub, rootKey, k.alg, isAuthority))
		if err != nil {
			t.Fatal(err)
		}
		mid := crafted(t, "mid", "root", midPub, rootKey, k.alg, isAuthority)
		leaf := crafted(t, "leaf", "mid", leafPub, midKey, k.alg, san)
		trust := PathTo(NewRoots(root))
		if got, err := pathNames(trust, [][]byte{leaf, mid}); got != "leaf mid root" {
			t.Errorf("%v, %v: %q, %v", k.typ, k.alg, got, err)
		}
		for i, at := range []string{"leaf", "mid"} {
			chain := [][]byte{leaf, mid}
			chain[i] = tamper(chain[i])
			_, err := pathNames(trust, chain)
			var ve *VerifyError
			if !errors.Is(err, ErrSignature) || !errors.As(err, &ve) || ve.Check != CheckSignature || ve.Cert.Subject() != "CN="+at {
				t.Errorf("%v, %v: %s spoilt: %v", k.typ, k.alg, at, err)
			}
		}
	}
}

// The algorithm that a certificate names must be one of its issuer's kind of key, whatever the signature is.
func TestSignaturesOfAnotherKindThanTheIssuersKey(t *testing.T) {
	san := extDER(oidSubjectAltName, false, tlv(0x30, dnsName("a.example")))
	p256, err := GenerateKey(ECDSAP256, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := LoadPrivateKey(fixture(t, "rsa2048.key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	leafPub := describeSigner(testKey, false)
	for _, c := range []struct {
		name string
		pub  publicKey
		key  crypto.Signer // that signs
		alg  SignatureAlgorithm
		text string
	}{
		{"RSA by an Ed25519 key", leafPub, rsaKey, SHA256WithRSA, "SHA256-RSA signature by an Ed25519 key"},
		{"Ed25519 by a P-256 key", describeSigner(p256, false), testKey, Ed25519, "Ed25519 signature by an ECDSA P-256 key"},
		{"PKCS #1 by a PSS key", describeSigner(rsaKey, true), rsaKey, SHA256WithRSA, "SHA256-RSA signature by an RSA-PSS key"},
		{"ECDSA by an RSA key", describeSigner(rsaKey, false), p256, ECDSAWithSHA256, "ECDSA-SHA256 signature by an RSA key"},
	} {
		root, err := Parse(crafted(t, "root", "root", c.pub, c.key, c.alg, isAuthority))
		if err != nil {
			t.Fatal(err)
		}
		leaf := crafted(t, "leaf", "root", leafPub, c.key, c.alg, san)
		if _, err := pathNames(PathTo(NewRoots(root)), [][]byte{leaf}); !errors.Is(err, ErrSignature) || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	sha1 := fixtureCert(t, "rsa2048-sha1")
	root := issued(t, "root", nil, changes(authority, subject(sha1.RawIssuer)))
	_, _, err = PathTo(rootsOf(root)).VerifyPath([][]byte{sha1.Raw}, VerifyOptions{Now: testNow})
	if !errors.Is(err, ErrSignature) || !errors.Is(err, ErrWeakSignature) {
		t.Errorf("SHA-1: %v", err)
	}
}
