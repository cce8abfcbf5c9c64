package x509lite

import (
	"errors"
	"strings"
	"testing"
)

// Of what stood in the way the search tells what is of most use to who asks why.
func TestTheRefusalThatTellsMostIsTold(t *testing.T) {
	w := newChainWorld(t)
	at := func(depth int, f refusal) refusal { f.depth = depth; return f }
	unknown := refusal{check: CheckPath, err: ErrUnknownAuthority}
	unsigned := refusal{check: CheckSignature, err: ErrSignature}
	expired := refusal{check: CheckValidity, err: ErrExpired}
	misnamed := refusal{check: CheckNameConstraints, err: ErrNameConstraint}
	large := refusal{check: CheckPath, err: ErrTooLarge}
	for _, c := range []struct {
		name       string
		less, more refusal
	}{
		{"who signed nothing, before who is not there", at(3, unknown), at(1, unsigned)},
		{"who is at fault, before who signed nothing", at(3, unsigned), at(1, expired)},
		{"a bound, before all", at(3, misnamed), at(1, large)},
		{"nearer to a root", at(1, misnamed), at(2, expired)},
		{"what failed later", at(2, expired), at(2, misnamed)},
	} {
		for name, order := range map[string][]refusal{"first": {c.more, c.less}, "last": {c.less, c.more}} {
			s := search{path: []pathMember{{named: named{cert: w.leaf.Certificate}}}}
			for _, f := range order {
				s.path = s.path[:1]
				for len(s.path) < f.depth {
					s.path = append(s.path, s.path[0])
				}
				s.refuse(f)
			}
			if s.refusal.err != c.more.err {
				t.Errorf("%s, %s: told %v", c.name, name, s.refusal.err)
			}
		}
	}
	s := search{path: []pathMember{{named: named{cert: w.leaf.Certificate}}}}
	s.refuse(refusal{check: CheckPath, err: ErrUnknownAuthority, cert: w.leaf.Certificate})
	s.refuse(refusal{check: CheckPath, err: ErrUnknownAuthority, cert: w.lower.Certificate})
	if s.refusal.cert != w.leaf.Certificate {
		t.Error("of two that tell as much the first is not told")
	}
}

// Nothing that a peer wrote gets into an error as it stands, or at any length.
func TestRefusalsAreOfBoundedLength(t *testing.T) {
	root := issued(t, "root", nil, changes(authority, constraints(excluded(uri("x.example")))))
	long := "https://x.example/" + strings.Repeat("a", 5000)
	leaf := issued(t, strings.Repeat("n\x00", 200), root, altNames(uri(long)))
	_, _, err := PathTo(rootsOf(root)).VerifyPath(wire(leaf), VerifyOptions{Now: testNow})
	if !errors.Is(err, ErrNameConstraint) || len(err.Error()) > 1000 || strings.ContainsAny(err.Error(), "\n\x00") {
		t.Errorf("%d bytes: %q", len(err.Error()), err)
	}
}
