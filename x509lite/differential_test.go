package x509lite

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	cryptorand "crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"net"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// A randomWorld is a few authorities that certify each other and a leaf, some of which have something wrong with them,
// seen by us and by crypto/x509.
type randomWorld struct {
	*rand.Rand
	keys   []crypto.Signer
	certs  []*randomCert // authorities first, the leaf last
	notes  []string      // what was done, for whoever reads a failure
	asking int           // 1: in a world with policies
}

// A randomCert is one of its certificates.
type randomCert struct {
	template *x509.Certificate
	der      []byte
	key      crypto.Signer
}

var (
	worldNames   = []string{"A", "B", "C", "D"}
	worldHosts   = []string{"a.example", "b.a.example", "*.a.example", "*.example", "c.other", "A.EXAMPLE"}
	worldAsked   = []string{"", "a.example", "b.a.example", "x.a.example", "b.example", "c.other", "192.0.2.1", "10.0.0.1", "::1", "z.example"}
	worldSubtree = []string{"example", "a.example", ".a.example", "b.a.example", "other", ".example", ""}
	worldMail    = []string{"m@a.example", "m@b.a.example", "n@a.example", "M@A.example"}
	worldURIs    = []string{"https://a.example/x", "https://b.a.example:1/", "urn:x:y", "https://192.0.2.1/", "ldap://c.other"}
	worldRanges  = []string{"192.0.2.0/24", "10.0.0.0/8", "::/0", "0.0.0.0/0", "192.0.2.1/32"}
	worldIPs     = []string{"192.0.2.1", "10.0.0.1", "::1"}
)

func (w *randomWorld) chance(percent int) bool { return w.IntN(100) < percent }

func pick[T any](w *randomWorld, from []T) T { return from[w.IntN(len(from))] }

func (w *randomWorld) note(format string, args ...any) {
	w.notes = append(w.notes, fmt.Sprintf(format, args...))
}

// worldKeys are Ed25519 but for the last two, P-256 and a short RSA key.
func worldKeys(tb testing.TB) (keys []crypto.Signer) {
	for i := range 8 {
		keys = append(keys, ed25519.NewKeyFromSeed(slices.Repeat([]byte{byte(i)}, ed25519.SeedSize)))
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), cryptorand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	short, err := Loader{MinRSABits: 1024}.PrivateKey(fixture(tb, "rsa1024.key.pem"))
	if err != nil {
		tb.Fatal(err)
	}
	return append(keys, key, short)
}

// newRandomWorld makes one from a seed.
func newRandomWorld(tb testing.TB, seed uint64, keys []crypto.Signer) *randomWorld {
	w := &randomWorld{Rand: rand.New(rand.NewPCG(seed, 1)), keys: keys}
	for range 2 + w.IntN(4) {
		w.issue(tb, true)
	}
	w.issue(tb, false)
	return w
}

