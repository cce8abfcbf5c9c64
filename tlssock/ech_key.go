package tlssock

import (
	cryptorand "crypto/rand"
	"crypto/tls"
	"fmt"
	"io"

	"smoltls/tlssock/internal/ech"
)

// ECHKeyOptions say what a key for Encrypted ClientHello is for (RFC 9849 §4).
type ECHKeyOptions struct {
	// PublicName is the host name that everybody sees, and that the server has a certificate for.
	PublicName string
	// ConfigID tells the keys of a server from each other, and should differ among them.
	ConfigID uint8
	// MaxNameLength is the length in bytes of the longest name that is hidden, which clients pad to; 0: not known.
	MaxNameLength uint8
	// KEM is the key's kind by its HPKE number (RFC 9180 §7.1); 0: DHKEM(X25519, HKDF-SHA256), which everybody knows.
	// Others: P-256 (0x0010), P-384 (0x0011), P-521 (0x0012), X448 (0x0021), X-Wing (0x647a).
	KEM uint16
	// Rand is the source of randomness; nil is crypto/rand.Reader.
	Rand io.Reader
}

// NewECHKey makes a key for [Config].EncryptedClientHelloKeys, to be sent as a retry configuration too. It fails with
// ErrConfig for options that no client would take.
func NewECHKey(o ECHKeyOptions) (tls.EncryptedClientHelloKey, error) {
	if o.Rand == nil {
		o.Rand = cryptorand.Reader
	}
	if o.KEM == 0 {
		o.KEM = ech.X25519
	}
	public, private, err := ech.GenerateKey(o.KEM, o.Rand)
	if err != nil {
		return tls.EncryptedClientHelloKey{}, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	c := ech.Config{ID: o.ConfigID, KEM: o.KEM, PublicKey: public, Suites: ech.DefaultSuites, MaxNameLength: o.MaxNameLength, PublicName: o.PublicName}
	raw, err := c.Marshal()
	if err != nil {
		return tls.EncryptedClientHelloKey{}, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	return tls.EncryptedClientHelloKey{Config: raw, PrivateKey: private, SendAsRetry: true}, nil
}

// ECHConfigList gives what clients need to encrypt to the keys, in order of preference: the value of
// [Config].EncryptedClientHelloConfigList, and of the parameter ech of an HTTPS or SVCB record. It fails with ErrConfig
// for none and for more than a list holds.
func ECHConfigList(keys ...tls.EncryptedClientHelloKey) ([]byte, error) {
	configs := make([][]byte, len(keys))
	for i := range keys {
		configs[i] = keys[i].Config
	}
	list, err := ech.MarshalList(configs...)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	return list, nil
}
