package x509lite

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestSelfSignedIsReadByCryptoX509AsHere(t *testing.T) {
	names := []string{"a.example", "*.fleet.example", "192.0.2.7", "2001:db8::7"}
	for _, typ := range []KeyType{UnknownKey, RSA, RSAPSS, ECDSAP256, ECDSAP384, Ed25519Key} {
		id, err := SelfSigned(SelfSignedOptions{Now: testNow, KeyType: typ, Names: names})
		if err != nil {
			t.Errorf("%v: %v", typ, err)
			continue
		}
		x, err := x509.ParseCertificate(id.Chain[0])
		if err != nil {
			t.Errorf("%v: %v", typ, err)
			continue
		}
		compareWithOracle(t, typ.String(), id.Leaf, x)
		if id.Leaf.KeyType != typ && typ != UnknownKey || id.Leaf.IsCA || id.Leaf.KeyUsage != DigitalSignature ||
			id.Leaf.ExtKeyUsage != ExtServerAuth|ExtClientAuth || id.Leaf.Subject() != "CN=a.example" {
			t.Errorf("%v: %+v", typ, id.Leaf)
		}
		if typ == RSAPSS {
			continue // crypto/x509 has no such keys
		}
		pool := x509.NewCertPool()
		pool.AddCert(x)
		for _, name := range []string{"a.example", "7.fleet.example", "192.0.2.7", "2001:db8::7"} {
			if _, err := x.Verify(x509.VerifyOptions{Roots: pool, DNSName: name, CurrentTime: testNow}); err != nil {
				t.Errorf("%v: crypto/x509 does not accept it for %s: %v", typ, name, err)
			}
			if _, err := Pin(id.Leaf).Verify(id.Chain, VerifyOptions{Now: testNow, Name: name}); err != nil {
				t.Errorf("%v: %v", typ, err)
			}
		}
	}
}

// templates are what a user of crypto/x509 might make.
func templates() map[string]*x509.Certificate {
	template := func(change func(*x509.Certificate)) *x509.Certificate {
		c := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: testNow.Add(-time.Hour), NotAfter: testNow.Add(time.Hour)}
		change(c)
		return c
	}
	return map[string]*x509.Certificate{
		"bare": template(func(*x509.Certificate) {}),
		"full": template(func(c *x509.Certificate) {
			c.Subject = pkix.Name{CommonName: "x", Organization: []string{"a", "b"}, Country: []string{"XX"}}
			c.KeyUsage = x509.KeyUsageDigitalSignature | x509.KeyUsageDecipherOnly
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageTimeStamping}
			c.DNSNames, c.IPAddresses = []string{"a.example"}, []net.IP{{192, 0, 2, 7}, net.IPv6loopback}
			c.EmailAddresses = []string{"a@example.org"}
		}),
		"authority": template(func(c *x509.Certificate) {
			c.IsCA, c.BasicConstraintsValid, c.MaxPathLen = true, true, 2
			c.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
		}),
		"path length zero": template(func(c *x509.Certificate) { c.IsCA, c.BasicConstraintsValid, c.MaxPathLenZero = true, true, true }),
		"no authority":     template(func(c *x509.Certificate) { c.BasicConstraintsValid = true }),
		"large serial":     template(func(c *x509.Certificate) { c.SerialNumber = new(big.Int).Lsh(big.NewInt(1), 158) }),
		"year 9999":        template(func(c *x509.Certificate) { c.NotAfter = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC) }),
	}
}

func TestCertificatesOfCryptoX509AreAcceptedHere(t *testing.T) {
	keys := map[string]crypto.Signer{"Ed25519": testKey}
	for _, name := range []string{"rsa2048", "p256", "p384"} {
		key, err := LoadPrivateKey(fixture(t, name+".key.pem"))
		if err != nil {
			t.Fatal(err)
		}
		keys[name] = key
	}
	algs := map[string][]x509.SignatureAlgorithm{
		"Ed25519": {x509.PureEd25519}, "p256": {x509.ECDSAWithSHA256, x509.ECDSAWithSHA512}, "p384": {x509.ECDSAWithSHA384},
		"rsa2048": {x509.SHA256WithRSA, x509.SHA512WithRSA, x509.SHA256WithRSAPSS, x509.SHA384WithRSAPSS, x509.SHA512WithRSAPSS},
	}
	for kind, key := range keys {
		for _, alg := range algs[kind] {
			for name, tmpl := range templates() {
				tmpl.SignatureAlgorithm = alg
				der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
				if err != nil {
					t.Fatal(err)
				}
				x, _ := x509.ParseCertificate(der)
				c, err := Parse(der)
				if err != nil {
					t.Errorf("%s, %s: %v", name, alg, err)
					continue
				}
				compareWithOracle(t, name+", "+alg.String(), c, x)
				if _, err := Pin(c).Verify([][]byte{der}, VerifyOptions{Now: testNow}); err != nil {
					t.Errorf("%s, %s: %v", name, alg, err)
				}
			}
		}
	}
}

