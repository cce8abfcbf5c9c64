package cli

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smoltls/x509lite"
)

func TestIdentityIsMadeOnceAndKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	c := &Common{StateDir: dir, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")}}
	first, err := c.Identity("tunserver")
	if err != nil || !first.Made || !first.Kept {
		t.Fatal(first, err)
	}
	leaf, err := x509lite.Parse(first.Chain[0])
	if err != nil || !leaf.MatchName("tunserver") || !leaf.MatchName("192.0.2.1") {
		t.Fatalf("%v %v", leaf, err)
	}
	if fp := leaf.Fingerprint(); first.String() != fmt.Sprintf("%s, SHA-256 %x", filepath.Join(dir, "tunserver.pem"), fp[:]) {
		t.Errorf("%v", first)
	}
	again, err := c.Identity("tunserver")
	if err != nil || !bytes.Equal(again.Leaf.Raw, first.Leaf.Raw) || again.Made || !again.Kept {
		t.Fatalf("the second time: %v %v", again, err)
	}
	if fi, err := os.Stat(filepath.Join(dir, "tunserver.key")); err != nil || fi.Mode().Perm() != 0o600 {
		t.Errorf("others may read the key: %v %v", fi, err)
	}
}

func TestStateFolderThatCantBeWrittenIsNamed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a file")
	os.WriteFile(file, nil, 0o600)
	if _, err := (&Common{StateDir: filepath.Join(file, "below")}).Identity("x"); err == nil || !strings.Contains(err.Error(), "-state") {
		t.Errorf("%v", err)
	}
}

// write makes an identity and writes it into dir under name.
func write(t *testing.T, dir, name string) (cert, key string, id *x509lite.Identity) {
	t.Helper()
	id, err := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: time.Now(), Names: []string{name}})
	if err != nil {
		t.Fatal(err)
	}
	keyPEM, err := id.PrivateKeyPEM()
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, name+".pem"), filepath.Join(dir, name+".key")
	for f, b := range map[string][]byte{cert: id.CertificatePEM(), key: keyPEM} {
		if err := os.WriteFile(f, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key, id
}

func TestIdentityFilesThatDoNotFitAreExplained(t *testing.T) {
	dir := t.TempDir()
	certA, keyA, id := write(t, dir, "a")
	_, keyB, _ := write(t, dir, "b")
	garbage := filepath.Join(dir, "garbage")
	os.WriteFile(garbage, []byte("nothing of the kind"), 0o600)
	encrypted := filepath.Join(dir, "encrypted")
	os.WriteFile(encrypted, []byte("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n"), 0o600)

	c := &Common{CertFile: certA, KeyFile: keyA}
	got, err := c.Identity("x")
	if err != nil || !bytes.Equal(got.Leaf.Raw, id.Leaf.Raw) || got.Kept || got.Made {
		t.Fatal(got, err)
	}
	for _, f := range []struct {
		key  string
		want error
	}{
		{keyB, x509lite.ErrKeyMismatch}, {encrypted, x509lite.ErrEncryptedKey}, {certA, x509lite.ErrNoPrivateKey}, {garbage, x509lite.ErrMalformed},
		{filepath.Join(dir, "none"), os.ErrNotExist},
	} {
		c.KeyFile = f.key
		_, err := c.Identity("x")
		if !errors.Is(err, f.want) || !strings.Contains(err.Error(), f.key) {
			t.Errorf("%s: %v, want %v", f.key, err, f.want)
		}
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("more than one line: %q", err)
		}
	}
}
