package tlssock

import (
	"crypto/tls"
	"errors"
	"strings"
	"testing"
	"time"

	"smoltls/tlssock/internal/wire"
)

// Whyever a server does not take early data, the handshake goes on, and nothing is lost.
func TestRejectedEarlyDataIsSentAgain(t *testing.T) {
	for name, c := range map[string]struct {
		change         func(p *pair)
		client, server EarlyDataStatus
		resent         bool
	}{
		"switched off":    {func(p *pair) { p.serverCfg.MaxEarlyData = 0 }, EarlyDataDeclined, EarlyDataOff, true},
		"allowed less":    {func(p *pair) { p.serverCfg.MaxEarlyData = 999 }, EarlyDataDeclined, EarlyDataUnsupported, true},
		"keys lost":       {func(p *pair) { p.serverCfg.SetSessionTicketKeys([][32]byte{{1}}) }, EarlyDataNotResumed, EarlyDataNotResumed, true},
		"HelloRetry":      {func(p *pair) { p.serverCfg.CurvePreferences = []tls.CurveID{tls.CurveP256} }, EarlyDataRetried, EarlyDataRetried, true},
		"other protocol":  {func(p *pair) { p.serverCfg.NextProtos = []string{"two"} }, EarlyDataProtocol, EarlyDataProtocol, false},
		"no protocol":     {func(p *pair) { p.serverCfg.NextProtos = nil }, EarlyDataProtocol, EarlyDataProtocol, false},
		"other suite":     {func(p *pair) { p.serverCfg.CipherSuites = []uint16{tls.TLS_CHACHA20_POLY1305_SHA256} }, EarlyDataNotResumed, EarlyDataNotResumed, true},
		"other hash":      {func(p *pair) { p.serverCfg.CipherSuites = []uint16{tls.TLS_AES_256_GCM_SHA384} }, EarlyDataNotResumed, EarlyDataNotResumed, true},
		"refused":         {func(p *pair) { p.serverCfg.ReplayGuard = refuser{} }, EarlyDataDeclined, EarlyDataRefused, true},
		"tickets unused":  {func(p *pair) { p.serverCfg.SessionTicketsDisabled = true }, EarlyDataNotResumed, EarlyDataNotResumed, true},
		"client clock":    {func(p *pair) { p.spoilAge(time.Minute) }, EarlyDataDeclined, EarlyDataRefused, true},
		"client is early": {func(p *pair) { p.spoilAge(-time.Minute) }, EarlyDataDeclined, EarlyDataRefused, true},
	} {
		for _, resend := range []bool{false, true} {
			p := newEarlyPair(t, func(c, s *Config) { c.NextProtos, s.NextProtos = []string{"one", "two"}, []string{"one", "two"} })
			p.env.Now = epoch.Add(2 * time.Minute)
			p.clientCfg, p.serverCfg = p.clientCfg.Clone(), p.serverCfg.Clone()
			p.clientCfg.ResendEarlyData = resend
			c.change(p)
			p.restart()
			p.sendEarly("GET ")
			p.sealEarly(p.client, "/")
			p.run()
			p.mustBeOpen()
			if n := p.server.EarlyBuffered(); n != 0 {
				t.Errorf("%s: %d bytes of early data at the server", name, n)
			}
			cs, ss := p.client.ConnectionState().EarlyData, p.server.ConnectionState().EarlyData
			if cs != c.client || ss != c.server {
				t.Errorf("%s: %v at the client, %v at the server", name, cs, ss)
			}
			if resend && c.resent {
				if string(p.serverGot) != "GET /" {
					t.Errorf("%s: sent again: %q", name, p.serverGot)
				}
			} else if _, err := p.client.Seal(make([]byte, 100), []byte("x")); !errors.Is(err, ErrEarlyDataRejected) || len(p.serverGot) > 0 {
				t.Errorf("%s: %v, server got %q", name, err, p.serverGot)
			}
			p.exchange("afterwards")
		}
	}
}

// refuser is a guard that never accepts.
type refuser struct{}

func (refuser) Accept(time.Time, EarlyHello) bool { return false }

// spoilAge makes the client believe that its ticket is older.
func (p *pair) spoilAge(by time.Duration) {
	s, _ := p.clientCfg.ClientSessionCache.Get(testServerName)
	s.issued = s.issued.Add(-by)
	p.clientCfg.ClientSessionCache.Put(testServerName, s)
}

func TestTheAmountOfEarlyDataIsHeldOnBothSides(t *testing.T) {
	p := newEarlyPair(t)
	p.sendEarly(strings.Repeat("x", 600))
	if p.client.EarlyDataRoom() != 400 {
		t.Errorf("room for %d bytes", p.client.EarlyDataRoom())
	}
	if _, err := p.client.SealEarly(make([]byte, 1000), make([]byte, 401)); !errors.Is(err, ErrNoEarlyData) {
		t.Error(err)
	}
	p.client.hs.client.earlyOut.left = 401 // a client that does not keep to it
	p.sealEarly(p.client, strings.Repeat("y", 401))
	p.run()
	p.wantAlert(p.server, AlertUnexpectedMessage)
	if !errors.Is(p.server.Err(), ErrTooMuchEarlyData) {
		t.Error(p.server.Err())
	}

	p = newEarlyPair(t, func(c, _ *Config) { c.Limits.EarlyData = 7 })
	p.sendEarly("seven b")
	if p.client.EarlyDataRoom() != 0 {
		t.Error("more than our own bound")
	}
}

// RFC 8446 §4.2.10: a server accepts early data only under the suite and protocol of the first key that was offered,
// and only if there is some.
func TestEarlyDataIsAcceptedOnlyAsItWasOffered(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(s *ClientSession)
		want  error
	}{
		"another suite":    {func(s *ClientSession) { s.suite = tls.TLS_CHACHA20_POLY1305_SHA256 }, ErrEarlyDataSuite},
		"another protocol": {func(s *ClientSession) { s.protocol = "two" }, ErrEarlyDataProtocol},
	} {
		p := newEarlyPair(t, func(c, s *Config) {
			c.NextProtos, s.NextProtos, c.CipherSuites = []string{"one", "two"}, []string{"one"}, []uint16{tls.TLS_AES_128_GCM_SHA256, tls.TLS_CHACHA20_POLY1305_SHA256}
		})
		if err := p.client.Start(); err != nil {
			t.Fatal(err)
		}
		c.spoil(p.client.hs.client.offering.session)
		p.run()
		p.wantAlert(p.client, AlertIllegalParameter)
		if !errors.Is(p.client.Err(), c.want) {
			t.Errorf("%s: %v", name, p.client.Err())
		}
	}
	p := newEarlyPair(t)
	r := p.beRogueServer(wire.TypeEncryptedExtensions) // which takes no session
	r.edit = func(wire.Type, []byte) []byte {
		return []byte{byte(wire.TypeEncryptedExtensions), 0, 0, 6, 0, 4, 0, byte(wire.ExtEarlyData), 0, 0}
	}
	p.handshake()
	p.wantAlert(p.client, AlertUnsupportedExtension)
}