func TestSelfSignedDoesAsItIsTold(t *testing.T) {
	from, to := time.Date(1999, 12, 31, 23, 59, 59, 5, time.FixedZone("", 3600)), time.Date(2051, 1, 1, 0, 0, 0, 0, time.UTC)
	id := mustSelfSigned(t, SelfSignedOptions{
		NotBefore: from, NotAfter: to, CommonName: "機器", Names: []string{"::1", "Device-7.example"}, Key: testKey,
		KeyUsage: DigitalSignature | KeyAgreement | DecipherOnly, ExtKeyUsage: ExtClientAuth | ExtCodeSigning, IsCA: true,
	})
	c := id.Leaf
	if !c.NotBefore.Equal(from.Truncate(time.Second)) || !c.NotAfter.Equal(to) {
		t.Errorf("valid from %v to %v", c.NotBefore, c.NotAfter)
	}
	if c.Subject() != "CN=機器" || !slices.Equal(c.DNSNames, []string{"Device-7.example"}) || c.IPAddresses[0] != netip.IPv6Loopback() {
		t.Errorf("%s, %v, %v", c.Subject(), c.DNSNames, c.IPAddresses)
	}
	if c.KeyUsage != DigitalSignature|KeyAgreement|DecipherOnly || c.ExtKeyUsage != ExtClientAuth|ExtCodeSigning || !c.IsCA {
		t.Errorf("%v; %v; authority: %v", c.KeyUsage, c.ExtKeyUsage, c.IsCA)
	}
	if !keyEqual(id.Key, testKey) || c.Version != 3 || len(c.SerialNumber) != 16 {
		t.Errorf("version %d, serial %x", c.Version, c.SerialNumber)
	}
	plain := mustSelfSigned(t, SelfSignedOptions{OmitUsages: true})
	if plain.Leaf.KeyUsage != 0 || plain.Leaf.ExtKeyUsage != 0 || plain.Leaf.Subject() != "CN=self-signed" || len(plain.Leaf.DNSNames) != 0 {
		t.Errorf("%v; %v; %s", plain.Leaf.KeyUsage, plain.Leaf.ExtKeyUsage, plain.Leaf.Subject())
	}
	if !plain.Leaf.NotBefore.Equal(testNow.Add(-DefaultBackdate)) || !plain.Leaf.NotAfter.Equal(testNow.Add(DefaultLifetime)) {
		t.Errorf("by default valid from %v to %v", plain.Leaf.NotBefore, plain.Leaf.NotAfter)
	}
	if ca := mustSelfSigned(t, SelfSignedOptions{IsCA: true}).Leaf; ca.KeyUsage != DigitalSignature|CertSign {
		t.Errorf("an authority's key usage is %v", ca.KeyUsage)
	}
	long := strings.Repeat("a", 60) + ".example"
	if c := mustSelfSigned(t, SelfSignedOptions{Names: []string{long}}).Leaf; c.Subject() != "CN=self-signed" || !c.MatchName(long) {
		t.Errorf("a name too long for the subject: %s", c.Subject())
	}
}

