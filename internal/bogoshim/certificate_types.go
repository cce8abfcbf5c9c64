package main

import (
	"encoding/base64"
	"fmt"
	"strconv"

	"smoltls/tlssock"
)

// What concerns raw public keys (RFC 7250).
func init() {
	types := func(name string, field func(cfg *tlssock.Config) *[]tlssock.CertificateType) {
		with(name, func(o *options, v string) error {
			n, err := strconv.ParseUint(v, 10, 8)
			o.change = append(o.change, func(_ *options, cfg *tlssock.Config) error {
				*field(cfg) = append(*field(cfg), tlssock.CertificateType(n))
				return nil
			})
			return err
		})
	}
	types("-accepted-peer-cert-types", func(cfg *tlssock.Config) *[]tlssock.CertificateType { return &cfg.PeerCertificateTypes })
	types("-available-client-cert-types", func(cfg *tlssock.Config) *[]tlssock.CertificateType { return &cfg.OwnCertificateTypes })
	expectValue("-expect-peer-certificate-type", func(cs tlssock.ConnectionState, v string) bool {
		typ := tlssock.CertificateTypeX509
		if cs.PeerRawPublicKey != nil {
			typ = tlssock.CertificateTypeRawPublicKey
		}
		return fmt.Sprint(uint8(typ)) == v && (cs.PeerRawPublicKey != nil) == (len(cs.PeerCertificates) == 0)
	})
	expectValue("-expect-peer-rpk-sha256", func(cs tlssock.ConnectionState, v string) bool {
		if cs.PeerRawPublicKey == nil {
			return false
		}
		hash := cs.PeerRawPublicKey.SPKIHash()
		return base64.StdEncoding.EncodeToString(hash[:]) == v
	})
	ignored("-use-early-callback") // what is configured there is here from the beginning
}
