package main

import (
	"bytes"
	"crypto"
	"encoding/base64"
	"slices"

	"smoltls/tlssock"
)

// What concerns external keys (RFC 9258).
func init() {
	on("-new-psk-credential", func(o *options) { o.credentials = append(o.credentials, &credential{psk: &tlssock.ExternalPSK{}}) })
	field := func(name string, field func(p *tlssock.ExternalPSK) *[]byte) {
		with(name, func(o *options, v string) error {
			b, err := base64.StdEncoding.DecodeString(v)
			*field(o.key()) = b
			return err
		})
	}
	field("-psk-importer-key", func(p *tlssock.ExternalPSK) *[]byte { return &p.Key })
	field("-psk-importer-identity", func(p *tlssock.ExternalPSK) *[]byte { return &p.Identity })
	field("-psk-importer-context", func(p *tlssock.ExternalPSK) *[]byte { return &p.Context })
	on("-psk-importer-sha256", func(o *options) { o.key().Hash = crypto.SHA256 })
	on("-psk-importer-sha384", func(o *options) { o.key().Hash = crypto.SHA384 })
	expect("-expect-no-peer-cert", func(cs tlssock.ConnectionState) bool {
		return len(cs.PeerCertificates) == 0 && cs.PeerRawPublicKey == nil
	})
}

// key is the external key that the flags are about.
func (o *options) key() *tlssock.ExternalPSK {
	c := o.credential()
	if c.psk == nil {
		c.psk = &tlssock.ExternalPSK{}
	}
	return c.psk
}

// externalKeys gives the external keys to the configuration. A client with such keys takes certificates only if it is
// to verify them.
func (o *options) externalKeys(cfg *tlssock.Config) {
	isKey := func(c *credential) bool { return c.psk != nil }
	first := slices.IndexFunc(o.credentials, isKey)
	if first < 0 {
		return
	}
	for _, c := range o.credentials {
		if isKey(c) {
			cfg.ExternalPSKs = append(cfg.ExternalPSKs, *c.psk)
		}
	}
	cfg.PreferCertificates = first > 0
	if !o.server && !o.verifyPeer {
		cfg.InsecureSkipVerify = false
	}
}

// isTaken reports whether the connection rests on the key.
func (c *credential) isTaken(cs tlssock.ConnectionState) bool {
	return bytes.Equal(cs.ExternalPSKIdentity, c.psk.Identity)
}
