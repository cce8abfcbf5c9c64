// Package identity makes the self-signed identities that every contender of an experiment uses.
package identity

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"time"
)

// Kind is the kind of an identity's key.
type Kind int

// The kinds of key.
const (
	P256 Kind = iota
	Ed25519
	RSA2048
)

// String names the kind as the table does.
func (k Kind) String() string {
	switch k {
	case Ed25519:
		return "Ed25519"
	case RSA2048:
		return "RSA-2048"
	}
	return "P-256"
}

// Pair is the two ends of a connection that authenticate each other.
type Pair struct {
	Client, Server tls.Certificate // with Leaf
}

// Names in the certificates of a [Pair].
const (
	ClientName = "client"
	ServerName = "server"
)

// NewPair makes two identities of the kind.
func NewPair(k Kind) (Pair, error) {
	client, err := selfSigned(k, ClientName)
	if err != nil {
		return Pair{}, err
	}
	server, err := selfSigned(k, ServerName)
	return Pair{client, server}, err
}

func newKey(k Kind) (crypto.Signer, error) {
	switch k {
	case Ed25519:
		_, key, err := ed25519.GenerateKey(rand.Reader)
		return key, err
	case RSA2048:
		return rsa.GenerateKey(rand.Reader, 2048)
	}
	return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
}

func selfSigned(k Kind, name string) (tls.Certificate, error) {
	key, err := newKey(k)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("a key for %s: %w", name, err)
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()),
		Subject:      pkix.Name{CommonName: name},
		DNSNames:     []string{name},
		NotBefore:    now.Add(-time.Hour),
		NotAfter:     now.Add(24 * time.Hour),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},

		BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("a certificate for %s: %w", name, err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, nil
}
