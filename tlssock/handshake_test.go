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

// Memory that a peer has made long, by its hello or by what it has a client repeat, does not stay with the handshakes
// to come.
func TestLongMessagesLeaveNoMemoryBehind(t *testing.T) {
	long := make([]byte, keepMemory+1)
	s := &serverHandshake{chosen: chosenConfig{hello: long}, firstHello: long}
	s.flight, s.inflated, s.lists.schemes = long, long, long
	s.wipe()
	c := &clientHandshake{cookie: long, offering: offering{identities: long, binders: long}}
	c.wipe()
	for n, b := range [][]byte{s.chosen.hello, s.firstHello, s.flight, s.inflated, s.lists.schemes, c.cookie, c.offering.identities, c.offering.binders} {
		if b != nil {
			t.Errorf("number %d is kept", n)
		}
	}
	short := long[:0:keepMemory]
	if s.flight = short; cap(kept(s.flight)) != keepMemory {
		t.Error("a short one is not")
	}
}
