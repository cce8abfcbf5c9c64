package ours

import (
	"crypto/tls"
	"testing"

	"smoltls/bench/internal/identity"
	"smoltls/bench/internal/load"
)

func TestTLSHandshake(t *testing.T) {
	for _, mode := range []load.Handshake{load.Full, load.Resumed, load.Early} {
		for _, k := range []identity.Kind{identity.P256, identity.Ed25519, identity.RSA2048} {
			smoke(t, TLSHandshake(k, tls.X25519, mode), 2)
		}
	}
	smoke(t, TLSHandshake(identity.P256, tls.X25519MLKEM768, load.Full), 2)
}

func TestSealAndOpen(t *testing.T) {
	for _, id := range []uint16{tls.TLS_AES_128_GCM_SHA256, tls.TLS_AES_256_GCM_SHA384, tls.TLS_CHACHA20_POLY1305_SHA256} {
		smoke(t, SealAndOpen(id), 1)
	}
}
