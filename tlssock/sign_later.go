package tlssock

import (
	"crypto"
	"crypto/rand"
	"io"
)

// signLater is a key whose Sign is always pending.
type signLater struct{ crypto.Signer }

// Sign implements [crypto.Signer].
func (signLater) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) { return nil, ErrPending }

// SignLater gives a key for [tls.Certificate] that never signs within a poll: the connection waits, and its [Pending]
// has the original key, so that [Pending.Sign] in another goroutine makes the signature. It is for keys that take
// longer than the loop can wait, such as RSA on a small machine or a network's HSM. A key without a crypto.Signer, only
// its public half at hand, implements one whose Sign returns [ErrPending].
//
// [tls.Certificate]: https://pkg.go.dev/crypto/tls#Certificate
func SignLater(key crypto.Signer) crypto.Signer { return signLater{key} }

// Sign makes the signature that p asks for with p.Key, for as long as that takes, and gives the answer to be delivered.
// It may be called by any goroutine.
func (p *Pending) Sign() Answer {
	if p.Kind != PendingSignature {
		return Answer{Err: ErrNotPending}
	}
	signature, err := p.Key.Sign(rand.Reader, p.Input, p.Options)
	return Answer{Signature: signature, Err: err}
}
