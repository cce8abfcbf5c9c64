package x509lite

import (
	"bytes"
	"crypto/sha256"
	"sync/atomic"
)

// Bounds of what Roots remember.
const (
	// rememberedCerts is how many peers' certificates, and how many of the authorities between them and a root, Roots
	// remember.
	rememberedCerts = 64
	// rememberedSize is the largest that is remembered, in bytes of DER.
	rememberedSize = 8 << 10
)

// A memory holds certificates from which a path led to a root, so that they need not be parsed again, nor their
// signatures verified, when they come again: the authorities with every connection, a peer with each of its own.
// Everything else about them is judged anew each time. Who cannot show a path puts nothing into it, and one certificate
// may push out another. It may be used by any number of goroutines at once.
type memory [rememberedCerts]atomic.Pointer[signed]

// A signed is a certificate, and the one that has the key that signed it.
type signed struct {
	cert, issuer *Certificate
}

func (m *memory) at(fingerprint *[32]byte) *atomic.Pointer[signed] {
	return &m[fingerprint[0]%rememberedCerts]
}

// find gives what is remembered of a certificate, with these bytes; nil: nothing.
func (m *memory) find(der []byte, fingerprint [32]byte) *signed {
	if s := m.at(&fingerprint).Load(); s != nil && bytes.Equal(s.cert.Raw, der) {
		return s
	}
	return nil
}

// knows reports whether it is remembered that issuer's key signed cert, whichever certificate it was that had the key
// then.
func (m *memory) knows(cert, issuer *Certificate) bool {
	s := m.find(cert.Raw, cert.Fingerprint())
	return s != nil && s.cert == cert && sameKey(s.issuer, issuer)
}

// sameKey reports whether two certificates are for one key.
func sameKey(a, b *Certificate) bool { return a == b || bytes.Equal(a.RawSPKI, b.RawSPKI) }

// keep remembers that issuer signed cert.
func (m *memory) keep(cert, issuer *Certificate) {
	if len(cert.Raw) > rememberedSize {
		return
	}
	fingerprint := cert.Fingerprint()
	place := m.at(&fingerprint)
	if s := place.Load(); s == nil || s.cert != cert || !sameKey(s.issuer, issuer) {
		place.Store(&signed{cert, issuer})
	}
}

// remember keeps the certificates of a path, and who signed each.
func (r *Roots) remember(path []*Certificate) {
	for i := range len(path) - 1 {
		r.memoryOf(i == 0).keep(path[i], path[i+1])
	}
}

// authority gives the certificate of an authority that a peer sent: the one that is a root or remembered, or else it is
// parsed.
func (r *Roots) authority(der []byte) (*Certificate, error) {
	fingerprint := sha256.Sum256(der)
	if c := r.find(der, fingerprint); c != nil {
		return c, nil
	}
	if s := r.authorities.find(der, fingerprint); s != nil {
		return s.cert, nil
	}
	return Parse(der)
}

// memoryOf is where a peer's certificates are remembered, or those of authorities: there are fewer of these, and they
// come more often.
func (r *Roots) memoryOf(leaf bool) *memory {
	if leaf {
		return &r.leaves
	}
	return &r.authorities
}