// issue adds a certificate by one of the authorities that are there, or by itself.
func (w *randomWorld) issue(tb testing.TB, ca bool) {
	n := len(w.certs)
	t := &x509.Certificate{SerialNumber: big.NewInt(int64(n + 1)), Subject: pkix.Name{CommonName: "leaf"},
		NotBefore: testNow.Add(-time.Hour), NotAfter: testNow.Add(time.Hour)}
	key := pick(w, w.keys)
	if ca {
		authority(t)
		t.Subject.CommonName = pick(w, worldNames)
		w.spoilAuthority(t)
	} else {
		w.nameLeaf(t)
	}
	w.spoil(t)
	w.setPolicies(t, ca)
	parent, signer := t, key
	if n > 0 && (!ca || w.chance(75)) {
		issuer := w.certs[n-1-min(w.IntN(3), w.IntN(n))]
		parent, signer = issuer.template, issuer.key
		if w.chance(3) {
			signer = pick(w, w.keys)
			w.note("%d signed by any key", n)
		}
		if w.chance(10) {
			parent = &x509.Certificate{Subject: parent.Subject, SubjectKeyId: []byte{1, 2, 3}}
			w.note("%d names another key of its issuer", n)
		}
	}
	if w.chance(2) {
		parent = &x509.Certificate{Subject: pkix.Name{CommonName: strings.ToLower(parent.Subject.CommonName)}, SubjectKeyId: parent.SubjectKeyId}
		w.note("%d spells the name of its issuer in another way", n)
	}
	der, err := x509.CreateCertificate(cryptorand.Reader, t, parent, key.Public(), signer)
	if err != nil {
		tb.Fatal(err)
	}
	if _, same := signer.(ed25519.PrivateKey); same && w.chance(2) { // of the others the signature is another each time
		der[w.IntN(len(der))] ^= 1 << w.IntN(8)
		w.note("%d has a bit flipped", n)
	}
	w.note("%d: %q by %q", n, t.Subject.CommonName, parent.Subject.CommonName)
	w.certs = append(w.certs, &randomCert{t, der, key})
}

// spoil does what may be wrong with any certificate.
func (w *randomWorld) spoil(t *x509.Certificate) {
	n := len(w.certs)
	switch w.IntN(40) {
	case 0:
		t.NotBefore, t.NotAfter = testNow.Add(-2*time.Hour), testNow.Add(-time.Second)
		w.note("%d has expired", n)
	case 1:
		t.NotBefore = testNow.Add(time.Second)
		w.note("%d is not yet valid", n)
	case 2:
		critical := w.chance(50)
		t.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 2, 3, 4}, Critical: critical, Value: []byte{5, 0}}}
		w.note("%d has an unknown extension, critical: %v", n, critical)
	case 3:
		t.ExtKeyUsage = []x509.ExtKeyUsage{pick(w, []x509.ExtKeyUsage{x509.ExtKeyUsageAny, x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageCodeSigning})}
		w.note("%d is for %v", n, t.ExtKeyUsage)
	case 4:
		t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	}
}

// spoilAuthority does what may be wrong with an authority's.
func (w *randomWorld) spoilAuthority(t *x509.Certificate) {
	n := len(w.certs)
	if w.chance(15) {
		t.MaxPathLen = w.IntN(3)
		t.MaxPathLenZero = t.MaxPathLen == 0
		w.note("%d has path length %d", n, t.MaxPathLen)
	}
	switch w.IntN(30) {
	case 0:
		t.BasicConstraintsValid, t.IsCA, t.MaxPathLen, t.MaxPathLenZero = false, false, 0, false
		w.note("%d has no basic constraints", n)
	case 1:
		t.IsCA, t.MaxPathLen, t.MaxPathLenZero = false, 0, false
		w.note("%d is no authority", n)
	case 2:
		t.KeyUsage = x509.KeyUsageCertSign
	case 3:
		t.KeyUsage = x509.KeyUsageDigitalSignature
		w.note("%d may not sign certificates", n)
	case 4, 5, 6, 7, 8, 9, 10, 11:
		w.constrain(t)
	}
}

// setPolicies gives a certificate policies, and lets some authorities ask for them.
func (w *randomWorld) setPolicies(t *x509.Certificate, ca bool) {
	if w.asking == 0 {
		w.asking = 1 + w.IntN(8)
	}
	if w.asking > 1 { // in one world of eight
		return
	}
	var done []func(*x509.Certificate)
	if w.chance(85) {
		done = append(done, certPolicies([][]string{{oidPolicyA}, {oidPolicyA, oidPolicyB}, {oidAnyPolicy}, {oidPolicyB, oidAnyPolicy}}[w.IntN(4)]...))
	}
	if ca && w.chance(20) {
		done = append(done, policyMapping(oidPolicyA, oidPolicyB))
	}
	if ca && w.chance(10) {
		done = append(done, inhibitAny(byte(w.IntN(2))))
	}
	switch w.IntN(10) {
	case 0, 1, 2:
		done = append(done, requireExplicit(byte(w.IntN(3))))
	case 3:
		done = append(done, inhibitMapping(byte(w.IntN(2))))
	}
	changes(done...)(t)
	for _, e := range t.ExtraExtensions {
		w.note("%d has %v: %x", len(w.certs), e.Id, e.Value)
	}
}

