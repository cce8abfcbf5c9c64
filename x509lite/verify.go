package x509lite

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"strconv"
	"time"
)

// A Role is what a peer is in the connection, so what its certificate must permit.
type Role uint8

// The roles of the peer whose certificate is verified.
const (
	RoleServer Role = iota // the peer is a server: id-kp-serverAuth
	RoleClient             // the peer is a client: id-kp-clientAuth
)

// String gives "server" or "client".
func (r Role) String() string {
	switch r {
	case RoleServer:
		return "server"
	case RoleClient:
		return "client"
	}
	return "role " + strconv.Itoa(int(r))
}

// purposes are the extended key usages of which one must be there. An unknown role has none.
func (r Role) purposes() ExtKeyUsage {
	switch r {
	case RoleServer:
		return ExtServerAuth | ExtAny
	case RoleClient:
		return ExtClientAuth | ExtAny
	}
	return 0
}

// VerifyOptions are the circumstances of one verification. The zero value of every field is the strict one.
type VerifyOptions struct {
	Now          time.Time // the present; the zero time is before every certificate
	Role         Role      // what the peer is
	Name         string    // DNS name or IP literal that a subjectAltName must match; empty: not asked for
	MinRSABits   int       // smallest RSA modulus accepted; 0: DefaultMinRSABits; never under MinRSABits
	MaxChain     int       // most certificates in chain; 0: DefaultMaxChain
	MaxChainSize int       // most bytes in chain; 0: DefaultMaxChainSize

	MaxSignatureChecks int // most signatures that the search for a path verifies; 0: DefaultMaxSignatureChecks
	MaxPathSteps       int // most certificates, names and constraints that it looks at; 0: DefaultMaxPathSteps
	MaxPaths           int // most paths that VerifyPaths gives; 0: DefaultMaxPaths
}

// Verify is VerifyPath without the path.
func (t *Trust) Verify(chain [][]byte, o VerifyOptions) (leaf *Certificate, err error) {
	leaf, _, err = t.VerifyPath(chain, o)
	return leaf, err
}

// VerifyPath is VerifyPaths that ends with the first path, which is the likeliest; nil where a pin accepted the peer.
func (t *Trust) VerifyPath(chain [][]byte, o VerifyOptions) (leaf *Certificate, path []*Certificate, err error) {
	o.MaxPaths = 1
	leaf, paths, err := t.VerifyPaths(chain, o)
	if len(paths) > 0 {
		path = paths[0]
	}
	return leaf, path, err
}

// VerifyPaths decides whether the peer that sent chain is accepted, and returns its certificate and the paths from
// there to a root, both included: there are several when authorities certify each other, or one key has several
// certificates. They are none where a pin accepted the peer, and otherwise at least one, and all unless a bound of the
// options ends the search before. chain is DER, leaf first, as on the wire; what comes after the leaf is counted and
// otherwise ignored, unless the search needs it: then it may be in any order, and what is of no use in it, malformed
// for example, is passed over. The bytes are not kept.
//
// An error is a *VerifyError for the first check that fails of those that concern the leaf, in the order of the Check
// constants, and otherwise for what stood in the way of the path that got furthest. A pinned certificate costs no
// parsing, no signature verification and, when it is accepted, no allocation.
func (t *Trust) VerifyPaths(chain [][]byte, o VerifyOptions) (leaf *Certificate, paths [][]*Certificate, err error) {
	if t == nil {
		t = &Trust{}
	}
	if t.err != nil {
		return nil, nil, &VerifyError{Check: CheckTrust, Err: ErrBadTrust, Cause: t.err}
	}
	if err := checkChain(chain, &o); err != nil {
		return nil, nil, err
	}
	leaf, by, err := t.match(chain[0], sha256.Sum256(chain[0]))
	if err != nil {
		return nil, nil, err
	}
	if err := leaf.checkKey(o.MinRSABits); err != nil {
		err.Cert = leaf
		return nil, nil, err
	}
	if by == byKey {
		if err := leaf.CheckSelfSignature(); err != nil {
			if t.roots == nil {
				return nil, nil, err
			}
			by = byPath // its key is pinned, but an authority's certificate for it is another matter
		}
	}
	if err := leaf.checkUse(&o); err != nil {
		return nil, nil, err
	}
	if by == byPath {
		if paths, err = t.roots.findPaths(cmp.Or(o.MaxPaths, DefaultMaxPaths), leaf, chain[1:], o); err != nil {
			return nil, nil, err
		}
	}
	return leaf, paths, nil
}

