package tlssock

import (
	"crypto/tls"
	"errors"
	"fmt"
	"testing"

	"smoltls/tlssock/internal/wire"
)

func tamperFinished(typ wire.Type, msg []byte) []byte {
	if typ == wire.TypeFinished {
		msg[len(msg)-1] ^= 1
	}
	return msg
}

func shortFinished(typ wire.Type, msg []byte) []byte {
	if typ == wire.TypeFinished {
		msg[3]--
		msg = msg[:len(msg)-1]
	}
	return msg
}

func TestServerFinishedDefects(t *testing.T) {
	p := newPair(t)
	p.beRogueServer(serverScript...).edit = tamperFinished
	p.handshake()
	p.wantAlert(p.client, AlertDecryptError)
	if !errors.Is(p.client.Err(), ErrBadFinished) {
		t.Error(p.client.Err())
	}
	p = newPair(t)
	p.beRogueServer(serverScript...).edit = shortFinished
	p.handshake()
	p.wantAlert(p.client, AlertDecryptError)
}

func TestVerifyConnection(t *testing.T) {
	reason := errors.New("not today")
	for _, role := range []Role{RoleClient, RoleServer} {
		for _, c := range []struct {
			err  error
			want Alert
		}{
			{nil, 0}, {reason, AlertBadCertificate}, {fmt.Errorf("%w: %w", reason, tls.AlertError(49)), AlertAccessDenied},
		} {
			var seen []ConnectionState
			verify := func(cs ConnectionState) error {
				seen = append(seen, cs)
				return c.err
			}
			p := newPair(t, func(cc, s *Config) {
				if role == RoleClient {
					cc.VerifyConnection = verify
				} else {
					s.VerifyConnection = verify
				}
			})
			p.handshake()
			if len(seen) != 1 || !seen[0].PeerVerified || len(seen[0].PeerCertificates) != 1 || seen[0].Version != tls.VersionTLS13 {
				t.Fatalf("%v: called with %+v", role, seen)
			}
			if _, err := seen[0].ExportKeyingMaterial("x", nil, 16); err != nil {
				t.Error(err)
			}
			e := p.client
			if role == RoleServer {
				e = p.server
			}
			if c.err == nil {
				p.mustBeOpen()
				continue
			}
			p.wantAlert(e, c.want)
			if !errors.Is(e.Err(), reason) || e.HandshakeComplete() {
				t.Error(e.Err())
			}
			if role == RoleClient && p.server.HandshakeComplete() {
				t.Error("the client finished a handshake that it refuses")
			}
		}
	}
}
