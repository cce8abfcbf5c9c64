package x509lite

import (
	"bytes"
	"cmp"
)

// A search looks for a path from a leaf to a root (RFC 5280 §6.1, RFC 4158): depth first, the likelier issuer first,
// every condition before the signature. How many paths there are can grow exponentially with the number of certificates
// (authorities that certify each other), so that what it does is bounded.
type search struct {
	o     VerifyOptions
	roots *Roots
	sent  [][]byte     // by the peer, besides the leaf
	pool  []named      // of them, when they have been needed
	read  bool         // pool is there
	path  []pathMember // from the leaf up to where the search is
	name  []byte       // scratch

	signatures []signatureCheck // those verified, each once
	steps      int
	most       struct{ signatures, steps, paths int }
	found      [][]*Certificate // the paths
	refusal    refusal          // of the path that got furthest
	malformed  error            // why the first of sent that does not parse does not
}

// A named is a certificate with its names in their canonical form, which is made once: they may be long, and are
// compared with every step.
type named struct {
	cert            *Certificate
	subject, issuer string
}

// A pathMember is a certificate in the path.
type pathMember struct {
	named
	selfIssued bool
}

// findPaths gives up to so many paths from leaf, which has passed the checks that concern it alone, to one of the
// roots.
func (r *Roots) findPaths(most int, leaf *Certificate, sent [][]byte, o VerifyOptions) ([][]*Certificate, error) {
	s := newSearch(r, leaf, sent, o)
	s.most.paths = most
	return s.run()
}

// newSearch is a search that has not begun, and ends with the first path.
func newSearch(r *Roots, leaf *Certificate, sent [][]byte, o VerifyOptions) *search {
	s := &search{o: o, roots: r, sent: sent, name: make([]byte, 0, 256)}
	s.most.signatures, s.most.steps, s.most.paths = o.MaxSignatureChecks, o.MaxPathSteps, 1
	if s.most.signatures == 0 {
		s.most.signatures = DefaultMaxSignatureChecks
	}
	if s.most.steps == 0 {
		s.most.steps = DefaultMaxPathSteps
	}
	s.path = append(make([]pathMember, 0, 4), pathMember{named: s.withNames(leaf)})
	s.signatures = make([]signatureCheck, 0, 4)
	return s
}

// run searches. Bounds that end the search when it has found something leave it that.
func (s *search) run() ([][]*Certificate, error) {
	if leaf := s.path[0].cert; s.roots.find(leaf.Raw, leaf.Fingerprint()) != nil {
		s.keep()
	} else {
		s.extend()
	}
	if len(s.found) == 0 {
		return nil, s.refusal.error(s)
	}
	return s.found, nil
}

// keep keeps the path, which has come to a root; enough reports that no other one is looked for.
func (s *search) keep() (enough bool) {
	path := make([]*Certificate, len(s.path))
	for i, m := range s.path {
		path[i] = m.cert
	}
	s.roots.remember(path)
	s.found = append(s.found, path)
	return len(s.found) >= s.most.paths
}

// withNames makes the canonical form of a certificate's names.
func (s *search) withNames(c *Certificate) named {
	s.name = appendCanonicalName(s.name[:0], c.RawSubject)
	n := len(s.name)
	s.name = appendCanonicalName(s.name, c.RawIssuer)
	both := string(s.name)
	return named{c, both[:n], both[n:]}
}

// extend looks for an issuer of the last of the path, and for the rest of the way from there; over reports that the
// search is. Candidates whose key has the identifier that it names come first, then those that do not say, then others:
// identifiers help to choose and decide nothing (RFC 5280 §4.2.1.1).
func (s *search) extend() (over bool) {
	last := &s.path[len(s.path)-1]
	c, name := last.cert, last.issuer
	found := false
	for likely := identified; likely <= misidentified && name != ""; likely++ { // an issuer has a name (RFC 5280 §4.1.2.4)
		for _, root := range s.roots.named(name) {
			if identifies(root, c) == likely {
				if found = true; s.step(named{cert: root, subject: name}, true) || s.spent() {
					return true
				}
			}
		}
		for _, i := range s.issuers() {
			if i.subject == name && identifies(i.cert, c) == likely {
				if found = true; s.step(i, false) || s.spent() {
					return true
				}
			}
		}
	}
	if !found {
		s.refuse(refusal{check: CheckPath, err: ErrUnknownAuthority, cert: c})
	}
	return false
}

// likelihood is how well the key identifiers of a certificate and its possible issuer agree.
type likelihood uint8

const (
	identified likelihood = iota
	unidentified
	misidentified
)

func identifies(issuer, c *Certificate) likelihood {
	switch {
	case issuer.SubjectKeyID == nil || c.AuthorityKeyID == nil:
		return unidentified
	case bytes.Equal(issuer.SubjectKeyID, c.AuthorityKeyID):
		return identified
	}
	return misidentified
}

