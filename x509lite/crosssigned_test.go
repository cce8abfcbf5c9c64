package x509lite

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestCrossSignedAuthorities(t *testing.T) {
	// Two roots certify each other's keys, and an authority is certified by both.
	a, b := issued(t, "a", nil, authority), issued(t, "b", nil, authority)
	aByB, bByA := issuedFor(t, "a", a.key, b, authority), issuedFor(t, "b", b.key, a, authority)
	mid := issued(t, "mid", a, authority)
	midByB := issuedFor(t, "mid", mid.key, b, authority)
	leaf := issued(t, "leaf", mid, forName("a.example"))
	for _, c := range []struct {
		name  string
		roots *Roots
		chain []*holder
		want  string
	}{
		{"the way over a", rootsOf(a), []*holder{leaf, mid}, "leaf mid a"},
		{"the way over b", rootsOf(b), []*holder{leaf, midByB}, "leaf mid b"},
		{"a, by b's certificate for it", rootsOf(b), []*holder{leaf, mid, aByB}, "leaf mid a b"},
		{"a that b certified, which a certified: once around and no further", rootsOf(a), []*holder{leaf, aByB, bByA, midByB}, "leaf mid b a"},
		{"all of it, to both", rootsOf(a, b), []*holder{leaf, aByB, bByA, midByB, mid}, "leaf mid b"},
	} {
		if got, err := pathNames(PathTo(c.roots), wire(c.chain...)); got != c.want || err != nil {
			t.Errorf("%s: %q, %v", c.name, got, err)
		}
	}
	if _, err := pathNames(PathTo(rootsOf(issued(t, "c", nil, authority))), wire(leaf, aByB, bByA, midByB, mid)); !errors.Is(err, ErrUnknownAuthority) {
		t.Errorf("around and around: %v", err)
	}
	// The same names with the same key are where one has been, even when the certificate is another.
	again := issuedFor(t, "a", a.key, nil, authority)
	if _, err := pathNames(PathTo(rootsOf(a)), wire(again), func(o *VerifyOptions) { o.Name = "" }); !errors.Is(err, ErrUnknownAuthority) {
		t.Errorf("a root's key in another certificate of its own: %v", err)
	}
}

// allPathNames gives the names along every path, in alphabetical order.
func allPathNames(paths [][]*Certificate) (all []string) {
	for _, path := range paths {
		var names []string
		for _, c := range path {
			names = append(names, strings.TrimPrefix(c.Subject(), "CN="))
		}
		all = append(all, strings.Join(names, " "))
	}
	slices.Sort(all)
	return all
}

// What crypto/x509 finds, we find.
func TestEveryPathIsFound(t *testing.T) {
	a, b := issued(t, "a", nil, authority), issued(t, "b", nil, authority)
	aByB, bByA := issuedFor(t, "a", a.key, b, authority), issuedFor(t, "b", b.key, a, authority)
	mid := issued(t, "mid", a, authority)
	midByB := issuedFor(t, "mid", mid.key, b, authority)
	expired := issuedFor(t, "mid", mid.key, a, changes(authority, func(c *x509.Certificate) { c.NotAfter = testNow.Add(-time.Minute) }))
	if !apart(a, b, aByB, bByA, mid, midByB, expired) {
		TestEveryPathIsFound(t)
		return
	}
	leaf := issued(t, "leaf", mid, forName("a.example"))
	for _, c := range []struct {
		name  string
		roots []*holder
		sent  []*holder
		want  int
	}{
		{"one", []*holder{a}, []*holder{mid}, 1},
		{"one, with its root and what has expired", []*holder{a}, []*holder{mid, a, expired}, 1},
		{"to both", []*holder{a, b}, []*holder{mid, midByB}, 2},
		{"over each other", []*holder{a, b}, []*holder{mid, midByB, aByB, bByA, expired}, 4},
		{"an authority that is trusted too", []*holder{a, mid}, []*holder{mid}, 2},
	} {
		o := x509.VerifyOptions{Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool(), CurrentTime: testNow, DNSName: "a.example"}
		for _, r := range c.roots {
			o.Roots.AddCert(r.std)
		}
		for _, s := range c.sent {
			o.Intermediates.AddCert(s.std)
		}
		chains, err := leaf.std.Verify(o)
		if err != nil {
			t.Fatal(err)
		}
		var std []string
		for _, chain := range chains {
			var names []string
			for _, c := range chain {
				names = append(names, c.Subject.CommonName)
			}
			std = append(std, strings.Join(names, " "))
		}
		slices.Sort(std)
		trust := PathTo(rootsOf(c.roots...))
		for range 2 { // the second time from what is remembered
			got, paths, err := trust.VerifyPaths(wire(append([]*holder{leaf}, c.sent...)...), VerifyOptions{Now: testNow, Name: "a.example"})
			if err != nil || !slices.Equal(allPathNames(paths), std) || len(paths) != c.want || paths[0][0] != got {
				t.Errorf("%s: %q, %v; crypto/x509 has %q", c.name, allPathNames(paths), err, std)
			}
		}
		s := newSearch(trust.roots, leaf.Certificate, wire(c.sent...), VerifyOptions{Now: testNow})
		s.most.paths = DefaultMaxPaths
		if leaf, _, _ := trust.match(leaf.Raw, leaf.Fingerprint()); leaf != nil {
			s.path[0].cert = leaf
		}
		if _, err := s.run(); err != nil || len(s.signatures) > 0 {
			t.Errorf("%s: %d signatures verified again, %v", c.name, len(s.signatures), err)
		}
	}
}

