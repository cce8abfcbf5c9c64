package tlssock

import (
	"bytes"
	"crypto/tls"
	"errors"
	"strings"
	"testing"
	"time"

	"smoltls/tlssock/internal/wire"
)

// newEarlyPair is a pair that has a session with which early data can be sent.
func newEarlyPair(t testing.TB, change ...func(client, server *Config)) *pair {
	t.Helper()
	p := newResumingPair(t, append([]func(client, server *Config){func(c, s *Config) {
		c.EnableEarlyData, s.MaxEarlyData = true, 1000
	}}, change...)...)
	p.again()
	p.restart()
	return p
}

// sendEarly starts the client and seals early data after its hello; nothing is delivered.
func (p *pair) sendEarly(data string) {
	p.t.Helper()
	if err := p.client.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.collect()
	p.sealEarly(p.client, data)
}

func (p *pair) sealEarly(e *Engine, data string) {
	p.t.Helper()
	p.collect()
	buf := make([]byte, len(data)+e.Overhead())
	n, err := e.SealEarly(buf, []byte(data))
	if err != nil {
		p.t.Fatalf("%v: %v", e.role, err)
	}
	if e == p.client {
		p.toServer = append(p.toServer, buf[:n]...)
	} else {
		p.toClient = append(p.toClient, buf[:n]...)
	}
}

// readEarly gives the early data that the server has.
func (p *pair) readEarly() string {
	buf := make([]byte, 4096)
	return string(buf[:p.server.ReadEarly(buf)])
}

func TestEarlyDataArrivesWithTheFirstFlight(t *testing.T) {
	for _, id := range []uint16{tls.TLS_AES_128_GCM_SHA256, tls.TLS_AES_256_GCM_SHA384} {
		p := newEarlyPair(t, func(c, s *Config) {
			c.CipherSuites = []uint16{id}
			c.NextProtos, s.NextProtos = []string{"h3", "h2"}, []string{"h2"}
		})
		p.sendEarly("GET /")
		if cs := p.client.ConnectionState(); cs.EarlyData != EarlyDataOffered || cs.NegotiatedProtocol != "h2" || cs.HandshakeComplete {
			t.Errorf("%+v", cs)
		}
		p.toServer = p.feed(p.server, p.toServer, &p.serverGot)
		if got := p.readEarly(); got != "GET /" || len(p.serverGot) > 0 || p.server.HandshakeComplete() {
			t.Fatalf("server has %q early, %q as other data: %v", got, p.serverGot, p.server.Err())
		}
		p.sealEarly(p.client, " more")
		p.sealEarly(p.server, "200 OK") // before anybody knows whether the client is there
		p.run()
		p.mustBeOpen()
		if got := p.readEarly(); got != " more" || string(p.clientGot) != "200 OK" {
			t.Errorf("server got %q, client %q", got, p.clientGot)
		}
		for _, e := range []*Engine{p.client, p.server} {
			if cs := e.ConnectionState(); cs.EarlyData != EarlyDataAccepted || !cs.DidResume || cs.NegotiatedProtocol != "h2" {
				t.Errorf("%v: %+v", e.role, cs)
			}
		}
		p.exchange("afterwards")
		c, s := p.client.ConnectionState(), p.server.ConnectionState()
		a, errA := c.ExportEarlyKeyingMaterial("label", nil, 32)
		b, errB := s.ExportEarlyKeyingMaterial("label", nil, 32)
		late, _ := c.ExportKeyingMaterial("label", nil, 32)
		if errA != nil || errB != nil || !bytes.Equal(a, b) || bytes.Equal(a, late) {
			t.Errorf("early exporters give %x, %v and %x, %v", a, errA, b, errB)
		}
		if st := p.env.Stats; st.EarlyDataAccepted != 2 || st.EarlyDataRejected != 0 {
			t.Errorf("%+v", st)
		}
	}
}

// Early data that nobody reads early is there after the handshake, when it can be no replay any more.
func TestEarlyDataWaitsForTheHandshake(t *testing.T) {
	p := newEarlyPair(t)
	p.sendEarly("first ")
	p.sealEarly(p.client, "second")
	p.run()
	p.mustBeOpen()
	if n := p.server.EarlyBuffered(); n != 12 {
		t.Errorf("%d bytes are held", n)
	}
	if got := p.readEarly(); got != "first second" || p.server.EarlyBuffered() != 0 || p.server.facts.rare.early.held != nil {
		t.Errorf("%q", got)
	}
	p.exchange("afterwards")
}

