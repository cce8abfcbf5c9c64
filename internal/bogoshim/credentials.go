package main

import (
	"bytes"
	"crypto"
	"crypto/tls"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"golang.org/x/crypto/cryptobyte"

	"smoltls/tlssock"
	"smoltls/x509lite"
)

// credential is one identity of the shim. The flags that follow its -new-…-credential are about it, those before the
// first about the default one, which comes last.
type credential struct {
	raw               bool // a raw public key
	certFile, keyFile string
	signingPrefs      []tls.SignatureScheme
	mustMatch         bool   // present it only if an authority that the peer names has issued it
	delegated         []byte // a delegated credential, whose key is in keyFile
	ocsp              []byte
	scts              [][]byte
	psk               *tlssock.ExternalPSK // nil: it is none
}

// credential is the one that the flags are about.
func (o *options) credential() *credential {
	if n := len(o.credentials); n > 0 {
		return o.credentials[n-1]
	}
	return &o.own
}

func init() {
	on("-new-x509-credential", func(o *options) { o.credentials = append(o.credentials, &credential{}) })
	on("-new-rpk-credential", func(o *options) { o.credentials = append(o.credentials, &credential{raw: true}) })
	on("-new-delegated-credential", func(o *options) { o.credentials = append(o.credentials, &credential{}) })
	with("-delegated-credential", func(o *options, v string) (err error) {
		o.credential().delegated, err = base64.StdEncoding.DecodeString(v)
		return err
	})
	text("-cert-file", func(o *options) *string { return &o.credential().certFile })
	text("-key-file", func(o *options) *string { return &o.credential().keyFile })
	with("-signing-prefs", func(o *options, v string) error { return appendNumber(&o.credential().signingPrefs, v) })
	with("-ocsp-response", func(o *options, v string) (err error) {
		o.credential().ocsp, err = base64.StdEncoding.DecodeString(v)
		return err
	})
	with("-signed-cert-timestamps", func(o *options, v string) (err error) { o.credential().scts, err = sctList(v); return err })
	on("-must-match-issuer", func(o *options) { o.credential().mustMatch = true })
	with("-expect-selected-credential", expectSelected)
}

var errSCTList = errors.New("not a list of SCTs")

// sctList takes apart what the runner has as one extension's content.
func sctList(v string) (scts [][]byte, err error) {
	b, err := base64.StdEncoding.DecodeString(v)
	s := cryptobyte.String(b)
	var list, sct cryptobyte.String
	if err != nil || !s.ReadUint16LengthPrefixed(&list) || !s.Empty() || list.Empty() {
		return nil, errSCTList
	}
	for !list.Empty() {
		if !list.ReadUint16LengthPrefixed(&sct) || sct.Empty() {
			return nil, errSCTList
		}
		scts = append(scts, sct)
	}
	return scts, nil
}

// load makes the identity; false: there is none.
func (c *credential) load() (cert tls.Certificate, ok bool, err error) {
	if c.keyFile == "" {
		return cert, false, nil
	}
	if c.raw {
		cert.PrivateKey, err = loadKey(c.keyFile)
	} else {
		cert, err = loadIdentity(c.certFile, c.keyFile)
	}
	cert.SupportedSignatureAlgorithms = c.signingPrefs
	cert.OCSPStaple, cert.SignedCertificateTimestamps = c.ocsp, c.scts
	return cert, true, err
}

// identities gives them all to the configuration, in the order of preference.
func (o *options) identities(cfg *tlssock.Config) error {
	o.externalKeys(cfg)
	// Whether authorities are heeded is decided for all of them: only if each wants it.
	cfg.IgnoreAuthorities = len(o.credentials) == 0 || slices.ContainsFunc(o.credentials, func(c *credential) bool { return !c.mustMatch })
	for _, c := range append(o.credentials[:len(o.credentials):len(o.credentials)], &o.own) {
		cert, ok, err := c.load()
		switch {
		case err != nil:
			return err
		case !ok:
		case c.delegated != nil:
			cfg.DelegatedCredentials = append(cfg.DelegatedCredentials, tlssock.DelegatedCredential{
				Certificate: cert.Certificate, Credential: c.delegated, PrivateKey: cert.PrivateKey.(crypto.Signer),
			})
		default:
			cfg.Certificates = append(cfg.Certificates, cert)
		}
	}
	return nil
}

// expectSelected is the number of the credential that is to be presented; -1 is the default one, or none if there is
// none.
func expectSelected(o *options, v string) error {
	n, err := strconv.Atoi(v)
	o.check = append(o.check, func(c *connection) error {
		want := &c.options.own
		if n >= 0 && n < len(c.options.credentials) {
			want = c.options.credentials[n]
		}
		ok, err := want.isPresented(c.eng.ConnectionState())
		if err != nil {
			return err
		}
		return wanted("-expect-selected-credential "+v, ok)
	})
	return err
}

// isPresented reports whether c is what we presented.
func (c *credential) isPresented(cs tlssock.ConnectionState) (bool, error) {
	if c.psk != nil {
		return c.isTaken(cs), nil
	}
	cert, ok, err := c.load()
	switch {
	case err != nil:
		return false, err
	case !ok:
		return cs.LocalCertificate == nil && cs.LocalRawPublicKey == nil, nil
	case c.delegated != nil && !bytes.HasPrefix(c.delegated[4:], binary.BigEndian.AppendUint16(nil, uint16(cs.LocalSignatureScheme))):
		return false, nil // the certificate was presented without it
	case !c.raw:
		return cs.LocalCertificate != nil && bytes.Equal(cs.LocalCertificate.Raw, cert.Certificate[0]), nil
	}
	key, err := loadKey(c.keyFile)
	if err != nil {
		return false, err
	}
	info, err := x509lite.NewPublicKeyInfo(key)
	if err != nil {
		return false, fmt.Errorf("%s: %w", c.keyFile, err)
	}
	return cs.LocalRawPublicKey != nil && bytes.Equal(cs.LocalRawPublicKey.RawSPKI, info.RawSPKI), nil
}
