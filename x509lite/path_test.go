package x509lite

import (
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// A chainWorld has a root, two authorities in a row, and a leaf.
type chainWorld struct{ root, upper, lower, leaf *holder }

func newChainWorld(tb testing.TB) (w chainWorld) {
	w.root = issued(tb, "root", nil, authority)
	w.upper = issued(tb, "upper", w.root, authority)
	w.lower = issued(tb, "lower", w.upper, authority)
	if !apart(w.upper, w.lower) {
		return newChainWorld(tb)
	}
	w.leaf = issued(tb, "leaf", w.lower, forName("a.example"))
	return w
}

// pathNames verifies a chain for a server a.example at testNow and gives the names along the path.
func pathNames(trust *Trust, chain [][]byte, change ...func(*VerifyOptions)) (string, error) {
	o := VerifyOptions{Now: testNow, Name: "a.example"}
	for _, c := range change {
		c(&o)
	}
	leaf, path, err := trust.VerifyPath(chain, o)
	if err != nil {
		return "", err
	}
	var names []string
	for _, c := range path {
		names = append(names, strings.TrimPrefix(c.Subject(), "CN="))
	}
	if path != nil && path[0] != leaf {
		return "", errors.New("the path does not begin with the leaf")
	}
	return strings.Join(names, " "), nil
}

func TestAPathLeadsFromTheLeafToARoot(t *testing.T) {
	w := newChainWorld(t)
	for _, c := range []struct {
		name  string
		roots *Roots
		chain [][]byte
		want  string
	}{
		{"in order", rootsOf(w.root), wire(w.leaf, w.lower, w.upper), "leaf lower upper root"},
		{"in the other order", rootsOf(w.root), wire(w.leaf, w.upper, w.lower), "leaf lower upper root"},
		{"with the root", rootsOf(w.root), wire(w.leaf, w.root, w.upper, w.lower), "leaf lower upper root"},
		{"each twice", rootsOf(w.root), wire(w.leaf, w.upper, w.upper, w.leaf, w.lower, w.lower), "leaf lower upper root"},
		{"with junk", rootsOf(w.root), append(wire(w.leaf, w.upper, issued(t, "other", nil, authority), w.lower), []byte("junk"), nil), "leaf lower upper root"},
		{"authority trusted", rootsOf(w.upper), wire(w.leaf, w.lower), "leaf lower upper"},
		{"nearest root", rootsOf(w.root, w.lower), wire(w.leaf, w.lower, w.upper), "leaf lower"},
		{"leaf trusted", rootsOf(w.root, w.leaf), wire(w.leaf), "leaf"},
	} {
		if got, err := pathNames(PathTo(c.roots), c.chain); got != c.want || err != nil {
			t.Errorf("%s: %q, %v", c.name, got, err)
		}
	}
}

func TestNoPathIsRefusedWithTheCertificateItIsAbout(t *testing.T) {
	w := newChainWorld(t)
	old := func(c *x509.Certificate) {
		c.NotBefore, c.NotAfter = testNow.Add(-2*time.Hour), testNow.Add(-time.Second)
	}
	future := func(c *x509.Certificate) { c.NotBefore = testNow.Add(time.Second) }
	leafOf := func(issuer *holder) *holder { return issued(t, "leaf", issuer, forName("a.example")) }
	below := func(issuer *holder, change ...func(*x509.Certificate)) (*holder, *holder) {
		i := issued(t, "lower", issuer, changes(append([]func(*x509.Certificate){authority}, change...)...))
		return leafOf(i), i
	}
	stranger := issued(t, "root", nil, authority)
	for _, c := range []struct {
		name  string
		roots *Roots
		make  func() (chain [][]byte, about *holder)
		check Check
		want  error
		text  string
	}{
		{"unknown root", rootsOf(issued(t, "other", nil, authority)), func() ([][]byte, *holder) { return wire(w.leaf, w.lower, w.upper), w.upper },
			CheckPath, ErrUnknownAuthority, `issued by "CN=root"`},
		{"no roots", NewRoots(), func() ([][]byte, *holder) { return wire(w.leaf, w.lower, w.upper), w.upper }, CheckPath, ErrUnknownAuthority, ""},
		{"root of the same name", rootsOf(stranger), func() ([][]byte, *holder) { return wire(w.leaf, w.lower, w.upper), w.upper }, CheckSignature, ErrSignature, `by "CN=root"`},
		{"authority that does not parse", rootsOf(w.root), func() ([][]byte, *holder) { return [][]byte{w.leaf.Raw, w.lower.Raw[:99], w.upper.Raw}, w.leaf }, CheckPath, ErrUnknownAuthority, "malformed certificate"},
		{"missing authority", rootsOf(w.root), func() ([][]byte, *holder) { return wire(w.leaf, w.upper), w.leaf }, CheckPath, ErrUnknownAuthority, `issued by "CN=lower"`},
		{"self-signed", rootsOf(w.root), func() ([][]byte, *holder) { l := leafOf(nil); return wire(l), l }, CheckPath, ErrUnknownAuthority, ""},
		{"expired authority", rootsOf(w.root), func() ([][]byte, *holder) { l, i := below(w.root, old); return wire(l, i), i }, CheckValidity, ErrExpired, "2100-03-04T05:06:06Z"},
		{"authority of the future", rootsOf(w.root), func() ([][]byte, *holder) { l, i := below(w.root, future); return wire(l, i), i }, CheckValidity, ErrNotYetValid, ""},
		{"expired leaf", rootsOf(w.root), func() ([][]byte, *holder) { l := issued(t, "leaf", w.root, old); return wire(l), l }, CheckValidity, ErrExpired, ""},
		{"other name", rootsOf(w.root), func() ([][]byte, *holder) { l := issued(t, "leaf", w.root, forName("b.example")); return wire(l), l }, CheckName, ErrNameMismatch, "b.example"},
	} {
		chain, about := c.make()
		_, err := pathNames(PathTo(c.roots), chain)
		var ve *VerifyError
		if !errors.Is(err, c.want) || !errors.As(err, &ve) || ve.Check != c.check || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %v", c.name, err)
		} else if ve.Cert == nil || !slices.Equal(ve.Cert.Raw, about.Raw) {
			t.Errorf("%s: %v is about %v", c.name, err, ve.Cert)
		}
	}
}

