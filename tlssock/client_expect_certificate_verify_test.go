package tlssock

import (
	"errors"
	"testing"

	"smoltls/tlssock/internal/wire"
)

// certificateVerifyDefects are edits of a CertificateVerify with the alert that answers them.
var certificateVerifyDefects = []struct {
	name string
	edit func(msg []byte)
	want Alert
	err  error
}{
	{"signature tampered with", func(b []byte) { b[len(b)-1] ^= 1 }, AlertDecryptError, ErrBadSignature},
	{"scheme for another key", func(b []byte) { b[4], b[5] = 4, 3 }, AlertIllegalParameter, nil},
	{"scheme for certificates only", func(b []byte) { b[4], b[5] = 4, 1 }, AlertIllegalParameter, nil},
	{"scheme unknown", func(b []byte) { b[4], b[5] = 2, 1 }, AlertIllegalParameter, nil},
	{"length", func(b []byte) { b[7]-- }, AlertDecodeError, nil},
}

func TestServerCertificateVerifyDefects(t *testing.T) {
	for _, c := range certificateVerifyDefects {
		t.Run(c.name, func(t *testing.T) {
			p := newPair(t)
			p.beRogueServer(serverScript...).edit = func(typ wire.Type, msg []byte) []byte {
				if typ == wire.TypeCertificateVerify {
					c.edit(msg)
				}
				return msg
			}
			p.handshake()
			p.wantAlert(p.client, c.want)
			if c.err != nil && !errors.Is(p.client.Err(), c.err) {
				t.Error(p.client.Err())
			}
		})
	}
}