// What ends the search when there is a path does not take that away.
func TestThePathsThatAreFoundAreBounded(t *testing.T) {
	var roots, sent []*holder
	mid := issued(t, "mid", nil, authority)
	for i := range 20 {
		roots = append(roots, issued(t, fmt.Sprint("root ", i), nil, authority))
		sent = append(sent, issuedFor(t, "mid", mid.key, roots[i], authority))
	}
	chain := wire(append([]*holder{issued(t, "leaf", mid, forName("a.example"))}, sent...)...)
	for _, c := range []struct {
		o    VerifyOptions
		want int
	}{
		{VerifyOptions{}, DefaultMaxPaths}, {VerifyOptions{MaxPaths: 100}, 20}, {VerifyOptions{MaxPaths: 3}, 3},
		{VerifyOptions{MaxPaths: 100, MaxSignatureChecks: 8}, 7}, {VerifyOptions{MaxPaths: 100, MaxPathSteps: 11}, 5},
	} {
		c.o.Now, c.o.MaxChain = testNow, 100
		if c.o.MaxSignatureChecks == 0 {
			c.o.MaxSignatureChecks = 100
		}
		if _, paths, err := PathTo(rootsOf(roots...)).VerifyPaths(chain, c.o); len(paths) != c.want || err != nil {
			t.Errorf("%+v: %d paths, %v", c.o, len(paths), err)
		}
	}
}

// A dead end, and a branch that has expired, do not keep the search from another.
func TestAnotherPathIsFoundWhenOneFails(t *testing.T) {
	root := issued(t, "root", nil, authority)
	dead := issued(t, "gone", nil, authority)
	mid := issued(t, "mid", dead, authority)
	short := issuedFor(t, "mid", mid.key, root, changes(authority, constraints(excluded(dnsName("a.example")))))
	good := issuedFor(t, "mid", mid.key, root, authority)
	leaf := issued(t, "leaf", mid, forName("a.example"))
	if got, err := pathNames(PathTo(rootsOf(root)), wire(leaf, dead, mid, short, good)); got != "leaf mid root" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := pathNames(PathTo(rootsOf(root)), wire(leaf, dead, mid, short)); !errors.Is(err, ErrNameConstraint) {
		t.Errorf("%v: an authority that is at fault tells more than one that is not there", err)
	}
}

func TestTheIssuerThatIsNamedByItsKeyComesFirst(t *testing.T) {
	root := issued(t, "root", nil, authority)
	var mids []*holder
	for range 8 {
		mids = append(mids, issued(t, "mid", root, authority)) // the same name, other keys
	}
	leaf := issued(t, "leaf", mids[6], forName("a.example"))
	s := newSearch(rootsOf(root), leaf.Certificate, wire(mids...), VerifyOptions{Now: testNow})
	if paths, err := s.run(); err != nil || len(paths) != 1 || len(paths[0]) != 3 || string(paths[0][1].Raw) != string(mids[6].Raw) {
		t.Fatal(paths, err)
	}
	if len(s.signatures) != 2 {
		t.Errorf("%d signatures verified for a path of two", len(s.signatures))
	}
}

