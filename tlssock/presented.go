package tlssock

import (
	"bytes"

	"smoltls/x509lite"
)

// presented is a chain of more than one certificate that the peer sent. Those that no path to a root has needed are
// parsed when somebody asks for them.
type presented struct {
	certs []*x509lite.Certificate // in the peer's order, its own first; nil for those not parsed
	der   [][]byte                // copies of those; nil: all have been parsed
}

// keepPresented keeps a chain, of which leaf and the certificates of paths have been parsed. A single certificate is
// leaf, and costs nothing.
func (f *facts) keepPresented(leaf *x509lite.Certificate, chain [][]byte, paths [][]*x509lite.Certificate) {
	if len(chain) == 1 {
		if f.rare != nil {
			f.rare.presented = nil
		}
		return
	}
	p := &presented{certs: make([]*x509lite.Certificate, len(chain))}
	p.certs[0] = leaf
	for i, der := range chain[1:] {
		if p.certs[i+1] = findIn(paths, der); p.certs[i+1] == nil {
			p.der = append(p.der, bytes.Clone(der))
		}
	}
	f.note().presented = p
}

// findIn gives the certificate with these bytes from one of the paths; nil: it is in none.
func findIn(paths [][]*x509lite.Certificate, der []byte) *x509lite.Certificate {
	for _, path := range paths {
		for _, c := range path {
			if bytes.Equal(c.Raw, der) {
				return c
			}
		}
	}
	return nil
}

// all gives the certificates, but for those that are none.
func (p *presented) all() []*x509lite.Certificate {
	if p.der == nil {
		return p.certs
	}
	var all []*x509lite.Certificate
	for _, c := range p.certs {
		if c == nil {
			c, _ = x509lite.Parse(p.der[0]) // its length has been held to the bound of a message
			p.der = p.der[1:]
		}
		if c != nil {
			all = append(all, c)
		}
	}
	p.certs, p.der = all, nil
	return all
}
