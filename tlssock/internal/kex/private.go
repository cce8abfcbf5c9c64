package kex

import (
	"crypto/ecdh"
	cryptorand "crypto/rand"
	"fmt"
	"io"
	"slices"

	"github.com/cloudflare/circl/dh/x25519"
)

// maxSeed is the longest that a key is made from: a scalar of P-521.
const maxSeed = 66

// A Private holds the ephemeral private keys of one handshake. The zero Private is empty
// and ready for use; after Wipe it is ready for another handshake.
//
// Parts are shared: once X25519MLKEM768 is generated, the X25519 share costs nothing more,
// and both groups can be offered in one ClientHello with one X25519 key.
type Private struct {
	xScalar, xPublic x25519.Key
	xPeer, xSecret   x25519.Key // working memory: on the stack they would escape
	hasX             bool
	nist             [numSlots]*ecdh.PrivateKey
	mlkem            [numKEMs]kemKey
	x448             *x448Keys // nil until one is needed
	seed             [maxSeed]byte
	sweep            []byte // what leaveAVX clears; memory kept
}

// Generate makes the keys of group that p does not hold yet. A nil rand is
// crypto/rand.Reader. The errors are ErrGroup and ErrEntropy.
func (p *Private) Generate(group uint16, rand io.Reader) error {
	g := ByID(group)
	if g == nil {
		return ErrGroup
	}
	for _, part := range g.parts {
		if part.has(p) {
			continue
		}
		if err := part.generate(p, source(rand)); err != nil {
			return err
		}
	}
	return nil
}

// Has reports whether p holds the keys of group.
func (p *Private) Has(group uint16) bool {
	g := ByID(group)
	return g != nil && p.hasAll(g)
}

func (p *Private) hasAll(g *Group) bool {
	for _, part := range g.parts {
		if !part.has(p) {
			return false
		}
	}
	return true
}

// AppendShare appends the client's share of group, ClientShareLen bytes, to b. It fails
// with ErrGroup or ErrNoKey.
func (p *Private) AppendShare(b []byte, group uint16) ([]byte, error) {
	g := ByID(group)
	if g == nil {
		return b, ErrGroup
	}
	if !p.hasAll(g) {
		return b, ErrNoKey
	}
	for _, part := range g.parts {
		b = part.appendShare(p, b)
	}
	return b, nil
}

// Agree appends to secret the shared secret of group, SecretLen bytes, given the server's
// share. The errors are ErrGroup, ErrNoKey and those that are an ErrShare; secret comes
// back as it was then.
func (p *Private) Agree(group uint16, peer, secret []byte) ([]byte, error) {
	g := ByID(group)
	switch {
	case g == nil:
		return secret, ErrGroup
	case !p.hasAll(g):
		return secret, ErrNoKey
	case len(peer) != g.ServerShareLen:
		return secret, ErrLength
	}
	before := len(secret)
	secret = slices.Grow(secret, g.SecretLen) // no part of it stays behind in memory that was too small
	for _, part := range g.parts {
		_, n, _ := part.lengths()
		var err error
		if secret, err = part.agree(p, peer[:n], secret); err != nil {
			return cut(secret, before), err
		}
		peer = peer[n:]
	}
	return secret, nil
}

// Respond is the server's side of group: given the client's share it appends the server's
// to share, ServerShareLen bytes, and the shared secret to secret, SecretLen bytes. The
// ephemeral keys are gone when it returns, so p only lends its memory. A nil rand is
// crypto/rand.Reader. The errors are ErrGroup, ErrEntropy and those that are an ErrShare;
// share and secret come back as they were then.
func (p *Private) Respond(group uint16, rand io.Reader, peer, share, secret []byte) (newShare, newSecret []byte, err error) {
	g := ByID(group)
	if g == nil {
		return share, secret, ErrGroup
	}
	if len(peer) != g.ClientShareLen {
		return share, secret, ErrLength
	}
	defer p.Wipe()
	shareLen, secretLen := len(share), len(secret)
	secret = slices.Grow(secret, g.SecretLen)
	for _, part := range g.parts {
		n, _, _ := part.lengths()
		share, secret, err = p.respond(part, source(rand), peer[:n], share, secret)
		if err != nil {
			return share[:shareLen], cut(secret, secretLen), err
		}
		peer = peer[n:]
	}
	return share, secret, nil
}

// respond is the server's side of one part.
func (p *Private) respond(part part, rand io.Reader, peer, share, secret []byte) (newShare, newSecret []byte, err error) {
	if kem, ok := part.(kem); ok {
		return kem.encapsulate(p, rand, peer, share, secret)
	}
	if err := part.generate(p, rand); err != nil {
		return share, secret, err
	}
	if secret, err = part.agree(p, peer, secret); err != nil {
		return share, secret, err
	}
	return part.appendShare(p, share), secret, nil
}

// Wipe overwrites the keys where Go allows it, drops the others, and makes p ready for
// another handshake.
func (p *Private) Wipe() { *p = Private{sweep: p.sweep} }

// cut shortens a secret to n bytes and wipes the rest.
func cut(secret []byte, n int) []byte {
	clear(secret[n:])
	return secret[:n]
}

func source(rand io.Reader) io.Reader {
	if rand == nil {
		return cryptorand.Reader
	}
	return rand
}

// read fills b from rand.
func read(rand io.Reader, b []byte) error {
	if _, err := io.ReadFull(rand, b); err != nil {
		return fmt.Errorf("%w: %w", ErrEntropy, err)
	}
	return nil
}
