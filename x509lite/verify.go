package x509lite

import (
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
}

// Verify decides whether the peer that sent chain is accepted, and returns its certificate. chain is DER, leaf first, as on the wire;
// what comes after the leaf is counted and otherwise ignored. The bytes are not kept.
//
// An error is a *VerifyError for the first check that fails, in the order of the Check constants. A
// pinned certificate costs no parsing, no signature verification and, when it is accepted, no allocation.
func (t *Trust) Verify(chain [][]byte, o VerifyOptions) (leaf *Certificate, err error) {
	if t == nil {
		t = &Trust{}
	}
	if t.err != nil {
		return nil, &VerifyError{Check: CheckTrust, Err: ErrBadTrust, Cause: t.err}
	}
	if err := checkChain(chain, &o); err != nil {
		return nil, err
	}
	leaf, self, err := t.match(chain[0], sha256.Sum256(chain[0]))
	if err != nil {
		return nil, err
	}
	if err := leaf.checkKey(o.MinRSABits); err != nil {
		err.Cert = leaf
		return nil, err
	}
	if !self {
		if err := leaf.CheckSelfSignature(); err != nil {
			return nil, err
		}
	}
	if err := leaf.checkUse(&o); err != nil {
		return nil, err
	}
	return leaf, nil
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

// CheckKeyUsage says whether the key may sign a handshake, which it may if there is no key usage extension, or one with digitalSignature (RFC 8446 §4.4.2.2).
// The error is a [VerifyError].
func (c *Certificate) CheckKeyUsage() error {
	if c.KeyUsage == 0 || c.KeyUsage&DigitalSignature != 0 {
		return nil
	}
	return &VerifyError{Check: CheckKeyUsage, Cert: c, Err: ErrKeyUsage, Detail: fmt.Sprintf("digitalSignature is needed, it has %s", c.KeyUsage)}
}

// checkUse makes the checks that concern what the certificate says of itself.
func (c *Certificate) checkUse(o *VerifyOptions) error {
	fail := func(check Check, err error, format string, args ...any) error {
		return &VerifyError{Check: check, Cert: c, Err: err, Detail: fmt.Sprintf(format, args...)}
	}
	stamp := func(t time.Time) string { return t.UTC().Format(time.RFC3339) }
	switch {
	case len(c.UnknownCritical) > 0: // RFC 5280 §4.2
		return fail(CheckCritical, ErrUnknownCritical, "%s", someOf(c.UnknownCritical, len(c.UnknownCritical)))
	case o.Now.Before(c.NotBefore): // RFC 5280 §4.1.2.5: both ends belong to it
		return fail(CheckValidity, ErrNotYetValid, "not valid before %s, it is %s", stamp(c.NotBefore), stamp(o.Now))
	case o.Now.After(c.NotAfter):
		return fail(CheckValidity, ErrExpired, "not valid after %s, it is %s", stamp(c.NotAfter), stamp(o.Now))
	}
	if err := c.CheckKeyUsage(); err != nil {
		return err
	}
	switch {
	case c.ExtKeyUsage != 0 && c.ExtKeyUsage&o.Role.purposes() == 0, o.Role.purposes() == 0: // RFC 5280 §4.2.1.12
		return fail(CheckExtKeyUsage, ErrExtKeyUsage, "a %s needs one of %s, it has %s", o.Role, o.Role.purposes(), c.ExtKeyUsage)
	case o.Name != "" && !c.MatchName(o.Name):
		return fail(CheckName, ErrNameMismatch, "asked for %q, it is for %s", o.Name, c.altNameList())
	}
	return nil
}
