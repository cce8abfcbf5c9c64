package main

import (
	"crypto/tls"
	"encoding/hex"
	"slices"
	"strings"

	"smoltls/tlssock"
)

// A program that knows what a server has, from an earlier connection say, sends a share of that; one that knows nothing
// sends what it would anyway.
func init() {
	with("-server-supported-groups-hint", func(o *options, v string) error {
		first := o.hint == nil
		if err := appendNumber(&o.hint, v); err != nil {
			return err
		}
		if first {
			o.change = append(o.change, predictShare)
		}
		return nil
	})
	with("-use-client-ca-list", func(o *options, v string) error {
		names, err := derList(v)
		o.change = append(o.change, func(_ *options, cfg *tlssock.Config) error {
			cfg.CertificateAuthorities = names
			return nil
		})
		return err
	})
}

// predictShare makes the first of our groups that the server is said to have the one that a share is sent for.
func predictShare(o *options, cfg *tlssock.Config) error {
	for _, g := range o.curves {
		if slices.Contains(o.hint, g) {
			cfg.KeyShares = []tls.CurveID{g}
			return nil
		}
	}
	return nil
}

// derList reads names in hexadecimal with commas between them.
func derList(v string) (names [][]byte, err error) {
	if v == "<EMPTY>" || v == "<NULL>" {
		return nil, nil
	}
	for _, s := range strings.Split(v, ",") {
		name, err := hex.DecodeString(s)
		if err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, nil
}
