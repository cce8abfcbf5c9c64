package kex

import (
	"io"
	"slices"

	"github.com/cloudflare/circl/kem/mlkem/mlkem1024"
	"github.com/cloudflare/circl/kem/mlkem/mlkem768"
)

// kemPublic and kemPrivate are what circl's keys of both sizes have in common.
type kemPublic interface {
	Pack(b []byte)
	Unpack(b []byte) error
	EncapsulateTo(ciphertext, secret, seed []byte)
}

type kemPrivate interface {
	DecapsulateTo(secret, ciphertext []byte)
}

// kemKey is a key of ML-KEM; its private part is nil when there is none.
type kemKey struct {
	public  kemPublic
	private kemPrivate
}

// The places of a Private for keys of ML-KEM.
const (
	slotMLKEM768 = iota
	slotMLKEM1024
	numKEMs
)

// mlkemPart is ML-KEM (FIPS 203). The client's share is an encapsulation key and the server's a ciphertext.
type mlkemPart struct {
	slot                       int
	publicSize, ciphertextSize int
	newKey                     func(seed []byte) kemKey
	newPublic                  func() kemPublic
}

var mlkem768Part = mlkemPart{
	slotMLKEM768, mlkem768.PublicKeySize, mlkem768.CiphertextSize,
	func(seed []byte) kemKey {
		public, private := mlkem768.NewKeyFromSeed(seed)
		return kemKey{public, private}
	},
	func() kemPublic { return &mlkem768.PublicKey{} },
}

var mlkem1024Part = mlkemPart{
	slotMLKEM1024, mlkem1024.PublicKeySize, mlkem1024.CiphertextSize,
	func(seed []byte) kemKey {
		public, private := mlkem1024.NewKeyFromSeed(seed)
		return kemKey{public, private}
	},
	func() kemPublic { return &mlkem1024.PublicKey{} },
}

// Both sizes have these in common (FIPS 203 §8).
const (
	kemSecretSize        = mlkem768.SharedKeySize
	kemKeySeedSize       = mlkem768.KeySeedSize
	kemEncapsulationSeed = mlkem768.EncapsulationSeedSize
)

func (k mlkemPart) lengths() (client, server, secret int) {
	return k.publicSize, k.ciphertextSize, kemSecretSize
}

func (k mlkemPart) has(p *Private) bool { return p.mlkem[k.slot].private != nil }

func (k mlkemPart) generate(p *Private, rand io.Reader) error {
	seed := p.seed[:kemKeySeedSize]
	defer clear(seed)
	if err := read(rand, seed); err != nil {
		return err
	}
	p.mlkem[k.slot] = k.newKey(seed)
	p.leaveAVX()
	return nil
}

func (k mlkemPart) appendShare(p *Private, b []byte) []byte {
	b, share := extend(b, k.publicSize)
	p.mlkem[k.slot].public.Pack(share)
	p.leaveAVX()
	return b
}

// agree can't fail: a ciphertext that was tampered with decapsulates to a secret that
// nobody else knows (implicit rejection, FIPS 203 §6.3), and the Finished messages differ.
func (k mlkemPart) agree(p *Private, peer, secret []byte) ([]byte, error) {
	secret, shared := extend(secret, kemSecretSize)
	p.mlkem[k.slot].private.DecapsulateTo(shared, peer)
	p.leaveAVX()
	return secret, nil
}

func (k mlkemPart) encapsulate(p *Private, rand io.Reader, peer, share, secret []byte) (newShare, newSecret []byte, err error) {
	defer p.leaveAVX()
	key := k.newPublic()
	if err := key.Unpack(peer); err != nil {
		return share, secret, ErrEncapsulationKey
	}
	seed := p.seed[:kemEncapsulationSeed]
	defer clear(seed)
	if err := read(rand, seed); err != nil {
		return share, secret, err
	}
	share, ciphertext := extend(share, k.ciphertextSize)
	secret, shared := extend(secret, kemSecretSize)
	key.EncapsulateTo(ciphertext, shared, seed)
	return share, secret, nil
}

// sweepLen is a length for which the runtime clears memory with AVX, and then leaves that state with VZEROUPPER.
const sweepLen = 512

// leaveAVX makes up for circl's ML-KEM, which on amd64 ends without VZEROUPPER: until somebody executes one, every SSE
// instruction waits for the upper halves of its registers, and SHA-256 takes a hundred times as long. A clear by the
// runtime ends with one, if the compiler does not know its length: hence a slice. Elsewhere it costs a few nanoseconds.
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
