package kex

import (
	"crypto/ecdh"
	"io"
)

// The groups, by their code points in the TLS Supported Groups registry.
const (
	P256               uint16 = 0x0017
	P384               uint16 = 0x0018
	P521               uint16 = 0x0019
	X25519             uint16 = 0x001d
	X448               uint16 = 0x001e
	MLKEM1024          uint16 = 0x0202
	SecP256r1MLKEM768  uint16 = 0x11eb
	X25519MLKEM768     uint16 = 0x11ec
	SecP384r1MLKEM1024 uint16 = 0x11ed
)

// A Group is what can be known of a group without a key. Lengths are in bytes.
type Group struct {
	// ID is the code point and Name its name in the registry.
	ID   uint16
	Name string
	// ClientShareLen and ServerShareLen are the lengths of the key_exchange field of a
	// KeyShareEntry (RFC 8446 §4.2.8), and SecretLen is that of the shared secret.
	ClientShareLen, ServerShareLen, SecretLen int

	parts []part
}

// A part is one primitive of a group. Its keys are in the Private it is given. Peer
// shares have been cut to the part's length.
type part interface {
	// lengths are those of the client's share, the server's share and the secret.
	lengths() (client, server, secret int)
	// has reports whether p holds a key of this part.
	has(p *Private) bool
	// generate makes a key.
	generate(p *Private, rand io.Reader) error
	// appendShare appends the client's share of the key.
	appendShare(p *Private, b []byte) []byte
	// agree appends the secret, given the server's share.
	agree(p *Private, peer, secret []byte) ([]byte, error)
}

// A kem is a part whose server needs no key of its own: a key encapsulation mechanism.
type kem interface {
	// encapsulate makes the server's share and the secret, given the client's share, and
	// appends them.
	encapsulate(p *Private, rand io.Reader, peer, share, secret []byte) (newShare, newSecret []byte, err error)
}

var groups = [...]Group{
	newGroup(X25519, "x25519", x25519Part{}),
	newGroup(P256, "secp256r1", nistPart{curve: ecdh.P256(), slot: slotP256, size: 32, mask: 0xff}),
	newGroup(P384, "secp384r1", nistPart{curve: ecdh.P384(), slot: slotP384, size: 48, mask: 0xff}),
	// ML-KEM comes first: draft-ietf-tls-ecdhe-mlkem §4.
	newGroup(X25519MLKEM768, "X25519MLKEM768", mlkem768Part, x25519Part{}),
	// and last with the others, §3.
	newGroup(SecP256r1MLKEM768, "SecP256r1MLKEM768", nistPart{curve: ecdh.P256(), slot: slotP256, size: 32, mask: 0xff}, mlkem768Part),
	newGroup(SecP384r1MLKEM1024, "SecP384r1MLKEM1024", nistPart{curve: ecdh.P384(), slot: slotP384, size: 48, mask: 0xff}, mlkem1024Part),
	newGroup(MLKEM1024, "MLKEM1024", mlkem1024Part), // draft-ietf-tls-mlkem
	newGroup(P521, "secp521r1", nistPart{curve: ecdh.P521(), slot: slotP521, size: 66, mask: 1}),
	newGroup(X448, "x448", x448Part{}),
}

func newGroup(id uint16, name string, parts ...part) Group {
	g := Group{ID: id, Name: name, parts: parts}
	for _, p := range parts {
		client, server, secret := p.lengths()
		g.ClientShareLen += client
		g.ServerShareLen += server
		g.SecretLen += secret
	}
	return g
}

// PostQuantum reports whether g has a part that a quantum computer does not break.
func (g *Group) PostQuantum() bool {
	for _, p := range g.parts {
		if _, ok := p.(mlkemPart); ok {
			return true
		}
	}
	return false
}

// ByID returns the group with the given code point, nil if it is not supported. It must
// not be changed.
func ByID(id uint16) *Group {
	for i := range groups {
		if groups[i].ID == id {
			return &groups[i]
		}
	}
	return nil
}
