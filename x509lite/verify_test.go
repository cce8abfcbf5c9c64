package x509lite

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"
)

// Each row is one thing that is wrong, the typed error for it, and what its message must say. Every row is run with the
// certificate pinned and with its key pinned.
func TestEveryCheckFailsUnderItsName(t *testing.T) {
	day := 24 * time.Hour
	serverOnly := SelfSignedOptions{ExtKeyUsage: ExtServerAuth, Names: []string{"a.example", "192.0.2.7"}}
	unknown := func() *Certificate { return fixtureCert(t, "unknown-critical") }
	made := func(o SelfSignedOptions) func() *Certificate {
		return func() *Certificate { return mustSelfSigned(t, o).Leaf }
	}
	fix := func(name string) func() *Certificate { return func() *Certificate { return fixtureCert(t, name) } }
	for _, c := range []struct {
		name  string
		cert  func() *Certificate
		opts  VerifyOptions
		check Check
		want  error
		text  string
	}{
		{"expired", made(SelfSignedOptions{NotBefore: testNow.Add(-2 * day), NotAfter: testNow.Add(-day)}), VerifyOptions{},
			CheckValidity, ErrExpired, "not valid after 2100-03-03T05:06:07Z, it is 2100-03-04T05:06:07Z"},
		{"not yet valid", made(SelfSignedOptions{NotBefore: testNow.Add(day), NotAfter: testNow.Add(2 * day)}), VerifyOptions{},
			CheckValidity, ErrNotYetValid, "not valid before 2100-03-05T05:06:07Z, it is 2100-03-04T05:06:07Z"},
		{"end before beginning", made(SelfSignedOptions{NotBefore: testNow.Add(-day), NotAfter: testNow.Add(-2 * day)}), VerifyOptions{},
			CheckValidity, ErrExpired, ""},
		{"clock not set", made(serverOnly), VerifyOptions{Now: time.Unix(0, 0)}, CheckValidity, ErrNotYetValid, "it is 1970"},
		{"wrong name", made(serverOnly), VerifyOptions{Name: "b.example"}, CheckName, ErrNameMismatch, `asked for "b.example", it is for "a.example", 192.0.2.7`},
		{"wrong address", made(serverOnly), VerifyOptions{Name: "192.0.2.8"}, CheckName, ErrNameMismatch, ""},
		{"common name only", made(SelfSignedOptions{CommonName: "a.example"}), VerifyOptions{Name: "a.example"}, CheckName, ErrNameMismatch, "no DNS name"},
		{"impossible name", made(serverOnly), VerifyOptions{Name: "a b"}, CheckName, ErrNameMismatch, ""},
		{"server's as a client's", made(serverOnly), VerifyOptions{Role: RoleClient}, CheckExtKeyUsage, ErrExtKeyUsage, "a client needs"},
		{"client's as a server's", fix("client"), VerifyOptions{}, CheckExtKeyUsage, ErrExtKeyUsage, "a server needs one of anyExtendedKeyUsage, serverAuth, it has clientAuth"},
		{"code signing", fix("codesigning"), VerifyOptions{}, CheckExtKeyUsage, ErrExtKeyUsage, "codeSigning, other"},
		{"unknown role", made(SelfSignedOptions{OmitUsages: true}), VerifyOptions{Role: 7}, CheckExtKeyUsage, ErrExtKeyUsage, "role 7"},
		{"no signatures allowed", fix("no-signing"), VerifyOptions{}, CheckKeyUsage, ErrKeyUsage, "keyAgreement, decipherOnly"},
		{"RSA of 1024 bits", fix("rsa1024"), VerifyOptions{}, CheckKey, ErrWeakKey, "1024 bits, below 2048"},
		{"RSA below a bound of the caller's", fix("rsa2048-sha256"), VerifyOptions{MinRSABits: 3072}, CheckKey, ErrWeakKey, "2048 bits, below 3072"},
		{"PSS key below a bound of the caller's", fix("rsapss2048"), VerifyOptions{MinRSABits: 3072}, CheckKey, ErrWeakKey, "RSA-PSS"},
		{"unknown critical extension", unknown, VerifyOptions{}, CheckCritical, ErrUnknownCritical, "1.2.3.4"},
	} {
		cert := c.cert()
		if c.opts.Now.IsZero() {
			c.opts.Now = testNow
		}
		for how, trust := range map[string]*Trust{"certificate": Pin(cert), "key": PinSPKI(cert.SPKIHash())} {
			leaf, err := trust.Verify([][]byte{cert.Raw}, c.opts)
			var ve *VerifyError
			if leaf != nil || !errors.Is(err, c.want) || !errors.As(err, &ve) || ve.Check != c.check || ve.Cert == nil {
				t.Errorf("%s, %s pinned: %v, %v", c.name, how, leaf, err)
				continue
			}
			if !strings.Contains(err.Error(), c.text) || !strings.Contains(err.Error(), cert.Subject()) {
				t.Errorf("%s, %s pinned: %q does not say %q", c.name, how, err, c.text)
			}
		}
	}
}

