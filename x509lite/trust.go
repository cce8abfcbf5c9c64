package x509lite

import (
	"bytes"
	"errors"
	"fmt"
)

// A Trust says who is accepted. It is made by Pin, PinSPKI, PathTo or AnyOf, never changes, and may be shared by any
// number of configurations and goroutines. A nil or zero Trust accepts nobody.
//
// However many certificates or keys it holds, finding one of them is a single look-up.
type Trust struct {
	certs map[[32]byte]*Certificate // by SHA-256 of the DER
	keys  map[[32]byte]struct{}     // by SHA-256 of the SubjectPublicKeyInfo
	roots *Roots                    // nil: none
	err   error
}

// Pin trusts exactly these certificates. The signature of each is verified here, once; when one is not signed by its
// own key, or its key is not supported, Err and every Verify say so. Pin without certificates accepts nobody.
func Pin(certs ...*Certificate) *Trust {
	t := &Trust{certs: make(map[[32]byte]*Certificate, len(certs))}
	for i, c := range certs {
		err := errors.New("nil certificate")
		if c != nil {
			err = c.CheckSelfSignature()
		}
		if err != nil {
			t.err = fmt.Errorf("x509lite: pin %d of %d: %w", i+1, len(certs), err)
			return t
		}
		t.certs[c.Fingerprint()] = c
	}
	return t
}

// PinSPKI trusts every self-signed certificate whose SubjectPublicKeyInfo has one of these SHA-256 hashes, so that the
// holder of a key can renew its certificate. Here the signature is verified each time.
func PinSPKI(hashes ...[32]byte) *Trust {
	t := &Trust{keys: make(map[[32]byte]struct{}, len(hashes))}
	for _, h := range hashes {
		t.keys[h] = struct{}{}
	}
	return t
}

// PathTo trusts every certificate from which a path leads to one of the roots (RFC 5280 §6), and the roots themselves.
// The certificates between may come from the peer, in any order. Whoever is certified by a root is accepted: a caller
// that means one of them asks for VerifyOptions.Name.
func PathTo(roots *Roots) *Trust {
	t := &Trust{roots: roots}
	switch {
	case roots == nil:
		t.err = errors.New("x509lite: no roots")
	case roots.err != nil:
		t.err = roots.err
	}
	return t
}

// AnyOf trusts whom any of the given trusts, such as certificates of some peers and keys of others. When one of them is
// nil or unusable, so is the result: a part that silently accepts nobody would be hard to find.
func AnyOf(trusts ...*Trust) *Trust {
	sum := &Trust{certs: make(map[[32]byte]*Certificate), keys: make(map[[32]byte]struct{})}
	var roots []*Certificate
	for i, t := range trusts {
		switch {
		case t == nil:
			sum.err = fmt.Errorf("x509lite: trust %d of %d is nil", i+1, len(trusts))
			return sum
		case t.err != nil:
			sum.err = t.err
			return sum
		}
		for h, c := range t.certs {
			sum.certs[h] = c
		}
		for h := range t.keys {
			sum.keys[h] = struct{}{}
		}
		if t.roots != nil {
			roots = append(roots, t.roots.all...)
		}
	}
	if len(roots) > 0 {
		sum.roots = NewRoots(roots...)
	}
	return sum
}

// Err says why the Trust accepts nobody: a pinned certificate that is not signed by its own key, for example. It is nil
// for a usable Trust. Callers should ask once, when they are configured.
func (t *Trust) Err() error {
	if t == nil {
		return errors.New("x509lite: no trust")
	}
	return t.err
}

// Len is the number of certificates and keys that are pinned, and of roots.
func (t *Trust) Len() int {
	if t == nil {
		return 0
	}
	return len(t.certs) + len(t.keys) + t.roots.Len()
}

// Roots are those of PathTo; nil: pins only.
func (t *Trust) Roots() *Roots {
	if t == nil {
		return nil
	}
	return t.roots
}

// A basis is what a leaf is accepted by.
type basis uint8

const (
	byCertificate basis = iota // pinned: its signature is known to be its own key's
	byKey                      // pinned
	byPath                     // to a root
)

// match finds the peer's leaf among those trusted. A pinned certificate, and a root, comes back as it was given.
func (t *Trust) match(der []byte, fingerprint [32]byte) (leaf *Certificate, by basis, err error) {
	if c, ok := t.certs[fingerprint]; ok && bytes.Equal(c.Raw, der) {
		return c, byCertificate, nil
	}
	if c := t.roots.find(der, fingerprint); c != nil {
		return c, byPath, nil
	}
	if t.roots != nil {
		if s := t.roots.leaves.find(der, fingerprint); s != nil {
			return s.cert, byPath, nil
		}
	}
	leaf, err = Parse(der)
	if err != nil {
		return nil, 0, &VerifyError{Check: CheckParse, Err: err}
	}
	spki := leaf.SPKIHash()
	if _, ok := t.keys[spki]; ok {
		return leaf, byKey, nil
	}
	if t.roots == nil {
		return nil, 0, &VerifyError{Check: CheckPin, Cert: leaf, Err: ErrNotPinned,
			Detail: fmt.Sprintf("SHA-256 fingerprint %x, key %x", fingerprint, spki)}
	}
	return leaf, byPath, nil
}