// Tickets know milliseconds, clocks more: the first ticket that a server gives out is good for early data too.
func TestEarlyDataOfATicketFromTheFirstMoment(t *testing.T) {
	p := newResumingPair(t, func(c, s *Config) { c.EnableEarlyData, s.MaxEarlyData = true, 1000 })
	p.env.Now = epoch.Add(123_456_789)
	p.again()
	p.env.Now = p.env.Now.Add(time.Millisecond)
	p.restart()
	p.sendEarly("data")
	if cs := p.client.ConnectionState(); cs.RoundTrips != 0 || cs.CipherSuite == 0 || len(cs.PeerCertificates) != 1 || cs.PeerVerified || cs.DidResume {
		t.Errorf("while early data is offered: %+v", cs)
	}
	p.run()
	p.mustBeOpen()
	if got := p.readEarly(); got != "data" {
		t.Errorf("%q: %v", got, p.server.ConnectionState().EarlyData)
	}
	if cs := p.client.ConnectionState(); cs.RoundTrips != 0 || !cs.PeerVerified || !cs.DidResume {
		t.Errorf("%+v", cs)
	}
}

func TestEarlyDataIsOffByDefault(t *testing.T) {
	for name, c := range map[string]struct {
		change func(c, s *Config)
		client EarlyDataStatus
	}{
		"client":         {func(c, s *Config) { c.EnableEarlyData = false }, EarlyDataOff},
		"server":         {func(c, s *Config) { s.MaxEarlyData = 0 }, EarlyDataUnsupported},
		"no session":     {func(c, s *Config) { c.ClientSessionCache = nil }, EarlyDataNoSession},
		"tickets unused": {func(c, s *Config) { s.SessionTicketsDisabled = true }, EarlyDataNoSession},
	} {
		p := newEarlyPair(t, c.change)
		p.client.Start()
		p.collect()
		if p.client.EarlyDataRoom() != 0 {
			t.Errorf("%s: room for early data", name)
		}
		if _, err := p.client.SealEarly(make([]byte, 100), []byte("x")); !errors.Is(err, ErrNoEarlyData) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := p.client.Seal(make([]byte, 100), []byte("x")); !errors.Is(err, ErrHandshakeIncomplete) {
			t.Errorf("%s: %v", name, err)
		}
		p.run()
		p.mustBeOpen()
		if got := p.client.ConnectionState().EarlyData; got != c.client {
			t.Errorf("%s: %v", name, got)
		}
		p.exchange("data")
	}
}

func TestEarlySecretsAreLogged(t *testing.T) {
	var logs [2]bytes.Buffer
	p := newEarlyPair(t, func(c, s *Config) { c.KeyLogWriter, s.KeyLogWriter = &logs[0], &logs[1] })
	p.sendEarly("x")
	p.run()
	p.mustBeOpen()
	for _, label := range []string{"CLIENT_EARLY_TRAFFIC_SECRET", "EARLY_EXPORTER_SECRET"} {
		var lines [2]string
		for i := range logs {
			for _, line := range strings.Split(logs[i].String(), "\n") {
				if strings.HasPrefix(line, label+" ") {
					lines[i] = line
				}
			}
		}
		if lines[0] == "" || lines[0] != lines[1] {
			t.Errorf("%s: client %q, server %q", label, lines[0], lines[1])
		}
	}
}

func TestEarlyDataStatusHasNames(t *testing.T) {
	seen := map[string]bool{}
	for s := EarlyDataOff; s <= EarlyDataRefused+1; s++ {
		if name := s.String(); name == "" || seen[name] {
			t.Errorf("%d: %q", s, name)
		} else {
			seen[name] = true
		}
	}
}

// Early data cut, flipped or left out on the way ends in an alert, or is no early data; it is never taken for something
// else.
func TestTheFirstFlightWithEarlyDataUnderAttack(t *testing.T) {
	p := newEarlyPair(t)
	s, _ := p.clientCfg.ClientSessionCache.Get(testServerName)
	size := 0
	for at := 0; at == 0 || at < size; at++ {
		for _, cut := range []bool{false, true} {
			again := *s
			p.clientCfg.ClientSessionCache.Put(testServerName, &again)
			p.restart()
			p.sendEarly("data")
			flight := p.toServer
			p.toServer, size = nil, len(flight)
			if cut {
				flight = flight[:at]
			} else {
				flight[at] ^= 0x10
			}
			p.feed(p.server, flight, &p.serverGot)
			if got := p.readEarly(); got != "" && got != "data" || len(p.serverGot) > 0 {
				t.Fatalf("byte %d: the server took %q and %q", at, got, p.serverGot)
			} else if got == "data" && !cut && at > 5 && flight[0] == byte(wire.Handshake) && at < 5+int(flight[3])<<8+int(flight[4]) {
				t.Fatalf("byte %d of the hello flipped, and its early data is taken", at)
			}
			p.client.Free()
			p.server.Free()
		}
	}
	if p.env.Handshakes() != 0 {
		t.Errorf("%d handshakes hold memory", p.env.Handshakes())
	}
}
