package main

import (
	"bytes"
	"crypto/tls"
	"slices"

	"smoltls/tlssock"
)

// What the peer says that it accepts of us. It is known within the handshake only.
func init() {
	with("-expect-advertised-alpn", func(o *options, v string) error {
		want, err := protocols(v)
		o.during = append(o.during, func(cs tlssock.ConnectionState) error {
			return wanted("-expect-advertised-alpn", slices.Equal(cs.PeerProtocols, want))
		})
		return err
	})
	with("-expect-client-ca-list", func(o *options, v string) error {
		want, err := derList(v)
		o.during = append(o.during, func(cs tlssock.ConnectionState) error {
			return wanted("-expect-client-ca-list", slices.EqualFunc(cs.PeerCertificateAuthorities, want, bytes.Equal))
		})
		return err
	})
	with("-expect-peer-verify-pref", func(o *options, v string) error { // repeated
		var next []tls.SignatureScheme
		err := appendNumber(&next, v)
		if o.peerVerifyPrefs == nil {
			o.during = append(o.during, func(cs tlssock.ConnectionState) error {
				return wanted("-expect-peer-verify-pref", slices.Equal(cs.PeerSignatureSchemes, o.peerVerifyPrefs))
			})
		}
		o.peerVerifyPrefs = append(o.peerVerifyPrefs, next...)
		return err
	})
}