// Such certificates can't be pinned (Trust.Err says so), but their keys' hashes can.
func TestPinnedKeyThatIsNotSupported(t *testing.T) {
	for name, want := range map[string]error{"secp256k1": ErrUnsupportedKey, "p256-explicit": ErrUnsupportedKey, "rsa512": ErrWeakKey} {
		c := fixtureCert(t, name)
		_, err := PinSPKI(c.SPKIHash()).Verify([][]byte{c.Raw}, VerifyOptions{Now: testNow, MinRSABits: 1})
		var ve *VerifyError
		if !errors.Is(err, want) || !errors.As(err, &ve) || ve.Check != CheckKey {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, want := range map[string]error{"rsa2048-sha1": ErrWeakSignature, "rsa2048-pss-mixed": ErrUnsupportedSignature} {
		c := fixtureCert(t, name)
		_, err := PinSPKI(c.SPKIHash()).Verify([][]byte{c.Raw}, VerifyOptions{Now: testNow})
		if !errors.Is(err, want) || !errors.Is(err, ErrSelfSignature) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatPassesVerify(t *testing.T) {
	names := SelfSignedOptions{Names: []string{"a.example", "*.fleet.example", "192.0.2.7", "::1"}}
	made := func(o SelfSignedOptions) *Certificate { return mustSelfSigned(t, o).Leaf }
	for _, c := range []struct {
		name string
		cert *Certificate
		opts VerifyOptions
	}{
		{"DNS name", made(names), VerifyOptions{Name: "A.example."}},
		{"wildcard", made(names), VerifyOptions{Name: "7.fleet.example"}},
		{"IPv4", made(names), VerifyOptions{Name: "192.0.2.7"}},
		{"IPv6", made(names), VerifyOptions{Name: "[::1]"}},
		{"client", made(names), VerifyOptions{Role: RoleClient}},
		{"no usages", made(SelfSignedOptions{OmitUsages: true}), VerifyOptions{Role: RoleClient}},
		{"any purpose", fixtureCert(t, "any-purpose"), VerifyOptions{Role: RoleClient}},
		{"server's", fixtureCert(t, "server"), VerifyOptions{Name: "server.example"}},
		{"client's", fixtureCert(t, "client"), VerifyOptions{Role: RoleClient}},
		{"authority", fixtureCert(t, "pathlen"), VerifyOptions{}},
		{"version 1", fixtureCert(t, "v1"), VerifyOptions{}},
		{"unknown extension", fixtureCert(t, "unknown-extension"), VerifyOptions{}},
		{"RSA of 1024 bits on request", fixtureCert(t, "rsa1024"), VerifyOptions{MinRSABits: 1024}},
		{"lower than the lowest bound", fixtureCert(t, "rsa1024"), VerifyOptions{MinRSABits: 1}},
		{"RSA-PSS", fixtureCert(t, "rsapss2048-sha384"), VerifyOptions{}},
	} {
		c.opts.Now = testNow
		for how, trust := range map[string]*Trust{"certificate": Pin(c.cert), "key": PinSPKI(c.cert.SPKIHash())} {
			leaf, err := trust.Verify([][]byte{c.cert.Raw}, c.opts)
			if err != nil || !bytes.Equal(leaf.Raw, c.cert.Raw) {
				t.Errorf("%s, %s pinned: %v", c.name, how, err)
			}
		}
	}
}

// RFC 5280 §4.1.2.5: both ends belong to it, and the last one is a second, to whose end it lasts.
func TestBothEndsOfTheValidityBelongToIt(t *testing.T) {
	from, to := testNow, testNow.Add(time.Hour)
	cert := mustSelfSigned(t, SelfSignedOptions{NotBefore: from, NotAfter: to}).Leaf
	for _, c := range []struct {
		now  time.Time
		want error
	}{{from.Add(-time.Nanosecond), ErrNotYetValid}, {from, nil}, {to, nil}, {to.Add(time.Second - 1), nil}, {to.Add(time.Second), ErrExpired}, {time.Time{}, ErrNotYetValid}} {
		if _, err := Pin(cert).Verify([][]byte{cert.Raw}, VerifyOptions{Now: c.now}); !errors.Is(err, c.want) {
			t.Errorf("at %v: %v", c.now, err)
		}
	}
}

// A certificate with everything wrong is cured of one thing at a time; each time the next check is the one that fails.
func TestChecksAreMadeInTheDocumentedOrder(t *testing.T) {
	key := fixture(t, "rsa1024.key.pem")
	signer, err := Loader{MinRSABits: 1024}.PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	bad := mustSelfSigned(t, SelfSignedOptions{Key: signer, KeyUsage: KeyAgreement, ExtKeyUsage: ExtCodeSigning,
		NotBefore: testNow.Add(-2 * time.Hour), NotAfter: testNow.Add(-time.Hour)}).Leaf
	tampered := tamper(bad.Raw)
	critical := *bad
	critical.UnknownCritical = []string{"1.2.3.4"}
	spki := PinSPKI(bad.SPKIHash())

	o := VerifyOptions{Now: testNow, Name: "a.example", MaxChain: 1}
	expect := func(trust *Trust, want Check, chain ...[]byte) {
		t.Helper()
		_, err := trust.Verify(chain, o)
		var ve *VerifyError
		if !errors.As(err, &ve) || ve.Check != want {
			t.Errorf("want %v to fail, got %v", want, err)
		}
	}
	expect(Pin(nil), CheckTrust)
	expect(Pin(), CheckChain)
	expect(Pin(), CheckChain, []byte("x"), []byte("y"))
	expect(Pin(), CheckParse, []byte("x"))
	expect(Pin(), CheckPin, tampered)
	expect(spki, CheckKey, tampered)
	o.MinRSABits = 1024
	expect(spki, CheckSelfSignature, tampered)
	expect(Pin(&critical), CheckCritical, bad.Raw)
	expect(spki, CheckValidity, bad.Raw)
	o.Now = bad.NotBefore
	expect(spki, CheckKeyUsage, bad.Raw)
	allowed := *bad
	allowed.KeyUsage = DigitalSignature
	expect(Pin(&allowed), CheckExtKeyUsage, bad.Raw)
	allowed.ExtKeyUsage = ExtServerAuth
	expect(Pin(&allowed), CheckName, bad.Raw)
	allowed.DNSNames = []string{"a.example"}
	if _, err := Pin(&allowed).Verify([][]byte{bad.Raw}, o); err != nil {
		t.Errorf("with everything cured: %v", err)
	}
}

func TestChainIsBoundedAndOnlyItsLeafMatters(t *testing.T) {
	id := mustSelfSigned(t, SelfSignedOptions{})
	trust := Pin(id.Leaf)
	chain := [][]byte{id.Chain[0]}
	for len(chain) < DefaultMaxChain {
		chain = append(chain, []byte("not a certificate"))
	}
	if leaf, err := trust.Verify(chain, VerifyOptions{Now: testNow}); err != nil || leaf != id.Leaf {
		t.Errorf("chain of %d: %v", len(chain), err)
	}
	if _, err := trust.Verify(append(chain, nil), VerifyOptions{Now: testNow}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("chain of %d: %v", len(chain)+1, err)
	}
	if _, err := trust.Verify(append(chain, nil), VerifyOptions{Now: testNow, MaxChain: 11}); err != nil {
		t.Errorf("chain of 11 with a bound of 11: %v", err)
	}
	exact := [][]byte{id.Chain[0], make([]byte, DefaultMaxChainSize-len(id.Chain[0]))}
	if _, err := trust.Verify(exact, VerifyOptions{Now: testNow}); err != nil {
		t.Errorf("chain of DefaultMaxChainSize: %v", err)
	}
	exact = append(exact, []byte{0})
	if _, err := trust.Verify(exact, VerifyOptions{Now: testNow}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("chain of one byte more: %v", err)
	}
	if _, err := trust.Verify(chain, VerifyOptions{Now: testNow, MaxChainSize: 100}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("chain above a bound of the caller's: %v", err)
	}
	for _, o := range []VerifyOptions{{MaxChain: -1}, {MaxChainSize: -1}} {
		if _, err := trust.Verify(id.Chain, o); !errors.Is(err, ErrTooLarge) {
			t.Errorf("negative bound: %v", err)
		}
	}
	for _, empty := range [][][]byte{nil, {}} {
		if _, err := trust.Verify(empty, VerifyOptions{Now: testNow}); !errors.Is(err, ErrNoCertificate) {
			t.Errorf("no certificate: %v", err)
		}
	}
	for _, junk := range [][]byte{nil, {0x30}, []byte("junk"), bytes.Repeat([]byte{0x30, 0x80}, 1000)} {
		_, err := trust.Verify([][]byte{junk}, VerifyOptions{Now: testNow})
		var pe *ParseError
		if !errors.Is(err, ErrMalformed) || !errors.As(err, &pe) {
			t.Errorf("junk: %v", err)
		}
	}
	// The pinned certificate further down is not the leaf.
	other := mustSelfSigned(t, SelfSignedOptions{})
	if _, err := trust.Verify([][]byte{other.Chain[0], id.Chain[0]}, VerifyOptions{Now: testNow}); !errors.Is(err, ErrNotPinned) {
		t.Errorf("pinned certificate behind another: %v", err)
	}
}

func TestVerifyOfAPinnedCertificateAllocatesNothing(t *testing.T) {
	for _, name := range []string{"rsa2048-sha256", "p256-sha256", "ed25519", "names"} {
		c := fixtureCert(t, name)
		trust, chain := Pin(c), [][]byte{c.Raw, c.Raw}
		o := VerifyOptions{Now: testNow}
		if name == "names" {
			o.Name = "x.fleet.example"
		}
		if n := testing.AllocsPerRun(100, func() {
			if leaf, err := trust.Verify(chain, o); err != nil || leaf != c {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func TestTrustIsShared(t *testing.T) {
	c := fixtureCert(t, "p256-sha256")
	trust := AnyOf(Pin(c), PinSPKI(c.SPKIHash()))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if err := accepts(trust, c); err != nil {
					t.Error(err)
				}
				if err := accepts(trust, fixtureCert(t, "p256-sha384")); err != nil { // by its key
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

func TestRolesHaveNames(t *testing.T) {
	if RoleServer.String() != "server" || RoleClient.String() != "client" || Role(9).String() != "role 9" {
		t.Error("a role has another name")
	}
}
