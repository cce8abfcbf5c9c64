package tlssock

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"testing"
)

// RFC 8446 §4.4.3 has this example, for a hash of 32 bytes 01.
func TestSignedContentIsTheExampleOfTheRFC(t *testing.T) {
	var c signedContent
	want := append(bytes.Repeat([]byte{0x20}, 64), "TLS 1.3, server CertificateVerify"...)
	want = append(want, 0)
	want = append(want, bytes.Repeat([]byte{1}, 32)...)
	if got := c.input(schemeByID(uint16(tls.Ed25519)), RoleServer, bytes.Repeat([]byte{1}, 32)); !bytes.Equal(got, want) {
		t.Errorf("%x", got)
	}
	sum := sha256.Sum256(want)
	if got := c.input(schemeByID(uint16(tls.PSSWithSHA256)), RoleServer, bytes.Repeat([]byte{1}, 32)); !bytes.Equal(got, sum[:]) {
		t.Errorf("%x", got)
	}
	if got := c.input(schemeByID(uint16(tls.Ed25519)), RoleClient, nil); !bytes.Contains(got, []byte("client")) {
		t.Errorf("%x", got)
	}
}
