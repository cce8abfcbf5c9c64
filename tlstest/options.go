package tlstest

import (
	"io"
	"time"

	"smoltls/phy"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

// Options say what differs from two ends of smoltls with P-256 keys on a perfect link. The zero value is just that.
type Options struct {
	// Client and Server make the TLS of an end; nil: smoltls itself.
	Client, Server Handshake

	// KeyType is the kind of both identities' keys; zero: ECDSA P-256.
	KeyType x509lite.KeyType

	// Configure changes the configuration of an end that is smoltls, after all else.
	Configure func(role tlssock.Role, c *tlssock.Config)

	// Now is where the clock starts; zero: the real time.
	Now time.Time

	// Faults are those of the link: Out from the client to the server, In the other way. SetFaults changes them later.
	Faults phy.FaultConfig

	// Capture gets everything that the client sees, as pcapng; with the secrets of ends that log them, which are those
	// of this package, so that Wireshark shows it decrypted. nil: nobody.
	Capture io.Writer

	// Timeout is for a handshake and for each read and write of [Case.Run] and [Test], by the real clock; zero:
	// [DefaultTimeout].
	Timeout time.Duration
}

// DefaultTimeout is the default of [Options].Timeout.
const DefaultTimeout = 10 * time.Second

func (o *Options) timeout() time.Duration {
	if o.Timeout <= 0 {
		return DefaultTimeout
	}
	return o.Timeout
}

func (o *Options) keyType() x509lite.KeyType {
	if o.KeyType == x509lite.UnknownKey {
		return x509lite.ECDSAP256
	}
	return o.KeyType
}
