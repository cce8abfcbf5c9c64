package kex

import (
	"crypto/ecdh"
	"io"
)

// The places of a Private for keys of crypto/ecdh.
const (
	slotP256 = iota
	slotP384
	slotP521
	numSlots
)

// maxScalarTries bounds the search for a scalar below the order of the curve. A random
// one is not with a probability of 2^-32 at most: more misses than this mean that the
// source is broken.
const maxScalarTries = 8

// nistPart is ECDHE over one of the curves of crypto/ecdh (RFC 8446 §4.2.8.2 and §7.4.2).
type nistPart struct {
	curve ecdh.Curve
	slot  int
	size  int  // of a scalar and of a coordinate, in bytes
	mask  byte // of the scalar's first byte: the order of P-521 has 521 bits
}

func (k nistPart) lengths() (client, server, secret int) {
	point := 1 + 2*k.size // uncompressed: 4, x, y
	return point, point, k.size
}

func (k nistPart) has(p *Private) bool { return p.nist[k.slot] != nil }

// generate draws the scalar itself, because crypto/ecdh's GenerateKey does not use the
// source that it is given.
func (k nistPart) generate(p *Private, rand io.Reader) error {
	scalar := p.seed[:k.size]
	defer clear(scalar)
	for range maxScalarTries {
		if err := read(rand, scalar); err != nil {
			return err
		}
		scalar[0] &= k.mask
		if key, err := k.curve.NewPrivateKey(scalar); err == nil {
			p.nist[k.slot] = key
			return nil
		}
	}
	return ErrEntropy
}

func (k nistPart) appendShare(p *Private, b []byte) []byte {
	return append(b, p.nist[k.slot].PublicKey().Bytes()...)
}

func (k nistPart) agree(p *Private, peer, secret []byte) ([]byte, error) {
	point, err := k.curve.NewPublicKey(peer)
	if err != nil {
		return secret, ErrPoint
	}
	shared, err := p.nist[k.slot].ECDH(point)
	if err != nil {
		return secret, ErrPoint
	}
	secret = append(secret, shared...)
	clear(shared)
	return secret, nil
}
