package ech

import (
	"bytes"
	"io"
)

// NewLoggedSealer is NewSealer, and gives besides what the KEM has both sides share, for a key log (RFC 9850).
func (r *Recipient) NewLoggedSealer(rand io.Reader) (enc, secret []byte, s *Sealer, err error) {
	seed := make([]byte, scheme(r.KEM).EncapsulationSeedSize())
	defer clear(seed)
	if _, err := io.ReadFull(rand, seed); err != nil {
		return nil, nil, nil, err
	}
	if enc, s, err = r.NewSealer(bytes.NewReader(seed)); err != nil {
		return nil, nil, nil, err
	}
	same, secret, err := scheme(r.KEM).EncapsulateDeterministically(r.key, seed)
	if err == nil && !bytes.Equal(same, enc) { // another secret than that of the sealer would be of no use
		secret = nil
	}
	return enc, secret, s, err
}

// SharedSecret is the same for the key that enc was made for. It fails with ErrDecrypt.
func (k *Key) SharedSecret(enc []byte) ([]byte, error) {
	secret, err := scheme(k.KEM).Decapsulate(k.private, enc)
	if err != nil {
		return nil, ErrDecrypt
	}
	return secret, nil
}
