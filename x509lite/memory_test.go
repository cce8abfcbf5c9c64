package x509lite

import (
	"crypto/x509"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// signaturesOf searches, and gives how many signatures were verified.
func signaturesOf(t *testing.T, trust *Trust, chain [][]byte) int {
	t.Helper()
	leaf, _, err := trust.match(chain[0], fingerprint(chain[0]))
	if err != nil {
		t.Fatal(err)
	}
	s := newSearch(trust.roots, leaf, chain[1:], VerifyOptions{Now: testNow})
	if _, err := s.run(); err != nil {
		t.Fatal(err)
	}
	return len(s.signatures)
}

// apart reports whether authorities have places of their own in a memory: keys are random, and now and then one pushes
// out another.
func apart(authorities ...*holder) bool {
	var m memory
	taken := make(map[*atomic.Pointer[signed]]bool)
	for _, a := range authorities {
		f := a.Fingerprint()
		taken[m.at(&f)] = true
	}
	return len(taken) == len(authorities)
}

func TestAuthoritiesOfOnePlaceAreNotApart(t *testing.T) {
	a := issued(t, "a", nil, authority)
	if !apart(a) || apart(a, a) {
		t.Error("a certificate and itself")
	}
}

func fingerprint(der []byte) [32]byte { return (&Certificate{Raw: der}).Fingerprint() }

func TestWhatLedToARootIsNotVerifiedAgain(t *testing.T) {
	w := newChainWorld(t)
	trust, chain := PathTo(rootsOf(w.root)), wire(w.leaf, w.lower, w.upper)
	if n := signaturesOf(t, trust, chain); n != 3 {
		t.Errorf("%d signatures the first time", n)
	}
	if n := signaturesOf(t, trust, chain); n != 0 {
		t.Errorf("%d signatures the second time", n)
	}
	sibling := issued(t, "sibling", w.lower, nil)
	if n := signaturesOf(t, trust, wire(sibling, w.lower, w.upper)); n != 1 {
		t.Errorf("%d signatures for another leaf of the same authorities", n)
	}
	if n := signaturesOf(t, PathTo(rootsOf(w.root)), chain); n != 3 {
		t.Errorf("%d signatures with other roots", n)
	}
	_, first, err := trust.VerifyPath(chain, VerifyOptions{Now: testNow})
	if err != nil {
		t.Fatal(err)
	}
	_, second, _ := trust.VerifyPath(chain, VerifyOptions{Now: testNow})
	for i := range first {
		if first[i] != second[i] {
			t.Errorf("certificate %d was parsed again", i)
		}
	}
	o := VerifyOptions{Now: testNow, Name: "a.example"}
	if n := testing.AllocsPerRun(100, func() { _, _, _ = trust.VerifyPath(chain, o) }); n > 11 {
		t.Errorf("%v allocations", n)
	} else {
		t.Logf("%v allocations", n)
	}
}

func TestWhatIsRememberedIsJudgedAnew(t *testing.T) {
	w := newChainWorld(t)
	trust, chain := PathTo(rootsOf(w.root)), wire(w.leaf, w.lower, w.upper)
	if _, err := pathNames(trust, chain); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[error]func(*VerifyOptions){
		ErrExpired:      func(o *VerifyOptions) { o.Now = testNow.Add(2 * time.Hour) },
		ErrNameMismatch: func(o *VerifyOptions) { o.Name = "b.example" },
	} {
		if _, err := pathNames(trust, chain, change); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
	if _, err := pathNames(trust, chain[:2]); !errors.Is(err, ErrUnknownAuthority) {
		t.Errorf("without one of its authorities: %v", err)
	}
	if _, err := pathNames(trust, [][]byte{tamper(w.leaf.Raw), w.lower.Raw, w.upper.Raw}); !errors.Is(err, ErrSignature) {
		t.Errorf("with a signature that was changed: %v", err)
	}
}

func TestOnlyWhatLedToARootIsRemembered(t *testing.T) {
	w := newChainWorld(t)
	roots := rootsOf(w.root)
	long := issued(t, "leaf", w.lower, withExtension([]int{1, 2, 3, 4}, false, make([]byte, rememberedSize)))
	for _, chain := range [][][]byte{wire(w.leaf, w.lower), wire(issued(t, "leaf", issued(t, "x", nil, authority), nil))} {
		if _, _, err := PathTo(roots).VerifyPath(chain, VerifyOptions{Now: testNow}); err == nil {
			t.Error("accepted")
		}
	}
	narrow := issued(t, "narrow", w.root, changes(authority, constraints(excluded(dnsName("a.example")))))
	if _, err := pathNames(PathTo(roots), wire(issued(t, "leaf", narrow, forName("a.example")), narrow)); !errors.Is(err, ErrNameConstraint) {
		t.Error(err)
	}
	for _, m := range []*memory{&roots.leaves, &roots.authorities} {
		for i := range m {
			if m[i].Load() != nil {
				t.Error("something was remembered of who was refused")
			}
		}
	}
	if n := signaturesOf(t, PathTo(roots), wire(long, w.lower, w.upper)); n != 3 {
		t.Error(n)
	}
	if n := signaturesOf(t, PathTo(roots), wire(long, w.lower, w.upper)); n != 1 {
		t.Errorf("%d signatures: a certificate of %d bytes was remembered", n, len(long.Raw))
	}
}

func TestMemoryIsOfOneSize(t *testing.T) {
	root := issued(t, "root", nil, authority)
	roots := rootsOf(root)
	for range 3 * rememberedCerts {
		if _, _, err := PathTo(roots).VerifyPath(wire(issued(t, "leaf", root, nil)), VerifyOptions{Now: testNow}); err != nil {
			t.Fatal(err)
		}
	}
	held := 0
	for i := range roots.leaves {
		if roots.leaves[i].Load() != nil {
			held++
		}
	}
	if held < rememberedCerts/2 || held > rememberedCerts {
		t.Errorf("%d certificates", held)
	}
}

func TestRootsAreShared(t *testing.T) {
	w := newChainWorld(t)
	trust := PathTo(rootsOf(w.root))
	expired := issued(t, "leaf", w.lower, changes(forName("a.example"), func(c *x509.Certificate) { c.NotAfter = testNow.Add(-time.Minute) }))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if _, err := pathNames(trust, wire(w.leaf, w.lower, w.upper)); err != nil {
					t.Error(err)
				}
				if _, err := pathNames(trust, wire(expired, w.lower, w.upper)); !errors.Is(err, ErrExpired) {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}
