package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"

	"smoltls/tlssock"
)

// The runner's own compression algorithms: one takes away what every certificate begins with, one puts something before
// it, one a random byte.
const (
	shrinking = 0xff01
	expanding = 0xff02
	random    = 0xff03
)

var errNotCompressed = errors.New("not of this algorithm")

// compression is an algorithm by prefixes: off is taken away, and what on gives is put in its place.
func compression(id uint16, off []byte, length int, on func() []byte) tlssock.CertificateCompression {
	return tlssock.CertificateCompression{
		ID: id,
		Compress: func(b []byte) []byte {
			if !bytes.HasPrefix(b, off) {
				return nil
			}
			return append(on(), b[len(off):]...)
		},
		Decompress: func(dst, b []byte) error {
			if len(b) < length || len(dst) != len(off)+len(b)-length || id != random && !bytes.HasPrefix(b, on()) {
				return errNotCompressed
			}
			copy(dst[copy(dst, off):], b[length:])
			return nil
		},
	}
}

var compressions = []tlssock.CertificateCompression{
	compression(expanding, nil, 4, func() []byte { return []byte{1, 2, 3, 4} }),
	compression(shrinking, []byte{0, 0}, 0, func() []byte { return nil }),
	compression(random, nil, 1, func() []byte {
		b := make([]byte, 1)
		rand.Read(b)
		return b
	}),
}

func init() {
	install := func(o *options, list []tlssock.CertificateCompression) {
		o.change = append(o.change, func(_ *options, cfg *tlssock.Config) error {
			cfg.CertificateCompression = append(cfg.CertificateCompression, list...)
			return nil
		})
	}
	on("-install-cert-compression-algs", func(o *options) { install(o, compressions) })
	with("-install-one-cert-compression-alg", func(o *options, v string) error {
		for _, c := range compressions {
			if fmt.Sprint(c.ID) == v {
				install(o, []tlssock.CertificateCompression{c})
				return nil
			}
		}
		return fmt.Errorf("no algorithm %s", v)
	})
}
