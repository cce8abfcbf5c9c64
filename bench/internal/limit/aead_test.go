package limit

import (
	"crypto/tls"
	"testing"

	"smoltls/bench/internal/measure"
)

func TestSealAndOpen(t *testing.T) {
	for id, overhead := range map[uint16]int{tls.TLS_AES_128_GCM_SHA256: 16, tls.TLS_AES_256_GCM_SHA384: 16, tls.TLS_CHACHA20_POLY1305_SHA256: 16} {
		r := measure.NewReadings(1)
		if err := SealAndOpen(id)(measure.Smoke, r); err != nil || r.Of(0)[0] <= 0 {
			t.Error(err, r)
		}
		if aead, err := newAEAD(id); err != nil || aead.Overhead() != overhead {
			t.Error(err)
		}
	}
}
