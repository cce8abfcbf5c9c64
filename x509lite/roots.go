package x509lite

import (
	"bytes"
	"errors"
	"fmt"
)

// Roots are trust anchors (RFC 5280 §6.1.1 (d)): certificates of authorities that are trusted because they stand here,
// whoever signed them. They are made by NewRoots or LoadRoots, never change, and may be shared by any number of
// configurations and goroutines; they remember a few certificates that paths led from. Nil or zero Roots hold none.
type Roots struct {
	all       []*Certificate
	bySubject map[string][]*Certificate // by the canonical form of the name
	byPrint   map[[32]byte]*Certificate // by SHA-256 of the DER
	err       error

	leaves, authorities memory // of those that paths have led from
}

// NewRoots makes Roots of certificates; one that stands there twice counts once. What is wrong with a root, its dates
// or its key for example, is found when a path leads to it. A nil certificate is found by Trust.Err, after PathTo.
func NewRoots(certs ...*Certificate) *Roots {
	r := &Roots{bySubject: make(map[string][]*Certificate, len(certs)), byPrint: make(map[[32]byte]*Certificate, len(certs))}
	var name []byte
	for i, c := range certs {
		if c == nil {
			r.err = fmt.Errorf("x509lite: root %d of %d: %w", i+1, len(certs), errNilCertificate)
			return r
		}
		print := c.Fingerprint()
		if r.byPrint[print] != nil {
			continue
		}
		r.all = append(r.all, c)
		r.byPrint[print] = c
		name = appendCanonicalName(name[:0], c.RawSubject)
		r.bySubject[string(name)] = append(r.bySubject[string(name)], c)
	}
	return r
}

var errNilCertificate = errors.New("nil certificate")

// LoadRoots makes Roots of one certificate in DER or any number in PEM. The errors are those of LoadCertificates: a
// certificate that cannot be read is one, for a root that is missing would be hard to find. Of the strictness of Parse
// one thing is let go, since roots in circulation need it: zero bits at the end of a keyUsage.
func LoadRoots(data []byte) (*Roots, error) {
	certs, err := loadCertificates(data, func(der []byte) (*Certificate, error) { return parse(der, true) })
	if err != nil {
		return nil, err
	}
	return NewRoots(certs...), nil
}

// Len is the number of roots.
func (r *Roots) Len() int {
	if r == nil {
		return 0
	}
	return len(r.all)
}

// Certificates are the roots, in the order in which they were given. The slice is the caller's.
func (r *Roots) Certificates() []*Certificate {
	if r == nil {
		return nil
	}
	return append([]*Certificate(nil), r.all...)
}

// Subjects are the DER names of the roots, each once, in the order in which they were given, as they go into
// certificate_authorities (RFC 8446 §4.2.4). The names are only to be read.
func (r *Roots) Subjects() (names [][]byte) {
	if r == nil {
		return nil
	}
	seen := make(map[string]bool, len(r.all))
	for _, c := range r.all {
		if !seen[string(c.RawSubject)] {
			seen[string(c.RawSubject)] = true
			names = append(names, c.RawSubject)
		}
	}
	return names
}

// find gives the root with this DER, or nil.
func (r *Roots) find(der []byte, fingerprint [32]byte) *Certificate {
	if r == nil {
		return nil
	}
	if c := r.byPrint[fingerprint]; c != nil && bytes.Equal(c.Raw, der) {
		return c
	}
	return nil
}

// named gives the roots with a name, which is in its canonical form.
func (r *Roots) named(canonical string) []*Certificate { return r.bySubject[canonical] }
