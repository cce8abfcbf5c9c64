package tlssock

import (
	"errors"
	"io"
	"testing"
	"testing/iotest"
)

var errDry = errors.New("no entropy")

// Randomness that runs dry at any byte fails the handshake and nothing else.
func TestRandomnessThatRunsDry(t *testing.T) {
	for _, role := range []Role{RoleClient, RoleServer} {
		failed := 0
		for n := 0; ; n++ {
			source := io.MultiReader(io.LimitReader(constant(7), int64(n)), iotest.ErrReader(errDry))
			p := newPair(t, func(c, s *Config) {
				if role == RoleClient {
					c.Rand = source
				} else {
					s.Rand = source
				}
			})
			p.handshake()
			e := p.client
			if role == RoleServer {
				e = p.server
			}
			if e.Err() == nil {
				p.mustBeOpen()
				break
			}
			failed++
			if !errors.Is(e.Err(), errDry) || alertOf(e.Err()).Alert != AlertInternalError || p.env.Handshakes() > 1 {
				t.Fatalf("%v, %d bytes: %v", role, n, e.Err())
			}
		}
		if failed < 64 { // 32 bytes each for the random and for the key at least
			t.Errorf("%v: only %d bytes were asked for", role, failed)
		}
	}
}

type constant byte

func (c constant) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(c)
	}
	return len(p), nil
}
