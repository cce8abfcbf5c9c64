package x509lite

import (
	"bytes"
	"crypto/x509"
	"errors"
	"os"
	"testing"
)

func TestRootsAreLoadedFromPEMAndDER(t *testing.T) {
	a, b := issued(t, "a", nil, authority), issued(t, "b", nil, authority)
	both := append([]byte("two roots\n"), CertificatePEM(a.Raw, b.Raw, a.Raw)...)
	r, err := LoadRoots(both)
	if err != nil || r.Len() != 2 {
		t.Fatalf("%d roots, %v", r.Len(), err)
	}
	if certs := r.Certificates(); !bytes.Equal(certs[0].Raw, a.Raw) || !bytes.Equal(certs[1].Raw, b.Raw) {
		t.Error("not in the order of the file")
	}
	if r, err = LoadRoots(a.Raw); err != nil || r.Len() != 1 {
		t.Errorf("DER: %d roots, %v", r.Len(), err)
	}
	for name, data := range map[string][]byte{"nothing": nil, "text": []byte("root"), "no certificate": []byte("-----BEGIN X-----\n-----END X-----\n")} {
		if r, err := LoadRoots(data); err == nil || r != nil {
			t.Errorf("%s: %v, %v", name, r, err)
		}
	}
	both = bytes.Replace(both, []byte("MI"), []byte("!!"), 1)
	if _, err := LoadRoots(both); !errors.Is(err, ErrMalformed) {
		t.Errorf("a root that is damaged: %v", err)
	}
}

func TestRootsThatAreNoneTrustNobody(t *testing.T) {
	w := newChainWorld(t)
	chain := wire(w.leaf, w.lower, w.upper)
	for name, trust := range map[string]*Trust{"nil": PathTo(nil), "with a nil": PathTo(NewRoots(w.root.Certificate, nil)), "in any of": AnyOf(Pin(), PathTo(nil))} {
		if _, err := pathNames(trust, chain); !errors.Is(err, ErrBadTrust) || trust.Err() == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, r := range map[string]*Roots{"empty": NewRoots(), "zero": {}} {
		if _, err := pathNames(PathTo(r), chain); !errors.Is(err, ErrUnknownAuthority) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var none *Roots
	if none.Len() != 0 || none.Certificates() != nil || none.Subjects() != nil || Pin().Roots() != nil || (*Trust)(nil).Roots() != nil {
		t.Error("nil roots have something")
	}
}

func TestSubjectsOfRootsStandOnce(t *testing.T) {
	a, a2, b := issued(t, "a", nil, authority), issued(t, "a", nil, authority), issued(t, "b", nil, authority)
	names := rootsOf(a, b, a2).Subjects()
	if len(names) != 2 || !bytes.Equal(names[0], a.RawSubject) || !bytes.Equal(names[1], b.RawSubject) {
		t.Errorf("%d names", len(names))
	}
}

func TestPinsAndRootsTogether(t *testing.T) {
	w := newChainWorld(t)
	pinned := mustSelfSigned(t, SelfSignedOptions{Names: []string{"a.example"}})
	trust := AnyOf(Pin(pinned.Leaf), PathTo(rootsOf(w.root)), PinSPKI(w.leaf.SPKIHash()), PathTo(rootsOf(issued(t, "other", nil, authority))))
	if trust.Len() != 4 || trust.Roots().Len() != 2 || trust.Err() != nil {
		t.Errorf("%d trusted, %d of them roots, %v", trust.Len(), trust.Roots().Len(), trust.Err())
	}
	if got, err := pathNames(trust, pinned.Chain); got != "" || err != nil {
		t.Errorf("pinned: path %q, %v", got, err)
	}
	// Its key is pinned, too, but it is an authority's certificate: then the path counts.
	if got, err := pathNames(trust, wire(w.leaf, w.lower, w.upper)); got != "leaf lower upper root" || err != nil {
		t.Errorf("certified: path %q, %v", got, err)
	}
	if _, err := pathNames(trust, wire(w.leaf)); !errors.Is(err, ErrUnknownAuthority) {
		t.Errorf("key pinned, certified by who is not there: %v", err)
	}
}

// The authorities that systems come with are as they are: whoever loads them gets all of them, and no error.
func TestRootsOfThisSystem(t *testing.T) {
	data, err := os.ReadFile("/etc/ssl/certs/ca-certificates.crt")
	if err != nil {
		t.Skip(err)
	}
	r, err := LoadRoots(data)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if pool.AppendCertsFromPEM(data); r.Len() < 50 {
		t.Errorf("%d roots", r.Len())
	}
	for _, c := range r.Certificates() {
		if err := c.KeyError(); err != nil || !c.IsCA || len(c.UnknownCritical) > 0 {
			t.Errorf("%s: of no use: %v, %v", c.Subject(), err, c.UnknownCritical)
		}
	}
}

func FuzzLoadRoots(f *testing.F) {
	a := issued(f, "a", nil, authority)
	f.Add(a.Raw)
	f.Add(CertificatePEM(a.Raw, a.Raw))
	f.Add([]byte("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := LoadRoots(data)
		if (r == nil) != (err != nil) {
			t.Fatal("neither roots nor an error, or both")
		}
		for _, c := range r.Certificates() {
			if r.find(c.Raw, c.Fingerprint()) != c {
				t.Fatal("a root is not found")
			}
		}
	})
}

func TestSpellingThatOnlyRootsMayHave(t *testing.T) {
	bits := newHandMade()
	bits.setExts(extDER(oidKeyUsage, true, []byte{3, 2, 0, 0x06}))
	zeros, many := newHandMade(), newHandMade()
	zeros.setExts(extDER(oidKeyUsage, true, []byte{3, 3, 0, 0x06, 0}))
	many.setExts(extDER(oidKeyUsage, true, []byte{3, 4, 0, 0x06, 0, 0x80}))
	none, noneEither := newHandMade(), newHandMade()
	none.setExts(extDER(oidKeyUsage, true, []byte{3, 2, 0, 0}))
	noneEither.setExts(extDER(oidKeyUsage, true, []byte{3, 3, 7, 0, 0}))
	for name, c := range map[string]struct {
		h  *handMade
		ok bool
	}{"no bit": {none, false}, "no bit of nine": {noneEither, false}, "zero bit at the end": {bits, true}, "zero octet at the end": {zeros, true}, "more bits than there are": {many, false}} {
		if _, err := Parse(c.h.der()); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: of a peer: %v", name, err)
		}
		r, err := LoadRoots(c.h.der())
		if (err == nil) != c.ok {
			t.Errorf("%s: of a root: %v", name, err)
		}
		if c.ok && r.Certificates()[0].KeyUsage != CertSign|CRLSign {
			t.Errorf("%s: usage %v", name, r.Certificates()[0].KeyUsage)
		}
	}
}
