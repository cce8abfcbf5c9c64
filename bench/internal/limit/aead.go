package limit

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/tls"

	"smoltls/bench/internal/load"
	"smoltls/bench/internal/measure"

	"golang.org/x/crypto/chacha20poly1305"
)

// SealAndOpen is a suite's AEAD by itself, in place, over what a record of 16 KiB has: its content and type, and its
// header.
func SealAndOpen(suite uint16) measure.Contender {
	return func(e measure.Effort, r *measure.Readings) error {
		aead, err := newAEAD(suite)
		if err != nil {
			return err
		}
		const inner = load.Record + 1
		nonce, header := make([]byte, aead.NonceSize()), make([]byte, 5)
		buf := make([]byte, 5+inner+aead.Overhead()) // as in a record, behind a header
		run := func(bytes int64) error {
			for ; bytes > 0; bytes -= load.Record {
				aead.Seal(buf[5:5], nonce, buf[5:5+inner], header)
				if _, err := aead.Open(buf[5:5], nonce, buf[5:], header); err != nil {
					return err
				}
			}
			return nil
		}
		elapsed, _, err := measure.Timed(func() error { return run(e.WarmBytes) }, func() error { return run(e.BulkBytes) })
		if err != nil {
			return err
		}
		r.Add(0, measure.MBps(e.BulkBytes, elapsed))
		return nil
	}
}

func newAEAD(suite uint16) (cipher.AEAD, error) {
	size := 16
	switch suite {
	case tls.TLS_CHACHA20_POLY1305_SHA256:
		return chacha20poly1305.New(make([]byte, chacha20poly1305.KeySize))
	case tls.TLS_AES_256_GCM_SHA384:
		size = 32
	}
	block, err := aes.NewCipher(make([]byte, size))
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