func BenchmarkPath(b *testing.B) {
	w := newChainWorld(b)
	trust, chain := PathTo(rootsOf(w.root)), wire(w.leaf, w.lower, w.upper)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := pathNames(trust, chain); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWebGivenUp(b *testing.B) {
	leaf, all := web(b, 9, func(i int) string { return fmt.Sprint("web ", i) })
	roots, sent := rootsOf(issued(b, "root", nil, authority)), wire(all...)
	for b.Loop() {
		s := newSearch(roots, leaf.Certificate, sent, VerifyOptions{Now: testNow, MaxSignatureChecks: 1000})
		if _, err := s.run(); !errors.Is(err, ErrTooLarge) {
			b.Fatal(err)
		}
	}
}

// What a peer sends leads to a path or to a reason, whatever it is.
func FuzzVerifyPath(f *testing.F) {
	w := newChainWorld(f)
	f.Add(w.leaf.Raw, w.lower.Raw, w.upper.Raw)
	f.Add(w.leaf.Raw, w.upper.Raw, w.lower.Raw)
	constrained := issued(f, "upper", w.root, changes(authority, constraints(permitted(dnsName("example")), excluded(directory(dn())))))
	f.Add(issued(f, "leaf", constrained, forName("a.example")).Raw, constrained.Raw, w.root.Raw)
	trust := PathTo(rootsOf(w.root))
	f.Fuzz(func(t *testing.T, leaf, a, b []byte) {
		got, paths, err := trust.VerifyPaths([][]byte{leaf, a, b}, VerifyOptions{Now: testNow})
		var ve *VerifyError
		if err != nil && (!errors.As(err, &ve) || ve.Err == nil || err.Error() == "") {
			t.Fatalf("%#v", err)
		}
		if err == nil && len(paths) == 0 {
			t.Fatal("accepted by none")
		}
		for _, path := range paths {
			if path[0] != got || len(path) > 4 || path[len(path)-1] != w.root.Certificate {
				t.Fatalf("accepted by %v", path)
			}
		}
	})
}

func TestPathOfOneAuthorityAllocatesLittle(t *testing.T) {
	root := issued(t, "root", nil, authority)
	mid := issued(t, "mid", root, authority)
	leaf := issued(t, "leaf", mid, forName("a.example"))
	trust, chain, o := PathTo(rootsOf(root)), wire(leaf, mid), VerifyOptions{Now: testNow, Name: "a.example"}
	if n := testing.AllocsPerRun(100, func() {
		if _, _, err := trust.VerifyPath(chain, o); err != nil {
			t.Fatal(err)
		}
	}); n > 16 {
		t.Errorf("%v allocations", n)
	} else {
		t.Logf("%v allocations", n)
	}
}
