package tlssock

import (
	"errors"
	"testing"

	"smoltls/tlssock/internal/wire"
)

func TestClientCertificateVerifyDefects(t *testing.T) {
	for _, c := range certificateVerifyDefects {
		t.Run(c.name, func(t *testing.T) {
			p := newPair(t)
			p.beRogueClient(clientScript...).edit = func(typ wire.Type, msg []byte) []byte {
				if typ == wire.TypeCertificateVerify {
					c.edit(msg)
				}
				return msg
			}
			p.run()
			p.wantAlert(p.server, c.want)
			if c.err != nil && !errors.Is(p.server.Err(), c.err) {
				t.Error(p.server.Err())
			}
		})
	}
}

// Possession of the certificate is not possession of the key.
func TestClientWithSomebodyElsesCertificate(t *testing.T) {
	p := newPair(t)
	r := p.beRogueClient(clientScript...)
	thief := makeKey("Ed25519")
	id := p.client.prep.identities[0]
	id.signer = thief
	r.h.id, r.h.scheme = &id, id.schemes[0]
	p.client.hs.id = nil
	stolen := &rogueThief{r, &id}
	p.client.state = stolen
	p.run()
	p.wantAlert(p.server, AlertDecryptError)
}

// rogueThief is a rogueClient that signs with a key which is not the certificate's.
type rogueThief struct {
	*rogueClient
	id *identity
}

func (r *rogueThief) handle(m message) (state, error) {
	r.h.id, r.h.scheme = r.id, r.id.schemes[0]
	next, err := r.rogueClient.handle(m)
	if next == state(r.rogueClient) {
		next = r
	}
	return next, err
}