// checkChain holds the chain to its bounds.
func checkChain(chain [][]byte, o *VerifyOptions) error {
	if len(chain) == 0 {
		return &VerifyError{Check: CheckChain, Err: ErrNoCertificate}
	}
	most := o.MaxChain
	if most == 0 {
		most = DefaultMaxChain
	}
	if len(chain) > most {
		return &VerifyError{Check: CheckChain, Err: ErrTooLarge, Detail: fmt.Sprintf("chain of %d certificates, above %d", len(chain), most)}
	}
	most = o.MaxChainSize
	if most == 0 {
		most = DefaultMaxChainSize
	}
	size := 0
	for _, der := range chain {
		size += len(der)
	}
	if size > most {
		return &VerifyError{Check: CheckChain, Err: ErrTooLarge, Detail: fmt.Sprintf("chain of %d bytes, above %d", size, most)}
	}
	return nil
}

// CheckKeyUsage says whether the key may sign a handshake, which it may if there is no key usage extension, or one with
// digitalSignature (RFC 8446 §4.4.2.2). The error is a [VerifyError].
func (c *Certificate) CheckKeyUsage() error {
	if c.KeyUsage == 0 || c.KeyUsage&DigitalSignature != 0 {
		return nil
	}
	return &VerifyError{Check: CheckKeyUsage, Cert: c, Err: ErrKeyUsage, Detail: fmt.Sprintf("digitalSignature is needed, it has %s", c.KeyUsage)}
}

// checkUse makes the checks that concern what the certificate says of itself.
func (c *Certificate) checkUse(o *VerifyOptions) error {
	for _, check := range []Check{CheckCritical, CheckValidity} {
		if err := c.fails(check, o); err != nil {
			return c.explain(check, err, o)
		}
	}
	if err := c.CheckKeyUsage(); err != nil {
		return err
	}
	if err := c.fails(CheckExtKeyUsage, o); err != nil {
		return c.explain(CheckExtKeyUsage, err, o)
	}
	if o.Name != "" && !c.MatchName(o.Name) {
		return &VerifyError{Check: CheckName, Cert: c, Err: ErrNameMismatch, Detail: fmt.Sprintf("asked for %q, it is for %s", o.Name, c.altNameList())}
	}
	return nil
}

// fails makes one of the checks that a leaf and its authorities have in common, and gives the sentinel. It allocates
// nothing.
func (c *Certificate) fails(check Check, o *VerifyOptions) error {
	switch {
	case check == CheckCritical && len(c.UnknownCritical) > 0: // RFC 5280 §4.2
		return ErrUnknownCritical
	case check == CheckValidity && o.Now.Before(c.NotBefore): // RFC 5280 §4.1.2.5: both ends belong to it, and they are seconds
		return ErrNotYetValid
	case check == CheckValidity && o.Now.Truncate(time.Second).After(c.NotAfter):
		return ErrExpired
	case check == CheckExtKeyUsage && (c.ExtKeyUsage != 0 && c.ExtKeyUsage&o.Role.purposes() == 0 || o.Role.purposes() == 0): // RFC 5280 §4.2.1.12
		return ErrExtKeyUsage
	}
	return nil
}

// explain makes the error of what fails found, with the values.
func (c *Certificate) explain(check Check, err error, o *VerifyOptions) error {
	ve := &VerifyError{Check: check, Cert: c, Err: err}
	stamp := func(t time.Time) string { return t.UTC().Format(time.RFC3339) }
	switch err {
	case ErrUnknownCritical:
		ve.Detail = someOf(c.UnknownCritical, len(c.UnknownCritical))
	case ErrNotYetValid:
		ve.Detail = fmt.Sprintf("not valid before %s, it is %s", stamp(c.NotBefore), stamp(o.Now))
	case ErrExpired:
		ve.Detail = fmt.Sprintf("not valid after %s, it is %s", stamp(c.NotAfter), stamp(o.Now))
	case ErrExtKeyUsage:
		ve.Detail = fmt.Sprintf("a %s needs one of %s, it has %s", o.Role, o.Role.purposes(), c.ExtKeyUsage)
	}
	return ve
}
