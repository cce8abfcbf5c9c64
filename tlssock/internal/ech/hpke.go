package ech

import (
	"fmt"
	"io"
	"slices"

	"github.com/cloudflare/circl/hpke"
	"github.com/cloudflare/circl/kem"
)

// Numbers that RFC 9849 §9 wants everybody to know, as RFC 9180 §7 registers them.
const (
	X25519    = uint16(hpke.KEM_X25519_HKDF_SHA256)
	SHA256    = uint16(hpke.KDF_HKDF_SHA256)
	AES128GCM = uint16(hpke.AEAD_AES128GCM)
)

// Overhead is by how many bytes sealing makes something longer. It is the same for every AEAD.
const Overhead = 16

// DefaultSuites are those of a new configuration.
var DefaultSuites = []Suite{
	{SHA256, AES128GCM}, {SHA256, uint16(hpke.AEAD_AES256GCM)}, {SHA256, uint16(hpke.AEAD_ChaCha20Poly1305)},
}

// scheme gives the KEM with that number, nil if it is not supported: all that circl has but for the draft of Kyber.
func scheme(id uint16) kem.Scheme {
	if k := hpke.KEM(id); k.IsValid() && k != hpke.KEM_X25519_KYBER768_DRAFT00 {
		return k.Scheme()
	}
	return nil
}

func (s Suite) supported() bool { return hpke.KDF(s.KDF).IsValid() && hpke.AEAD(s.AEAD).IsValid() }

// info is what a context is bound to (RFC 9849 §6.1).
func (c *Config) info() []byte { return slices.Concat([]byte("tls ech\x00"), c.Raw) }

// Recipient is a configuration whose public key and suite a client can use. It is safe for concurrent use.
type Recipient struct {
	*Config
	Suite Suite
	key   kem.PublicKey
}

// Choose takes the first configuration that can be used, with the first of its suites (RFC 9849 §6.1). It fails with
// ErrUnusable.
func Choose(configs []*Config) (*Recipient, error) {
	for _, c := range configs {
		kem := scheme(c.KEM)
		i := slices.IndexFunc(c.Suites, Suite.supported)
		if kem == nil || i < 0 || c.Mandatory || !validPublicName(c.PublicName) {
			continue
		}
		if key, err := kem.UnmarshalBinaryPublicKey(c.PublicKey); err == nil {
			return &Recipient{c, c.Suites[i], key}, nil
		}
	}
	return nil, ErrUnusable
}

// Sealer seals the hellos of one connection, in order.
type Sealer struct{ sealer hpke.Sealer }

// NewSealer begins a connection: enc is what the server needs for it too.
func (r *Recipient) NewSealer(rand io.Reader) (enc []byte, s *Sealer, err error) {
	sender, err := hpke.NewSuite(hpke.KEM(r.KEM), hpke.KDF(r.Suite.KDF), hpke.AEAD(r.Suite.AEAD)).NewSender(r.key, r.info())
	if err != nil {
		return nil, nil, err
	}
	enc, sealer, err := sender.Setup(rand)
	return enc, &Sealer{sealer}, err
}

// Seal seals plain, bound to aad.
func (s *Sealer) Seal(plain, aad []byte) ([]byte, error) { return s.sealer.Seal(plain, aad) }

// Key is a server's: a configuration and its private key. It is safe for concurrent use.
type Key struct {
	*Config
	private kem.PrivateKey
}

// NewKey takes a configuration and its private key in the form of RFC 9180 §7.1. It fails with ErrConfigList and
// ErrKey. The result aliases config.
func NewKey(config, private []byte) (*Key, error) {
	c, err := ParseConfig(config)
	if err != nil {
		return nil, err
	}
	kem := scheme(c.KEM)
	if kem == nil {
		return nil, fmt.Errorf("%w: KEM %#04x is not supported", ErrKey, c.KEM)
	}
	key, err := kem.UnmarshalBinaryPrivateKey(private)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKey, err)
	}
	public, err := kem.UnmarshalBinaryPublicKey(c.PublicKey)
	if err != nil || !key.Public().Equal(public) { // Public is computed once, before the key is shared
		return nil, ErrKey
	}
	return &Key{c, key}, nil
}

// GenerateKey makes a key pair, in the form of RFC 9180 §7.1. It fails with ErrKey for a KEM that is not supported, and
// with what rand fails with.
func GenerateKey(id uint16, rand io.Reader) (public, private []byte, err error) {
	kem := scheme(id)
	if kem == nil {
		return nil, nil, fmt.Errorf("%w: KEM %#04x is not supported", ErrKey, id)
	}
	seed := make([]byte, kem.SeedSize())
	if _, err := io.ReadFull(rand, seed); err != nil {
		return nil, nil, err
	}
	pk, sk := kem.DeriveKeyPair(seed)
	clear(seed)
	if public, err = pk.MarshalBinary(); err != nil {
		return nil, nil, err
	}
	private, err = sk.MarshalBinary()
	return public, private, err
}

// Opener opens the hellos of one connection, in order.
type Opener struct{ opener hpke.Opener }

// NewOpener begins a connection of a client that chose the suite and sent enc. It fails with ErrDecrypt, also for a
// suite that the configuration does not have.
func (k *Key) NewOpener(suite Suite, enc []byte) (*Opener, error) {
	if !suite.supported() || !slices.Contains(k.Suites, suite) {
		return nil, ErrDecrypt
	}
	receiver, err := hpke.NewSuite(hpke.KEM(k.KEM), hpke.KDF(suite.KDF), hpke.AEAD(suite.AEAD)).NewReceiver(k.private, k.info())
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDecrypt, err)
	}
	opener, err := receiver.Setup(enc)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDecrypt, err)
	}
	return &Opener{opener}, nil
}

// Open opens what was sealed with aad. It fails with ErrDecrypt, and the next is then still to be opened.
func (o *Opener) Open(sealed, aad []byte) ([]byte, error) {
	plain, err := o.opener.Open(sealed, aad)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDecrypt, err)
	}
	return plain, nil
}
