package cli

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"smoltls/x509lite"
)

// Identity is who we are, and where that is kept.
type Identity struct {
	*x509lite.Identity
	File string // the certificate's
	Kept bool   // in the state folder: it was made here
	Made bool   // just now
}

// Identity gives the identity that the flags name: -cert and -key, or a self-signed one that is made the first time and
// kept in the state folder under name.
func (c *Common) Identity(name string) (*Identity, error) {
	if c.CertFile != "" {
		id, err := loadIdentity(c.CertFile, c.KeyFile)
		if err != nil {
			return nil, err
		}
		return &Identity{Identity: id, File: c.CertFile}, nil
	}
	dir, err := c.stateDir()
	if err != nil {
		return nil, err
	}
	certFile, keyFile := filepath.Join(dir, name+".pem"), filepath.Join(dir, name+".key")
	made, err := c.makeIdentity(certFile, keyFile, name)
	if err != nil {
		return nil, fmt.Errorf("-state: %w", err)
	}
	id, err := loadIdentity(certFile, keyFile)
	if err != nil {
		return nil, err
	}
	return &Identity{Identity: id, File: certFile, Kept: true, Made: made}, nil
}

// String names the file and the fingerprint.
func (id *Identity) String() string {
	fp := id.Leaf.Fingerprint()
	return fmt.Sprintf("%s, SHA-256 %s", id.File, hex.EncodeToString(fp[:]))
}

func loadIdentity(certFile, keyFile string) (*x509lite.Identity, error) {
	cert, err := os.ReadFile(certFile)
	if err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	key, err := os.ReadFile(keyFile)
	if err != nil {
		return nil, fmt.Errorf("private key: %w", err)
	}
	id, err := x509lite.LoadIdentity(cert, key)
	if err != nil {
		return nil, fmt.Errorf("%s with %s: %w", certFile, keyFile, err)
	}
	return id, nil
}

func (c *Common) stateDir() (string, error) {
	if c.StateDir != "" {
		return c.StateDir, nil
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("no folder to keep an identity in (%w): give -state DIR, or -cert and -key", err)
	}
	return filepath.Join(dir, "smoltls"), nil
}

// makeIdentity makes a self-signed certificate with our addresses as its names, unless there is one already.
func (c *Common) makeIdentity(certFile, keyFile, name string) (made bool, err error) {
	if _, err := os.Stat(certFile); err == nil {
		return false, nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	if err := os.MkdirAll(filepath.Dir(certFile), 0o700); err != nil {
		return false, err
	}
	names := []string{name}
	for _, a := range c.Addrs {
		names = append(names, a.Addr().String())
	}
	id, err := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: time.Now(), Names: names})
	if err != nil {
		return false, err
	}
	keyPEM, err := id.PrivateKeyPEM()
	if err != nil {
		return false, err
	}
	// The key first: a certificate without its key would be taken for an identity the next time.
	if err := os.WriteFile(keyFile, keyPEM, 0o600); err != nil {
		return false, err
	}
	return true, os.WriteFile(certFile, id.CertificatePEM(), 0o644)
}
