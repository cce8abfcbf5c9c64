package demo

import (
	"crypto"
	"crypto/tls"
	"io"
	"time"

	"smoltls/tlssock"
	"smoltls/x509lite"
)

const (
	serverName = "server.example"
	clientName = "client.example"
)

// identities are the two ends' self-signed identities, made on the spot.
type identities struct {
	now            time.Time
	client, server *x509lite.Identity
}

func newIdentities(now time.Time) (*identities, error) {
	ids := &identities{now: now}
	var err error
	if ids.server, err = ids.make(serverName, 0, 0); err != nil {
		return nil, err
	}
	ids.client, err = ids.make(clientName, 0, 0)
	return ids, err
}

const day = 24 * time.Hour

// make makes an identity that is valid from some days before or after now, for some days; 0 and 0: for a year from
// yesterday.
func (ids *identities) make(name string, from, days int) (*x509lite.Identity, error) {
	if days == 0 {
		from, days = -1, 365
	}
	begin := ids.now.Add(time.Duration(from) * day)
	return x509lite.SelfSigned(x509lite.SelfSignedOptions{
		Names: []string{name}, NotBefore: begin, NotAfter: begin.Add(time.Duration(days) * day),
	})
}

func (ids *identities) clientConfig() *tlssock.Config {
	return &tlssock.Config{
		Certificates: tlssock.Certificates(ids.client),
		Trust:        x509lite.Pin(ids.server.Leaf),
		ServerName:   serverName,
	}
}

func (ids *identities) serverConfig() *tlssock.Config {
	return &tlssock.Config{
		Certificates: tlssock.Certificates(ids.server),
		Trust:        x509lite.Pin(ids.client.Leaf),
		ClientAuth:   tls.RequireAndVerifyClientCert,
	}
}

// tamperingSigner is a key whose signatures have one bit flipped on their way to the peer.
type tamperingSigner struct{ crypto.Signer }

// Sign implements crypto.Signer, badly.
func (t tamperingSigner) Sign(rand io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	sig, err := t.Signer.Sign(rand, digest, opts)
	if len(sig) > 0 {
		sig[len(sig)-1] ^= 1
	}
	return sig, err
}
