package kex

import (
	"io"

	"github.com/cloudflare/circl/dh/x448"
)

// x448Keys are a key and working memory for X448: few connections have one.
type x448Keys struct {
	scalar, public x448.Key
	peer, secret   x448.Key
}

// x448Part is X448 (RFC 7748 §5, RFC 8446 §4.2.8.2 and §7.4.2).
type x448Part struct{}

func (x448Part) lengths() (client, server, secret int) { return x448.Size, x448.Size, x448.Size }

func (x448Part) has(p *Private) bool { return p.x448 != nil }

func (x448Part) generate(p *Private, rand io.Reader) error {
	k := &x448Keys{}
	if err := read(rand, k.scalar[:]); err != nil {
		return err
	}
	x448.KeyGen(&k.public, &k.scalar)
	p.x448 = k
	return nil
}

func (x448Part) appendShare(p *Private, b []byte) []byte { return append(b, p.x448.public[:]...) }

func (x448Part) agree(p *Private, peer, secret []byte) ([]byte, error) {
	k := p.x448
	copy(k.peer[:], peer)
	if !x448.Shared(&k.secret, &k.scalar, &k.peer) { // as with X25519: points of small order
		return secret, ErrZero
	}
	secret = append(secret, k.secret[:]...)
	clear(k.secret[:])
	return secret, nil
}
