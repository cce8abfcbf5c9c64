package x509lite

import (
	"bytes"
	"errors"
	"fmt"
)

// A Trust says who is accepted. It is made by Pin, PinSPKI or AnyOf, never changes, and may be shared by any number
// of configurations and goroutines. A nil or zero Trust accepts nobody.
//
// However many certificates or keys it holds, finding one of them is a single look-up.
type Trust struct {
	certs map[[32]byte]*Certificate // by SHA-256 of the DER
	keys  map[[32]byte]struct{}     // by SHA-256 of the SubjectPublicKeyInfo
	err   error
}

// Pin trusts exactly these certificates. The signature of each is verified here, once; when one is not signed by its own key,
// or its key is not supported, Err and every Verify say so. Pin without certificates accepts nobody.
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

// PinSPKI trusts every self-signed certificate whose SubjectPublicKeyInfo has one of these SHA-256 hashes, so that the holder of a key
// can renew its certificate. Here the signature is verified each time.
func PinSPKI(hashes ...[32]byte) *Trust {
	t := &Trust{keys: make(map[[32]byte]struct{}, len(hashes))}
	for _, h := range hashes {
		t.keys[h] = struct{}{}
	}
	return t
}

// AnyOf trusts whom any of the given trusts, such as certificates of some peers and keys of others. When one of them is nil
// or unusable, so is the result: a part that silently accepts nobody would be hard to find.
func AnyOf(trusts ...*Trust) *Trust {
	sum := &Trust{certs: make(map[[32]byte]*Certificate), keys: make(map[[32]byte]struct{})}
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
	}
	return sum
}

// Err says why the Trust accepts nobody: a pinned certificate that is not signed by its own key, for example. It is nil for a
// usable Trust. Callers should ask once, when they are configured.
func (t *Trust) Err() error {
	if t == nil {
		return errors.New("x509lite: no trust")
	}
	return t.err
}

// Len is the number of certificates and keys that are pinned.
func (t *Trust) Len() int {
	if t == nil {
		return 0
	}
	return len(t.certs) + len(t.keys)
}

// match finds the peer's leaf among those trusted. A pinned certificate comes back as it was pinned, with self set: its
// signature is known to be its own key's.
func (t *Trust) match(der []byte, fingerprint [32]byte) (leaf *Certificate, self bool, err error) {
	if c, ok := t.certs[fingerprint]; ok && bytes.Equal(c.Raw, der) {
		return c, true, nil
	}
	leaf, err = Parse(der)
	if err != nil {
		return nil, false, &VerifyError{Check: CheckParse, Err: err}
	}
	spki := leaf.SPKIHash()
	if _, ok := t.keys[spki]; !ok {
		return nil, false, &VerifyError{Check: CheckPin, Cert: leaf, Err: ErrNotPinned,
			Detail: fmt.Sprintf("SHA-256 fingerprint %x, key %x", fingerprint, spki)}
	}
	return leaf, false, nil
}