// A web is n authorities, each certified by each. None of it comes from a root; the leaf is the first one's.
func web(tb testing.TB, n int, name func(int) string) (leaf *holder, all []*holder) {
	all = make([]*holder, 0, n*n)
	var keys []ed25519.PrivateKey
	for range n {
		_, key, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			tb.Fatal(err)
		}
		keys = append(keys, key)
	}
	var self []*holder
	for i := range n {
		self = append(self, issuedFor(tb, name(i), keys[i], nil, authority))
	}
	for i := range n {
		for j := range n {
			if i != j {
				all = append(all, issuedFor(tb, name(i), keys[i], self[j], authority))
			}
		}
	}
	return issued(tb, "leaf", self[0], forName("a.example")), all
}

func TestAWebOfCrossSignedAuthoritiesIsGivenUp(t *testing.T) {
	oneName := func(int) string { return "web" }
	names := func(i int) string { return fmt.Sprint("web ", i) }
	for _, c := range []struct {
		name       string
		naming     func(int) string
		o          VerifyOptions
		signatures int
		steps      int
		text       string
	}{
		{"signatures, by default", names, VerifyOptions{}, DefaultMaxSignatureChecks, DefaultMaxPathSteps, "signatures verified, on the way to a root, above 32"},
		{"signatures, all of one name", oneName, VerifyOptions{}, DefaultMaxSignatureChecks, DefaultMaxPathSteps, "signatures verified"},
		{"signatures, fewer", names, VerifyOptions{MaxSignatureChecks: 3}, 3, DefaultMaxPathSteps, "above 3"},
		{"no signature at all", names, VerifyOptions{MaxSignatureChecks: -1}, 0, DefaultMaxPathSteps, "above -1"},
		{"steps, by default", names, VerifyOptions{MaxSignatureChecks: 1000}, 1000, DefaultMaxPathSteps, "looked at, on the way to a root, above 50000"},
		{"steps, fewer", oneName, VerifyOptions{MaxSignatureChecks: 1000, MaxPathSteps: 100}, 1000, 100, "above 100"},
		{"no step at all", names, VerifyOptions{MaxPathSteps: -1}, 0, 0, "above -1"},
	} {
		leaf, all := web(t, 9, c.naming)
		c.o.Now = testNow
		s := newSearch(rootsOf(issued(t, "root", nil, authority)), leaf.Certificate, wire(all...), c.o)
		_, err := s.run()
		var ve *VerifyError
		if !errors.Is(err, ErrTooLarge) || !errors.As(err, &ve) || ve.Check != CheckPath || ve.Cert != leaf.Certificate || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %v", c.name, err)
		}
		if len(s.signatures) > c.signatures || s.steps > max(c.steps, 0)+1 {
			t.Errorf("%s: %d signatures verified and %d steps taken", c.name, len(s.signatures), s.steps)
		}
		seen := map[[2]*Certificate]bool{}
		for _, v := range s.signatures {
			if pair := [2]*Certificate{v.cert, v.issuer}; seen[pair] {
				t.Errorf("%s: a signature was verified twice", c.name)
			} else {
				seen[pair] = true
			}
		}
	}
}

// With as many certificates as a peer may send by default, a web that does lead to a root is searched to its end.
func TestAWebOfTheSizeThatAPeerMaySendIsNotTooLarge(t *testing.T) {
	leaf, all := web(t, 3, func(i int) string { return fmt.Sprint("web ", i) })
	root := issued(t, "root", nil, authority)
	chain := append(wire(leaf), wire(all...)...)
	if _, err := pathNames(PathTo(rootsOf(root)), chain); !errors.Is(err, ErrUnknownAuthority) {
		t.Error(err)
	}
	last := issuedFor(t, "web 2", all[len(all)-1].key, root, authority)
	chain = append(chain, last.Raw)
	if got, err := pathNames(PathTo(rootsOf(root)), chain); err != nil || !strings.HasSuffix(got, "web 2 root") {
		t.Errorf("%q, %v", got, err)
	}
}