// step goes on with next as the one that issued the last of the path, if it is: root says that the path ends there.
func (s *search) step(next named, root bool) (over bool) {
	child, issuer := s.path[len(s.path)-1].cert, next.cert
	if !s.count(1) {
		return false
	}
	if s.contains(next) {
		return s.refuse(refusal{check: CheckPath, err: ErrUnknownAuthority, cert: child})
	}
	if check, err := s.unfit(issuer, root); err != nil {
		return s.refuse(refusal{check: check, err: err, cert: issuer})
	}
	if bad, ok := s.permits(issuer); !ok {
		return s.refuse(refusal{check: CheckNameConstraints, err: ErrNameConstraint, cert: bad.cert, issuer: issuer, name: bad})
	}
	if err := s.verified(child, issuer); err != nil {
		return s.refuse(refusal{check: CheckSignature, err: ErrSignature, cert: child, issuer: issuer, cause: err})
	}
	s.path = append(s.path, pathMember{named: next, selfIssued: next.issuer == next.subject}) // of a root nobody asks
	if !root {
		over = s.extend()
	} else if cert, ok := s.explicitPolicy(); ok {
		over = s.keep()
	} else {
		s.refuse(refusal{check: CheckPolicy, err: ErrPolicy, cert: cert})
	}
	s.path = s.path[:len(s.path)-1]
	return over
}

// octetsPerStep is how much of a name is looked at in a step, beyond the first: names have any length, and the work is
// to have a bound.
const octetsPerStep = 64

// count takes n steps; false: they are used up.
func (s *search) count(n int) bool {
	if s.steps += n; s.steps > s.most.steps {
		return s.refuse(refusal{check: CheckPath, err: ErrTooLarge, cert: s.path[0].cert, what: "names and certificates looked at", most: s.most.steps})
	}
	return true
}

// spent reports whether the search has come to one of its bounds, and is over.
func (s *search) spent() bool { return s.refusal.err == ErrTooLarge }

// contains reports whether the path has been where c leads: the same names with the same key (RFC 4158 §2.4.2).
func (s *search) contains(c named) bool {
	for _, m := range s.path {
		if bytes.Equal(m.cert.RawSPKI, c.cert.RawSPKI) && bytes.Equal(m.cert.altNames, c.cert.altNames) && m.subject == c.subject {
			return true
		}
	}
	return false
}

// unfit says which condition keeps issuer from being the next of the path (RFC 5280 §6.1.4 (k) to (o), §6.1.3 (a)).
func (s *search) unfit(issuer *Certificate, root bool) (Check, error) {
	if issuer.unfitKey(s.o.MinRSABits) {
		return CheckKey, ErrUnsupportedKey
	}
	for _, check := range [...]Check{CheckCritical, CheckValidity} {
		if err := issuer.fails(check, &s.o); err != nil {
			return check, err
		}
	}
	switch {
	case !issuer.IsCA && (issuer.Version == 3 || !root): // §6.1.4 (k): of an older one only its being a root says that it is an authority's
		return CheckAuthority, ErrNotAuthority
	case issuer.KeyUsage != 0 && issuer.KeyUsage&CertSign == 0:
		return CheckKeyUsage, ErrKeyUsage
	case issuer.MaxPathLen >= 0 && s.authorities() > issuer.MaxPathLen:
		return CheckPathLength, ErrPathLength
	}
	return CheckExtKeyUsage, issuer.fails(CheckExtKeyUsage, &s.o)
}

// authorities counts those in the path that pathLenConstraint means: neither the leaf nor what an authority issued to
// itself (RFC 5280 §4.2.1.9).
func (s *search) authorities() (n int) {
	for _, m := range s.path[1:] {
		if !m.selfIssued {
			n++
		}
	}
	return n
}

// issuers parses what the peer sent, once and only when it is needed. What does not parse, or is there already, is
// passed over.
func (s *search) issuers() []named {
	if s.read {
		return s.pool
	}
	s.read = true
	s.pool = make([]named, 0, len(s.sent))
sent:
	for _, der := range s.sent {
		for _, i := range s.pool {
			if bytes.Equal(i.cert.Raw, der) {
				continue sent
			}
		}
		c, err := s.roots.authority(der)
		if err != nil {
			s.malformed = cmp.Or(s.malformed, err)
			continue
		}
		s.pool = append(s.pool, s.withNames(c))
	}
	return s.pool
}

// A signatureCheck is one that has been made.
type signatureCheck struct {
	cert, issuer *Certificate
	err          error
}

// verified verifies cert's signature with issuer's key, unless that has been done with it, whichever certificate it was
// that had the key.
func (s *search) verified(cert, issuer *Certificate) error {
	for _, done := range s.signatures {
		if done.cert == cert && sameKey(done.issuer, issuer) {
			return done.err
		}
	}
	if s.roots.memoryOf(len(s.path) == 1).knows(cert, issuer) {
		return nil
	}
	if len(s.signatures) >= s.most.signatures {
		s.refuse(refusal{check: CheckPath, err: ErrTooLarge, cert: s.path[0].cert, what: "signatures verified", most: s.most.signatures})
		return ErrTooLarge
	}
	err := cert.checkSignatureFrom(issuer)
	s.signatures = append(s.signatures, signatureCheck{cert, issuer, err})
	return err
}
