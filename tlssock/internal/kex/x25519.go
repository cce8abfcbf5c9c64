package kex

import (
	"io"

	"github.com/cloudflare/circl/dh/x25519"
)

// x25519Part is X25519 (RFC 7748 §5, RFC 8446 §4.2.8.2 and §7.4.2).
type x25519Part struct{}

func (x25519Part) lengths() (client, server, secret int) {
	return x25519.Size, x25519.Size, x25519.Size
}

func (x25519Part) has(p *Private) bool { return p.hasX }

func (x25519Part) generate(p *Private, rand io.Reader) error {
	if err := read(rand, p.xScalar[:]); err != nil {
		return err
	}
	x25519.KeyGen(&p.xPublic, &p.xScalar)
	p.hasX = true
	return nil
}

func (x25519Part) appendShare(p *Private, b []byte) []byte { return append(b, p.xPublic[:]...) }

func (x25519Part) agree(p *Private, peer, secret []byte) ([]byte, error) {
	copy(p.xPeer[:], peer)
	// Shared looks at the point, in constant time, for what RFC 8446 §7.4.2 has one look
	// at the secret for: the points of small order are those that give zeros.
	ok := x25519.Shared(&p.xSecret, &p.xScalar, &p.xPeer)
	if !ok {
		return secret, ErrZero
	}
	secret = append(secret, p.xSecret[:]...)
	clear(p.xSecret[:])
	return secret, nil
}