// Names count as steps, each time they are compared with a constraint.
func TestComparisonsOfNamesAreBounded(t *testing.T) {
	var bases, names [][]byte
	for i := range MaxNameConstraints {
		bases = append(bases, dnsName(fmt.Sprintf("x%d.example", i)))
		names = append(names, dnsName(fmt.Sprintf("y%d.example", i)))
	}
	root := issued(t, "root", nil, changes(authority, constraints(excluded(bases...))))
	leaf := issued(t, "leaf", root, altNames(names...))
	trust := PathTo(rootsOf(root))
	o := VerifyOptions{Now: testNow}
	if _, _, err := trust.VerifyPath(wire(leaf), o); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
	o.MaxPathSteps = (MaxNameConstraints+1)*MaxAltNames + 10
	if _, _, err := trust.VerifyPath(wire(leaf), o); err != nil {
		t.Error(err)
	}
}

// A name, and a constraint, count for as much as there is to look at: neither few that are long, nor those of a form
// that the name has not, come for less.
func TestComparisonsOfLongNamesAreBounded(t *testing.T) {
	long := directory(dn(rdn(attribute(oidOrganization, 0x0c, strings.Repeat("long ", 10_000)))))
	others := slices.Repeat([][]byte{dnsName("a.example")}, MaxNameConstraints-1)
	short := slices.Repeat([][]byte{directory(dn(rdn(attribute(oidOrganization, 0x0c, "short"))))}, MaxAltNames)
	mailboxes := slices.Repeat([][]byte{mailbox("a@b.example")}, MaxAltNames)
	for name, c := range map[string]struct{ bases, names [][]byte }{
		"a long constraint":             {[][]byte{long}, short},
		"a long name":                   {slices.Repeat(short[:1], 2), slices.Repeat([][]byte{long}, 1)},
		"constraints of another form":   {append(others, mailbox("c.example")), mailboxes},
		"a long name of another form":   {[][]byte{dnsName("a.example")}, [][]byte{long}},
		"a long one of another form":    {[][]byte{uri("a.example"), long}, mailboxes},
		"few, and none of them so long": {[][]byte{mailbox("c.example")}, mailboxes},
	} {
		root := issued(t, "root", nil, changes(authority, constraints(excluded(c.bases...))))
		leaf := issued(t, "leaf", root, altNames(c.names...))
		s := newSearch(rootsOf(root), leaf.Certificate, nil, VerifyOptions{Now: testNow, MaxPathSteps: 1 << 30})
		if _, err := s.run(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		looked := 0 // octets, of names and of the constraints that each was held against, and constraints that were passed over
		for _, n := range c.names {
			looked += len(n)
			for _, b := range c.bases {
				if b[0] == n[0] {
					looked += len(b)
				} else if c.bases[len(c.bases)-1][0] == n[0] {
					looked++
				}
			}
		}
		if s.steps < looked/octetsPerStep/2 {
			t.Errorf("%s: %d octets looked at in %d steps", name, looked, s.steps)
		}
		t.Logf("%s: %d octets, %d steps", name, looked, s.steps)
	}
}

// Names that are long are made ready for comparison once, not with every step: what the steps allocate does not grow
// with their number.
func TestStepsOfASearchAreCheap(t *testing.T) {
	leaf, all := web(t, 9, func(i int) string { return fmt.Sprint("web ", i) })
	roots, chain := rootsOf(issued(t, "root", nil, authority)), wire(all...)
	allocated := func(steps int) float64 {
		return testing.AllocsPerRun(10, func() {
			s := newSearch(roots, leaf.Certificate, chain, VerifyOptions{Now: testNow, MaxSignatureChecks: 1000, MaxPathSteps: steps})
			if _, err := s.run(); !errors.Is(err, ErrTooLarge) {
				t.Fatal(err)
			}
		})
	}
	if few, many := allocated(2000), allocated(4000); many > few+10 {
		t.Errorf("%v allocations in 2000 steps, %v in 4000", few, many)
	}
}
