package cli

import (
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"smoltls/x509lite"
)

// Identity gives the identity that the flags name: -cert and -key, or a self-signed one that is made the first time and kept in the
// state folder under name. Its fingerprint goes to stderr when it was made, and with -v.
func (c *Common) Identity(stderr io.Writer, name string) (tls.Certificate, error) {
	certFile, keyFile := c.CertFile, c.KeyFile
	made := false
	if certFile == "" {
		dir, err := c.stateDir()
		if err != nil {
			return tls.Certificate{}, err
		}
		certFile, keyFile = filepath.Join(dir, name+".pem"), filepath.Join(dir, name+".key")
		made, err = c.makeIdentity(certFile, keyFile, name)
		if err != nil {
			return tls.Certificate{}, err
		}
	}
	id, err := loadIdentity(certFile, keyFile)
	if err != nil {
		return tls.Certificate{}, err
	}
	if made || c.Verbose {
		fp := id.Leaf.Fingerprint()
		fmt.Fprintf(stderr, "identity %s, SHA-256 %s\n", certFile, hex.EncodeToString(fp[:]))
	}
	return tls.Certificate{Certificate: id.Chain, PrivateKey: id.Key}, nil
}

func loadIdentity(certFile, keyFile string) (*x509lite.Identity, error) {
	cert, err := os.ReadFile(certFile)
	if err != nil {
		return nil, err
	}
	key, err := os.ReadFile(keyFile)
	if err != nil {
		return nil, err
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

// Pins loads the certificates in files and makes a trust of them.
func Pins(files []string) (*x509lite.Trust, error) {
	var certs []*x509lite.Certificate
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		cs, err := x509lite.LoadCertificates(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
		certs = append(certs, cs...)
	}
	t := x509lite.Pin(certs...)
	return t, t.Err()
}