// constrain gives an authority name constraints.
func (w *randomWorld) constrain(t *x509.Certificate) {
	some := func(from []string) (out []string) {
		for range 1 + w.IntN(2) {
			out = append(out, pick(w, from))
		}
		return out
	}
	var ranges []*net.IPNet
	for _, s := range some(worldRanges) {
		_, r, err := net.ParseCIDR(s)
		if err != nil {
			panic(err)
		}
		ranges = append(ranges, r)
	}
	t.PermittedDNSDomainsCritical = w.chance(80)
	hosts := slices.DeleteFunc(some(worldSubtree), func(s string) bool { return s == "" })
	mails := slices.Concat(hosts, worldMail[:w.IntN(2)])
	switch w.IntN(9) {
	case 8:
		directories := permitted(directory(dn(rdn(attribute(oidCommonName, 0x13, pick(w, worldNames))))))
		if w.chance(70) {
			directories[0] = 0xa1 // excluded
		}
		t.ExtraExtensions = append(t.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 30}, Critical: w.chance(50), Value: tlv(0x30, directories)})
		w.note("%d constrains directory names", len(w.certs))
	case 0:
		t.PermittedDNSDomains = some(worldSubtree)
	case 1:
		t.ExcludedDNSDomains = some(worldSubtree)
	case 2:
		t.PermittedIPRanges = ranges
	case 3:
		t.ExcludedIPRanges = ranges
	case 4:
		t.PermittedEmailAddresses = mails
	case 5:
		t.ExcludedEmailAddresses = mails
	case 6:
		t.PermittedURIDomains = hosts
	case 7:
		t.ExcludedURIDomains = hosts
	}
	w.note("%d constrains: permitted %q %v %q %q, excluded %q %v %q %q", len(w.certs), t.PermittedDNSDomains, t.PermittedIPRanges, t.PermittedEmailAddresses, t.PermittedURIDomains,
		t.ExcludedDNSDomains, t.ExcludedIPRanges, t.ExcludedEmailAddresses, t.ExcludedURIDomains)
}

// nameLeaf gives the leaf what it is for.
func (w *randomWorld) nameLeaf(t *x509.Certificate) {
	for range w.IntN(3) {
		t.DNSNames = append(t.DNSNames, pick(w, worldHosts))
	}
	if w.chance(50) {
		t.DNSNames = append(t.DNSNames, "a.example")
	}
	if w.chance(20) {
		t.IPAddresses = append(t.IPAddresses, net.ParseIP(pick(w, worldIPs)))
	}
	if w.chance(35) {
		t.EmailAddresses = append(t.EmailAddresses, pick(w, worldMail))
	}
	if w.chance(35) {
		u, err := url.Parse(pick(w, worldURIs))
		if err != nil {
			panic(err)
		}
		t.URIs = append(t.URIs, u)
	}
	if w.chance(10) {
		t.KeyUsage = pick(w, []x509.KeyUsage{x509.KeyUsageDigitalSignature, x509.KeyUsageKeyEncipherment})
		w.note("the leaf's key usage is %d", t.KeyUsage)
	}
	w.note("the leaf is for %q %v %q %v", t.DNSNames, t.IPAddresses, t.EmailAddresses, t.URIs)
}

// A verdict is what both say of a leaf.
type verdict struct {
	o            VerifyOptions
	roots        []*Certificate
	path         []*Certificate   // our first
	paths        [][]*Certificate // all of ours
	ours, theirs error
}