func TestSelfSignedWithEverySuitableAlgorithm(t *testing.T) {
	rsaKey, err := LoadPrivateKey(fixture(t, "rsa2048.key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	p256, _ := GenerateKey(ECDSAP256, 0, nil)
	p384, _ := GenerateKey(ECDSAP384, 0, nil)
	families := map[sigFamily]bool{}
	for _, c := range []struct {
		key  crypto.Signer
		typ  KeyType
		fits []sigFamily
	}{{rsaKey, RSA, []sigFamily{familyPKCS1, familyPSS}}, {rsaKey, RSAPSS, []sigFamily{familyPSS}}, {p256, ECDSAP256, []sigFamily{familyECDSA}},
		{p384, ECDSAP384, []sigFamily{familyECDSA}}, {testKey, Ed25519Key, []sigFamily{familyEd25519}}} {
		for _, sp := range sigSpecs {
			id, err := SelfSigned(SelfSignedOptions{Now: testNow, Key: c.key, KeyType: c.typ, SignatureAlgorithm: sp.alg})
			if slices.Contains(c.fits, sp.family) {
				families[sp.family] = true
				if err != nil || id.Leaf.SignatureAlgorithm != sp.alg || id.Leaf.KeyType != c.typ {
					t.Errorf("%v with %v: %v", c.typ, sp.alg, err)
				}
			} else if !errors.Is(err, ErrOptions) {
				t.Errorf("%v with %v: %v", c.typ, sp.alg, err)
			}
		}
	}
	if len(families) != 4 {
		t.Errorf("%d families tried", len(families))
	}
}

func TestSelfSignedRefusesOptionsThatMakeNoSense(t *testing.T) {
	for name, c := range map[string]struct {
		o    SelfSignedOptions
		want error
	}{
		"no time":                 {SelfSignedOptions{}, ErrOptions},
		"no end":                  {SelfSignedOptions{NotBefore: testNow}, ErrOptions},
		"year 1949":               {SelfSignedOptions{Now: time.Date(1949, 1, 1, 0, 0, 0, 0, time.UTC)}, ErrOptions},
		"year 10000":              {SelfSignedOptions{Now: testNow, NotAfter: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}, ErrOptions},
		"name with a space":       {SelfSignedOptions{Now: testNow, Names: []string{"a b"}}, ErrOptions},
		"empty name":              {SelfSignedOptions{Now: testNow, Names: []string{""}}, ErrOptions},
		"bad address":             {SelfSignedOptions{Now: testNow, Names: []string{"1.2.3"}}, ErrOptions},
		"address with a zone":     {SelfSignedOptions{Now: testNow, Names: []string{"fe80::1%eth0"}}, ErrOptions},
		"wildcard in the middle":  {SelfSignedOptions{Now: testNow, Names: []string{"a.*.example"}}, ErrOptions},
		"too many names":          {SelfSignedOptions{Now: testNow, Names: slices.Repeat([]string{"a"}, MaxAltNames+1)}, ErrOptions},
		"long common name":        {SelfSignedOptions{Now: testNow, CommonName: strings.Repeat("ä", 65)}, ErrOptions},
		"common name not UTF-8":   {SelfSignedOptions{Now: testNow, CommonName: "\xff"}, ErrOptions},
		"unknown key type":        {SelfSignedOptions{Now: testNow, KeyType: 77}, ErrOptions},
		"key of another type":     {SelfSignedOptions{Now: testNow, Key: testKey, KeyType: ECDSAP256}, ErrOptions},
		"RSA of 512 bits":         {SelfSignedOptions{Now: testNow, KeyType: RSA, RSABits: 512}, ErrOptions},
		"unknown algorithm":       {SelfSignedOptions{Now: testNow, SignatureAlgorithm: 77}, ErrOptions},
		"unknown key usage":       {SelfSignedOptions{Now: testNow, KeyUsage: 1 << 9}, ErrOptions},
		"unwritable purpose":      {SelfSignedOptions{Now: testNow, ExtKeyUsage: ExtOther}, ErrOptions},
		"larger than may be read": {SelfSignedOptions{Now: testNow, Names: slices.Repeat([]string{strings.Repeat("a.", 126) + "a"}, 300)}, ErrTooLarge},
		"entropy that ends":       {SelfSignedOptions{Now: testNow, Rand: bytes.NewReader(make([]byte, 40)), KeyType: Ed25519Key}, io.ErrUnexpectedEOF},
		"no entropy":              {SelfSignedOptions{Now: testNow, Rand: bytes.NewReader(nil)}, io.EOF},
	} {
		if id, err := SelfSigned(c.o); id != nil || !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheSameEntropyGivesTheSameCertificate(t *testing.T) {
	for _, typ := range []KeyType{ECDSAP256, ECDSAP384, Ed25519Key} {
		make := func(seed byte) []byte {
			return mustSelfSigned(t, SelfSignedOptions{KeyType: typ, Rand: seeded(seed), Names: []string{"a.example"}}).Chain[0]
		}
		if !bytes.Equal(make(1), make(1)) || bytes.Equal(make(1), make(2)) {
			t.Errorf("%v: the certificate does not follow the entropy", typ)
		}
	}
	a, b := mustSelfSigned(t, SelfSignedOptions{Key: testKey}), mustSelfSigned(t, SelfSignedOptions{Key: testKey})
	if bytes.Equal(a.Leaf.SerialNumber, b.Leaf.SerialNumber) {
		t.Error("two certificates of one key have the same serial number")
	}
}
