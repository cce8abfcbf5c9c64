package tlssock

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"errors"
	"fmt"

	"golang.org/x/crypto/cryptobyte"

	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
	"smoltls/x509lite"
)

// ExternalPSK is a key that both ends of a connection, and nobody else, were given outside of TLS: the identity of both
// (RFC 9257).
//
// It is imported (RFC 9258): for each hash that is in use another key is derived from it, so that it can also serve in
// other places. A peer that can't do that, such as one with OpenSSL's -psk, takes it as it is (RFC 8446 §4.2.11):
// Direct.
type ExternalPSK struct {
	// Identity names the key, in the clear. 1 byte to 32 KiB.
	Identity []byte
	// Key is the secret: 16 random bytes or more. A password will not do: who is asked can try all of them at leisure
	// (RFC 9257 §6).
	Key []byte
	// Context goes into what is imported, and must be the same at both ends (RFC 9258 §3.1); at most 32 KiB. Not for
	// Direct.
	Context []byte
	// Hash is the one that Key is for, crypto.SHA256 or crypto.SHA384; 0 is SHA-256.
	Hash crypto.Hash
	// Direct: the key is not imported, and good for cipher suites of its hash only.
	Direct bool
}

// Bounds of external keys.
const (
	maxClientPSKs = 16 // that a client offers
	maxPSKLookups = 16 // identities of a client for which GetExternalPSK is asked
	minPSKKey     = 16
	maxPSKField   = 32 << 10
)

var pskHashes = map[crypto.Hash]suite.Hash{0: suite.SHA256, crypto.SHA256: suite.SHA256, crypto.SHA384: suite.SHA384}

// kdf is the identifier of a hash in an ImportedIdentity (RFC 9258 §10).
var kdf = map[suite.Hash]uint16{suite.SHA256: 1, suite.SHA384: 2}

// psk is an external key in the form in which it is offered for a hash.
type psk struct {
	*ExternalPSK
	identity []byte
	key      []byte
	hash     suite.Hash
}

// check says what is wrong with p.
func (p *ExternalPSK) check() error {
	switch _, known := pskHashes[p.Hash]; {
	case len(p.Identity) == 0 || len(p.Identity) > maxPSKField || len(p.Context) > maxPSKField:
		return fmt.Errorf("external PSK with an identity of %d and a context of %d bytes", len(p.Identity), len(p.Context))
	case len(p.Key) < minPSKKey:
		return fmt.Errorf("external PSK %q with a key of %d bytes: want %d at least", p.Identity, len(p.Key), minPSKKey)
	case !known:
		return fmt.Errorf("external PSK %q with hash %v", p.Identity, p.Hash)
	case p.Direct && len(p.Context) > 0:
		return fmt.Errorf("external PSK %q with a context, which is for imported ones", p.Identity)
	}
	return nil
}

// offered gives the form for a hash; false: there is none.
func (p *ExternalPSK) offered(hash suite.Hash) (psk, bool) {
	own := pskHashes[p.Hash]
	if p.Direct {
		return psk{p, p.Identity, p.Key, hash}, own == hash
	}
	var w cryptobyte.Builder // ImportedIdentity, RFC 9258 §5.1
	w.AddUint16LengthPrefixed(func(w *cryptobyte.Builder) { w.AddBytes(p.Identity) })
	w.AddUint16LengthPrefixed(func(w *cryptobyte.Builder) { w.AddBytes(p.Context) })
	w.AddUint16(wire.VersionTLS13)
	w.AddUint16(kdf[hash])
	identity := w.BytesOrPanic()
	return psk{p, identity, own.ImportPSK(&suite.Scratch{}, nil, p.Key, identity, hash), hash}, true
}

// print tells keys from each other, so that what rests on one can be bound to it.
func (p *ExternalPSK) print() []byte {
	h := sha256.New()
	for _, field := range [][]byte{p.Identity, p.Context, {byte(pskHashes[p.Hash])}, p.Key} {
		h.Write([]byte{byte(len(field) >> 24), byte(len(field) >> 16), byte(len(field) >> 8), byte(len(field))})
		h.Write(field)
	}
	if p.Direct {
		h.Write([]byte{1})
	}
	return h.Sum(nil)
}

// externalIdentity is the identity of the external key that an offered one may be made of: the first field of an
// ImportedIdentity, or all of it.
func externalIdentity(offered []byte) (imported, direct []byte) {
	s := cryptobyte.String(offered)
	var name, context cryptobyte.String
	var version, kdf uint16
	if s.ReadUint16LengthPrefixed(&name) && s.ReadUint16LengthPrefixed(&context) && s.ReadUint16(&version) && s.ReadUint16(&kdf) && s.Empty() {
		return name, offered
	}
	return nil, offered
}

// fillExternalPSKs derives what is offered, and looked for, of each key: one form for each hash of our suites.
func (p *prepared) fillExternalPSKs(c *Config) error {
	for i := range c.ExternalPSKs {
		key := &c.ExternalPSKs[i]
		if err := key.check(); err != nil {
			return err
		}
		for n, st := range p.suites {
			if !firstOfHash(p.suites, n) {
				continue
			}
			if form, ok := key.offered(st.Hash); ok {
				p.psks = append(p.psks, form)
			}
		}
	}
	if len(c.ExternalPSKs) > 0 && len(p.psks) == 0 {
		return errors.New("no cipher suite has the hash of an external PSK")
	}
	p.pskOnly = len(p.psks) > 0 && p.trust[x509lite.RoleServer] == nil && !c.InsecureSkipVerify
	return nil
}

// firstOfHash reports whether no suite before the n-th has its hash.
func firstOfHash(suites []*suite.Suite, n int) bool {
	for _, st := range suites[:n] {
		if st.Hash == suites[n].Hash {
			return false
		}
	}
	return true
}

func (c *Config) hasExternalPSKs() bool { return len(c.ExternalPSKs) > 0 || c.GetExternalPSK != nil }

// externalOf gives the key that a session was begun with, if it still is one of ours.
func (c *Config) externalOf(s *session) *ExternalPSK {
	for i := range c.ExternalPSKs {
		if key := &c.ExternalPSKs[i]; bytes.Equal(key.Identity, s.external) && bytes.Equal(key.print(), s.externalPrint) {
			return key
		}
	}
	if c.GetExternalPSK == nil {
		return nil
	}
	if key := c.GetExternalPSK(s.external); key != nil && key.check() == nil && bytes.Equal(key.Identity, s.external) && bytes.Equal(key.print(), s.externalPrint) {
		return key
	}
	return nil
}

// bindExternal binds a session to the external key of its connection.
func (f *facts) bindExternal(s *session) {
	if x := f.rarely().external; x != nil {
		s.external, s.externalPrint = x.Identity, x.print()
	}
}

// byPSK reports whether a pre-shared key says who the peer is: no certificates are shown.
func (f *facts) byPSK() bool { return f.resumed || f.rarely().external != nil }
