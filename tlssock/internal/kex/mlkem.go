package kex

import (
	"io"
	"slices"

	"github.com/cloudflare/circl/kem/mlkem/mlkem768"
)

// mlkem768Part is ML-KEM-768 (FIPS 203). The client's share is an encapsulation key and
// the server's a ciphertext.
type mlkem768Part struct{}

func (mlkem768Part) lengths() (client, server, secret int) {
	return mlkem768.PublicKeySize, mlkem768.CiphertextSize, mlkem768.SharedKeySize
}

func (mlkem768Part) has(p *Private) bool { return p.mlkemPrivate != nil }

func (mlkem768Part) generate(p *Private, rand io.Reader) error {
	defer clear(p.seed[:])
	if err := read(rand, p.seed[:]); err != nil {
		return err
	}
	p.mlkemPublic, p.mlkemPrivate = mlkem768.NewKeyFromSeed(p.seed[:])
	p.leaveAVX()
	return nil
}

func (mlkem768Part) appendShare(p *Private, b []byte) []byte {
	b, share := extend(b, mlkem768.PublicKeySize)
	p.mlkemPublic.Pack(share)
	p.leaveAVX()
	return b
}

// agree can't fail: a ciphertext that was tampered with decapsulates to a secret that
// nobody else knows (implicit rejection, FIPS 203 §6.3), and the Finished messages differ.
func (mlkem768Part) agree(p *Private, peer, secret []byte) ([]byte, error) {
	secret, shared := extend(secret, mlkem768.SharedKeySize)
	p.mlkemPrivate.DecapsulateTo(shared, peer)
	p.leaveAVX()
	return secret, nil
}

func (mlkem768Part) respond(p *Private, rand io.Reader, peer, share, secret []byte) (newShare, newSecret []byte, err error) {
	defer p.leaveAVX()
	var key mlkem768.PublicKey
	if err := key.Unpack(peer); err != nil {
		return share, secret, ErrEncapsulationKey
	}
	seed := p.seed[:mlkem768.EncapsulationSeedSize]
	defer clear(seed)
	if err := read(rand, seed); err != nil {
		return share, secret, err
	}
	share, ciphertext := extend(share, mlkem768.CiphertextSize)
	secret, shared := extend(secret, mlkem768.SharedKeySize)
	key.EncapsulateTo(ciphertext, shared, seed)
	return share, secret, nil
}

// sweepLen is a length for which the runtime clears memory with AVX, and then leaves that state with VZEROUPPER.
const sweepLen = 512

// leaveAVX makes up for circl's ML-KEM, which on amd64 ends without VZEROUPPER: until somebody executes one, every SSE instruction waits for the upper
// halves of its registers, and SHA-256 takes a hundred times as long. A clear by the runtime ends with one, if the compiler does not know its
// length: hence a slice. Elsewhere it costs a few nanoseconds.
func (p *Private) leaveAVX() {
	if p.sweep == nil {
		p.sweep = make([]byte, sweepLen)
	}
	clear(p.sweep)
}

// extend lengthens b by n bytes and returns the whole and the new part.
func extend(b []byte, n int) (whole, added []byte) {
	whole = slices.Grow(b, n)[:len(b)+n]
	return whole, whole[len(b):]
}