// judge asks both whether the leaf is accepted.
func (w *randomWorld) judge() (v verdict) {
	leaf, sent := w.certs[len(w.certs)-1].der, [][]byte(nil)
	var roots []*Certificate
	pool, between := x509.NewCertPool(), x509.NewCertPool()
	for i, c := range w.certs[:len(w.certs)-1] {
		std, stdErr := x509.ParseCertificate(c.der)
		parsed, err := Parse(c.der)
		if i == 0 || w.chance(15) {
			w.note("%d is a root", i)
			if stdErr == nil && err == nil {
				pool.AddCert(std)
				roots = append(roots, parsed)
			}
		} else if w.chance(95) {
			sent = append(sent, c.der)
			if stdErr == nil {
				between.AddCert(std)
			}
		}
	}
	w.Shuffle(len(sent), func(i, j int) { sent[i], sent[j] = sent[j], sent[i] })
	o := VerifyOptions{Now: testNow, Name: "a.example", MinRSABits: MinRSABits} // the default of ours is twice theirs
	if w.chance(30) {
		o.Name = pick(w, worldAsked)
	}
	usage := x509.ExtKeyUsageServerAuth
	if w.chance(30) {
		o.Role, usage = RoleClient, x509.ExtKeyUsageClientAuth
	}
	w.note("asked for %q, a %v", o.Name, o.Role)
	std, err := x509.ParseCertificate(leaf)
	if v.theirs = err; err == nil {
		_, v.theirs = std.Verify(x509.VerifyOptions{DNSName: o.Name, Roots: pool, Intermediates: between, CurrentTime: o.Now, KeyUsages: []x509.ExtKeyUsage{usage}})
	}
	v.roots, v.o = roots, o
	trust, chain := PathTo(NewRoots(roots...)), append([][]byte{leaf}, sent...)
	_, v.path, v.ours = trust.VerifyPath(chain, o)
	_, v.paths, _ = trust.VerifyPaths(chain, o)
	return v
}

func sameBytes(a, b *Certificate) bool { return bytes.Equal(a.Raw, b.Raw) }

// checkPaths looks whether each of our paths, all different, would do if there were nothing else, and whether the first
// is the one that is found alone.
func (v *verdict) checkPaths(t *testing.T, seed uint64) {
	t.Helper()
	if (len(v.paths) > 0) != (v.ours == nil) || v.ours == nil && !slices.EqualFunc(v.paths[0], v.path, sameBytes) {
		t.Errorf("seed %d: %d paths, where one is %v", seed, len(v.paths), v.ours)
	}
	for i, path := range v.paths {
		var chain [][]byte
		for _, c := range path {
			chain = append(chain, c.Raw)
		}
		last := len(path) - 1
		if _, _, err := PathTo(NewRoots(path[last])).VerifyPath(chain[:max(last, 1)], v.o); err != nil {
			t.Errorf("seed %d: path %d alone: %v", seed, i, err)
		}
		for _, other := range v.paths[:i] {
			if slices.EqualFunc(path, other, sameBytes) {
				t.Errorf("seed %d: path %d twice", seed, i)
			}
		}
	}
}

// constrains reports whether an authority of our path has constraints for a form of name.
func (v *verdict) constrains(form formSet) bool {
	return slices.ContainsFunc(v.path, func(c *Certificate) bool {
		return c.constraints != nil && (c.constraints.permitted.forms|c.constraints.excluded.forms)&form != 0
	})
}

func (v *verdict) theySay(text string) bool {
	return v.theirs != nil && strings.Contains(v.theirs.Error(), text)
}

func (v *verdict) weSay(err error, text string) bool {
	return errors.Is(v.ours, err) && strings.Contains(v.ours.Error(), text)
}

