package x509lite

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"strings"
)

const (
	pemCertificate = "CERTIFICATE" // RFC 7468 §5
	pemPrivateKey  = "PRIVATE KEY" // RFC 7468 §10
)

var pemBegin = []byte("-----BEGIN ")

// LoadCertificates reads one certificate in DER or any number in PEM, in the order in which they stand. Other PEM
// blocks, such as a private key, are passed over. Without a certificate the error is ErrNoCertificate.
func LoadCertificates(data []byte) ([]*Certificate, error) { return loadCertificates(data, Parse) }

// loadCertificates is LoadCertificates by the caller's parser.
func loadCertificates(data []byte, parse func([]byte) (*Certificate, error)) ([]*Certificate, error) {
	if !isDER(data) {
		return parsePEM(data, parse)
	}
	c, err := parse(data)
	if err != nil {
		return nil, err
	}
	return []*Certificate{c}, nil
}

// ParsePEM is LoadCertificates for PEM only.
func ParsePEM(data []byte) ([]*Certificate, error) { return parsePEM(data, Parse) }

func parsePEM(data []byte, parse func([]byte) (*Certificate, error)) ([]*Certificate, error) {
	blocks, err := pemBlocks(data)
	if err != nil {
		return nil, err
	}
	var certs []*Certificate
	for _, b := range blocks {
		if b.Type != pemCertificate {
			continue
		}
		c, err := parse(b.Bytes)
		if err != nil {
			return nil, fmt.Errorf("x509lite: certificate %d of the input: %w", len(certs)+1, err)
		}
		certs = append(certs, c)
	}
	if len(certs) == 0 {
		return nil, fmt.Errorf("x509lite: %w in the input%s", ErrNoCertificate, blockList(blocks))
	}
	return certs, nil
}

// pemBlocks splits PEM into its blocks (RFC 7468). encoding/pem passes over a damaged block in silence; here it is an
// error, for a certificate that is missing from a list of pins is one.
func pemBlocks(data []byte) (blocks []*pem.Block, err error) {
	if len(data) > MaxLoadSize {
		return nil, fmt.Errorf("x509lite: input: %w: %d bytes, above %d", ErrTooLarge, len(data), MaxLoadSize)
	}
	begun := countBegins(data)
	for {
		var b *pem.Block
		if b, data = pem.Decode(data); b == nil {
			break
		}
		blocks = append(blocks, b)
	}
	if begun == 0 {
		return nil, fmt.Errorf("x509lite: input: %w: neither DER nor PEM", ErrMalformed)
	}
	if len(blocks) != begun {
		return nil, fmt.Errorf("x509lite: input: %w: %d of %d PEM blocks are damaged", ErrMalformed, begun-len(blocks), begun)
	}
	return blocks, nil
}

// countBegins counts the lines that begin a block.
func countBegins(data []byte) (n int) {
	for len(data) > 0 {
		if bytes.HasPrefix(data, pemBegin) {
			n++
		}
		_, data, _ = bytes.Cut(data, []byte("\n"))
	}
	return n
}

// isDER reports whether data begins as a SEQUENCE does: no text has 0 followed by such a length.
func isDER(data []byte) bool {
	return len(data) >= 2 && data[0] == 0x30 && (data[1] >= 0x80 || int(data[1])+2 == len(data))
}

// blockList says what was found in place of what was wanted.
func blockList(blocks []*pem.Block) string {
	if len(blocks) == 0 {
		return ""
	}
	var types []string
	for _, b := range blocks[:min(len(blocks), 4)] {
		types = append(types, fmt.Sprintf("%.40q", b.Type))
	}
	return ": it has " + strings.Join(types, ", ")
}

// CertificatePEM writes certificates, given as DER, as PEM.
func CertificatePEM(chain ...[]byte) []byte {
	var out []byte
	for _, der := range chain {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: pemCertificate, Bytes: der})...)
	}
	return out
}
