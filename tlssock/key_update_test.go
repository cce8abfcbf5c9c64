package tlssock

import (
	"errors"
	"testing"

	"smoltls/tlssock/internal/wire"
)

func TestKeyUpdateBothWays(t *testing.T) {
	for _, role := range []Role{RoleClient, RoleServer} {
		for _, request := range []bool{false, true} {
			p := newPair(t)
			if err := p.client.KeyUpdate(request); !errors.Is(err, ErrHandshakeIncomplete) {
				t.Errorf("during the handshake: %v", err)
			}
			p.mustHandshake()
			from := p.client
			if role == RoleServer {
				from = p.server
			}
			for range 50 {
				if err := from.KeyUpdate(request); err != nil {
					t.Fatal(err)
				}
				p.run()
				p.exchange("under new keys")
			}
			want := uint64(50)
			if request {
				want = 100
			}
			if p.env.Stats.KeyUpdatesIn != want {
				t.Errorf("%d key updates", p.env.Stats.KeyUpdatesIn)
			}
		}
	}
}

// Two requests that come before anything is sent have one answer, and both ends may ask at once.
func TestKeyUpdateRequestsAreAnsweredOnce(t *testing.T) {
	p := newPair(t)
	p.mustHandshake()
	for range 3 {
		p.client.KeyUpdate(true)
	}
	p.collect()
	p.toServer = p.feed(p.server, p.toServer, &p.serverGot)
	if p.env.Stats.KeyUpdatesOut != 4 {
		t.Errorf("%d answers", p.env.Stats.KeyUpdatesOut-3)
	}
	p.run()
	p.exchange("goes on")
	p.client.KeyUpdate(true)
	p.server.KeyUpdate(true)
	p.run()
	p.exchange("and on")
}

func TestKeyUpdatesAreLimited(t *testing.T) {
	p := newPair(t, func(_, s *Config) { s.Limits.KeyUpdates = 3 })
	p.mustHandshake()
	for range 2 {
		for range 3 {
			p.client.KeyUpdate(false)
			p.run()
		}
		p.exchange("data starts the count again")
	}
	for range 4 {
		p.client.KeyUpdate(true)
		p.run()
	}
	p.wantAlert(p.server, AlertUnexpectedMessage)
	if !errors.Is(p.server.Err(), ErrTooManyKeyUpdates) {
		t.Error(p.server.Err())
	}
}

// A peer that only answers is not one that does nothing else.
func TestKeyUpdatesThatWeAskForAreNotCounted(t *testing.T) {
	p := newPair(t, func(c, _ *Config) { c.Limits.KeyUpdates = 3 })
	p.mustHandshake()
	for range 20 {
		if err := p.client.KeyUpdate(true); err != nil {
			t.Fatal(err)
		}
		p.run()
	}
	p.exchange("goes on")
	for range 5 { // which the server answers by one
		p.client.KeyUpdate(true)
	}
	for range 8 { // 4 more than were asked for
		p.run()
		p.server.KeyUpdate(false)
	}
	p.run()
	p.wantAlert(p.client, AlertUnexpectedMessage)
}

func TestKeyUpdateDefects(t *testing.T) {
	p := newPair(t)
	p.mustHandshake()
	p.client.queueRecords(wire.Handshake, []byte{byte(wire.TypeKeyUpdate), 0, 0, 1, 2})
	p.run()
	p.wantAlert(p.server, AlertIllegalParameter)
	p = newPair(t)
	p.mustHandshake()
	p.client.CloseWrite()
	if err := p.client.KeyUpdate(false); !errors.Is(err, ErrWriteClosed) {
		t.Error(err)
	}
	p.run()
	p.server.KeyUpdate(true) // a side that writes no more need not answer
	p.run()
	if p.client.Err() != nil || p.server.Err() != nil || p.env.Stats.KeyUpdatesOut != 1 {
		t.Error(p.client.Err(), p.server.Err(), p.env.Stats.KeyUpdatesOut)
	}
}
