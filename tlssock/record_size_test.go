package tlssock

import (
	"bytes"
	"crypto/tls"
	"errors"
	"strings"
	"testing"

	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
)

// A peer with little memory says how long records may be, and gets none that is longer: of the handshake, of data, in
// both directions, also when it resumes.
func TestRecordsAreNoLongerThanThePeerWants(t *testing.T) {
	for _, c := range []struct{ client, server, clientSends, serverSends int }{
		{512, 0, suite.MaxPlaintext, 512}, {64, 64, 64, 64}, {1000, 700, 700, 1000}, {0, 700, suite.MaxPlaintext, suite.MaxPlaintext},
	} {
		p := newResumingPair(t, func(cc, sc *Config) {
			cc.MaxRecordSize, sc.MaxRecordSize = c.client, c.server
			cc.Certificates = []tls.Certificate{makeID(t, "RSA-2048", testClientName).cert}
			sc.Trust, sc.ClientAuth = nil, tls.RequireAnyClientCert
		})
		longest := map[Role]int{}
		p.mangle = func(from Role, rec []byte) []byte {
			if rec[0] == byte(wire.ApplicationData) {
				longest[from] = max(longest[from], len(rec)-suite.HeaderLen-17)
			}
			return rec
		}
		for range 2 {
			p.restart()
			p.mustHandshake()
			for e, most := range map[*Engine]int{p.client: c.clientSends, p.server: c.serverSends} {
				if got := e.MaxPlaintext(); got != most {
					t.Errorf("%+v: %v may send %d, want %d", c, e.role, got, most)
				}
				if _, err := e.Seal(make([]byte, 1<<15), make([]byte, most+1)); !errors.Is(err, ErrRecordTooLarge) {
					t.Errorf("%+v: %v seals more: %v", c, e.role, err)
				}
			}
			p.exchange(strings.Repeat("x", min(c.clientSends, c.serverSends)))
		}
		if longest[RoleClient] > c.clientSends || longest[RoleServer] > c.serverSends {
			t.Errorf("%+v: records of %d, %d bytes", c, longest[RoleClient], longest[RoleServer])
		}
	}
}

func TestARecordLongerThanWeSaidIsAnOverflow(t *testing.T) {
	for _, role := range []Role{RoleClient, RoleServer} {
		p := newPair(t, func(c, s *Config) { c.MaxRecordSize, s.MaxRecordSize = 300, 200 })
		p.mustHandshake()
		e, other := p.client, p.server
		if role == RoleServer {
			e, other = other, e
		}
		other.sendSize = suite.MaxPlaintext // it forgets
		buf := make([]byte, 1000)
		n, err := other.Seal(buf, make([]byte, e.recvSize+1))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := e.RecordLen(buf[:5]); err == nil {
			t.Errorf("%v: a record of %d bytes is waited for", e.role, n)
		}
		wantFault(t, e, AlertRecordOverflow)
	}
}

func TestOwnBoundOnWhatIsSentHoldsFromTheFirstRecord(t *testing.T) {
	p := newPair(t, func(c, s *Config) { c.MaxSendRecordSize, s.MaxSendRecordSize = 100, 90 })
	p.mangle = func(from Role, rec []byte) []byte {
		most := map[Role]int{RoleClient: 100, RoleServer: 90}[from]
		if rec[0] == byte(wire.ApplicationData) {
			most += 17
		}
		if len(rec)-suite.HeaderLen > most {
			t.Errorf("%v sends %d bytes", from, len(rec))
		}
		return rec
	}
	p.mustHandshake()
	p.exchange("goes on")
}

func TestRecordSizesThatCannotBeAreRefused(t *testing.T) {
	for _, n := range []int{-1, 1, 63, suite.MaxPlaintext + 1} {
		for _, cfg := range []*Config{{InsecureSkipVerify: true, MaxRecordSize: n}, {InsecureSkipVerify: true, MaxSendRecordSize: n}} {
			if err := cfg.Check(RoleClient); !errors.Is(err, ErrConfig) {
				t.Errorf("%d: %v", n, err)
			}
		}
	}
	p := newPair(t)
	p.server.Receive(nil, handshakeRecord(rawClientHello(t, func(h *clientHandshake) {
		h.hello.RecordSizeLimit = 63
		h.hello.Has.Add(wire.ExtRecordSizeLimit)
	})))
	wantFault(t, p.server, AlertIllegalParameter)
	// RFC 8449 §4: more than there can be is taken for all there can be
	p = newPair(t)
	raw := rawClientHello(t, func(h *clientHandshake) {
		h.hello.RecordSizeLimit = 0xffff
		h.hello.Has.Add(wire.ExtRecordSizeLimit)
	})
	if _, err := p.server.Receive(nil, handshakeRecord(raw)); err != nil || p.server.MaxPlaintext() != suite.MaxPlaintext {
		t.Errorf("%v, %d", err, p.server.MaxPlaintext())
	}
	if !bytes.Contains(raw, []byte{0, byte(wire.ExtRecordSizeLimit), 0, 2, 0xff, 0xff}) {
		t.Error("not what was to be tried")
	}
}

// Early data goes out before the client can know what the server wants, and is taken, or passed over, whatever its
// records are (found by the simulated network).
func TestEarlyDataIsNotHeldToALimitThatItsSenderCannotKnow(t *testing.T) {
	for _, accepted := range []bool{true, false} {
		p := newResumingPair(t, func(c, s *Config) {
			c.EnableEarlyData, s.MaxEarlyData = true, 10_000
			c.MaxRecordSize, s.MaxRecordSize = 1000, 500
		})
		p.again()
		if !accepted {
			p.serverCfg.SetSessionTicketKeys([][32]byte{{9}})
		}
		p.restart()
		if err := p.client.Start(); err != nil {
			t.Fatal(err)
		}
		p.collect()
		buf := make([]byte, 5000)
		n, err := p.client.SealEarly(buf, make([]byte, 3000))
		if err != nil {
			t.Fatal(err)
		}
		p.toServer = append(p.toServer, buf[:n]...)
		p.run()
		p.mustBeOpen()
		if got := p.client.ConnectionState().EarlyData == EarlyDataAccepted; got != accepted {
			t.Errorf("accepted %v, want %v", got, accepted)
		}
		if p.client.MaxPlaintext() != 500 {
			t.Errorf("the limit does not hold afterwards: %d", p.client.MaxPlaintext())
		}
	}
}
