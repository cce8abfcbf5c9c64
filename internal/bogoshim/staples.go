package main

import (
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"

	"smoltls/tlssock"
)

var errOCSP = errors.New("the OCSP hook refuses")

// What is stapled to certificates: OCSP responses and SCTs. They are asked for where the flags say so, and by clients
// only.
func init() {
	allow := func(name string, off func(cfg *tlssock.Config) *bool) {
		on(name, func(o *options) {
			o.change = append(o.change, func(o *options, cfg *tlssock.Config) error {
				*off(cfg) = o.server
				return nil
			})
		})
	}
	allow("-enable-ocsp-stapling", func(cfg *tlssock.Config) *bool { return &cfg.OCSPStaplingDisabled })
	allow("-enable-signed-cert-timestamps", func(cfg *tlssock.Config) *bool { return &cfg.SCTsDisabled })
	expectValue("-expect-ocsp-response", func(cs tlssock.ConnectionState, v string) bool {
		return base64.StdEncoding.EncodeToString(cs.OCSPResponse) == v
	})
	expectValue("-expect-signed-cert-timestamps", func(cs tlssock.ConnectionState, v string) bool {
		want, err := sctList(v)
		return err == nil && slices.EqualFunc(want, cs.SignedCertificateTimestamps, bytes.Equal)
	})
	on("-use-ocsp-callback", func(*options) {})
	on("-set-ocsp-in-callback", func(*options) {}) // where it is said that it is set makes no difference
	on("-decline-ocsp-callback", func(o *options) {
		o.change = append(o.change, func(_ *options, cfg *tlssock.Config) error {
			for i := range cfg.Certificates {
				cfg.Certificates[i].OCSPStaple = nil
			}
			return nil
		})
	})
	on("-fail-ocsp-callback", func(o *options) {
		o.change = append(o.change, func(o *options, cfg *tlssock.Config) error {
			if o.server {
				return errOCSP
			}
			cfg.VerifyConnection = func(tlssock.ConnectionState) error {
				return fmt.Errorf("%w: %w", errOCSP, tls.AlertError(tlssock.AlertBadCertificateStatusResponse))
			}
			return nil
		})
	})
}