// knownDifferences are all there are: what crypto/x509 does otherwise, and why we do not follow.
var knownDifferences = []struct {
	what string
	is   func(v *verdict) bool
}{
	{"An authority's certificate for itself counts for their path length; RFC 5280 §4.2.1.9 says that it does not.", func(v *verdict) bool {
		for i, c := range v.path {
			if c.MaxPathLen >= 0 && i-1 > c.MaxPathLen {
				return true // or our own count, which leaves those out, would have refused it
			}
		}
		return false
	}},
	{"They refuse a URI without a DNS name under constraints of whatever form; RFC 5280 §4.2.1.10 does so under those of URIs.", func(v *verdict) bool {
		return v.theySay("cannot be matched against constraints") && v.theySay("URI with") && !v.constrains(formOf(tagURI))
	}},
	{"For a mailbox or a URI a constraint without a dot before it is a host (RFC 5280 §4.2.1.10); they take it for a domain: excluded.", func(v *verdict) bool {
		return (v.theySay("email address") || v.theySay("URI")) && v.theySay("is excluded by constraint") && v.constrains(formOf(tagURI)|formOf(tagEmail))
	}},
	{"The same: permitted.", func(v *verdict) bool {
		return v.weSay(ErrNameConstraint, "is not among those permitted") && (v.weSay(ErrNameConstraint, "rfc822Name") || v.weSay(ErrNameConstraint, "uniformResourceIdentifier"))
	}},
	{"They compare names byte for byte; RFC 5280 §7.1 does so without regard to case and to the type of string.", func(v *verdict) bool {
		for i := range v.path[:max(len(v.path)-1, 0)] {
			if !bytes.Equal(v.path[i].RawIssuer, v.path[i+1].RawSubject) {
				return true
			}
		}
		return false
	}},
	{"They do not know constraints on directory names, and refuse them when they are critical.", func(v *verdict) bool {
		return v.theirs != nil && v.constrains(formOf(tagDirectoryName))
	}},
	{"The same, and they pass over them when they are not.", func(v *verdict) bool { return v.weSay(ErrNameConstraint, "directoryName") }},
	{"What a root asks for in the way of policies holds here (RFC 5937); they begin below it.", func(v *verdict) bool {
		return v.weSay(ErrPolicy, "") && slices.ContainsFunc(v.roots, func(c *Certificate) bool {
			return c.policies != nil && min(c.policies.requireExplicit, c.policies.inhibitMapping, c.policies.inhibitAny) != noSkip
		})
	}},
	{"A leaf that may not sign is of no use in TLS 1.3 (RFC 8446 §4.4.2.2); they leave that to crypto/tls.", func(v *verdict) bool { return v.weSay(ErrKeyUsage, "CN=leaf") }},
}

func TestPathsAgreeWithCryptoX509(t *testing.T) {
	accepted, refused, several := 0, 0, 0
	seen := make([]int, len(knownDifferences))
	keys := worldKeys(t)
	for seed := range uint64(3000) {
		w := newRandomWorld(t, seed, keys)
		v := w.judge()
		v.checkPaths(t, seed)
		several += min(len(v.paths)/2, 1)
		switch {
		case v.ours == nil && v.theirs == nil:
			accepted++
			continue
		case v.ours != nil && v.theirs != nil:
			refused++
			continue
		}
		i := 0
		for i < len(seen) && !knownDifferences[i].is(&v) {
			i++
		}
		if i == len(seen) {
			t.Errorf("seed %d: we say %v, crypto/x509 says %v; %q", seed, v.ours, v.theirs, w.notes)
			continue
		}
		seen[i]++
	}
	for i, n := range seen {
		t.Logf("%d times: %s", n, knownDifferences[i].what)
		if n == 0 {
			t.Error("that did not happen: is it still so?")
		}
	}
	if t.Logf("%d accepted and %d refused by both, %d with several paths", accepted, refused, several); accepted < 500 || refused < 500 || several < 5 {
		t.Error("one of these is too rare to tell anything")
	}
}
