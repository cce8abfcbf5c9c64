package tlssock

import (
	"crypto"
	"crypto/sha256"
	"crypto/sha512"

	"smoltls/tlssock/internal/suite"
)

// The context strings of RFC 8446 §4.4.3, each as long as the other.
const (
	serverContext = "TLS 1.3, server CertificateVerify"
	clientContext = "TLS 1.3, client CertificateVerify"

	signedPad = 64 // spaces that come first
)

// signedContent is the memory for what a CertificateVerify signs and for its digest.
type signedContent struct {
	content [signedPad + len(serverContext) + 1 + suite.MaxHashSize]byte
	digest  [sha512.Size]byte
}

// input makes what the scheme's primitive takes: the content that role signs for the given transcript hash, or its
// digest.
func (c *signedContent) input(s *scheme, role Role, transcript []byte) []byte {
	b := c.content[:0]
	for range signedPad {
		b = append(b, ' ')
	}
	context := clientContext
	if role == RoleServer {
		context = serverContext
	}
	b = append(b, context...)
	b = append(b, 0)
	b = append(b, transcript...)
	switch s.hash {
	case crypto.SHA256:
		d := sha256.Sum256(b)
		return append(c.digest[:0], d[:]...)
	case crypto.SHA384:
		d := sha512.Sum384(b)
		return append(c.digest[:0], d[:]...)
	case crypto.SHA512:
		c.digest = sha512.Sum512(b)
		return c.digest[:]
	}
	return b
}
