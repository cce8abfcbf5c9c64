package tlssock

import (
	"testing"

	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
)

// sealAs seals what a client that does not keep to the protocol sends under its present keys.
func (p *pair) sealAs(e *Engine, typ wire.ContentType, content []byte) {
	p.t.Helper()
	b := make([]byte, suite.HeaderLen+len(content)+e.Overhead())
	copy(b[suite.HeaderLen:], content)
	n, err := e.out.Seal(b, byte(typ), len(content), 0)
	if err != nil {
		p.t.Fatal(err)
	}
	p.toServer = append(p.toServer, b[:n]...)
}

func TestEarlyDataEndsByItsMessageAndNoOther(t *testing.T) {
	for name, c := range map[string]struct {
		content []byte
		alert   Alert
	}{
		"another message":       {[]byte{byte(wire.TypeFinished), 0, 0, 0}, AlertUnexpectedMessage},
		"with content":          {[]byte{byte(wire.TypeEndOfEarlyData), 0, 0, 1, 0}, AlertDecodeError},
		"twice in a record":     {append(append([]byte{}, endOfEarlyData...), endOfEarlyData...), AlertUnexpectedMessage},
		"and part of the next":  {append(append([]byte{}, endOfEarlyData...), byte(wire.TypeFinished)), AlertUnexpectedMessage},
		"none, but a KeyUpdate": {[]byte{byte(wire.TypeKeyUpdate), 0, 0, 1, 0}, AlertUnexpectedMessage},
	} {
		p := newEarlyPair(t)
		p.sendEarly("early")
		p.sealAs(p.client, wire.Handshake, c.content)
		p.toServer = p.feed(p.server, p.toServer, &p.serverGot)
		if a := alertOf(p.server.Err()); a == nil || a.FromPeer || a.Alert != c.alert {
			t.Errorf("%s: %v", name, p.server.Err())
		}
	}
}

func TestEarlyDataDoesNotComeBetweenThePartsOfAMessage(t *testing.T) {
	p := newEarlyPair(t)
	p.sendEarly("early")
	p.sealAs(p.client, wire.Handshake, endOfEarlyData[:2])
	p.sealEarly(p.client, "late")
	p.toServer = p.feed(p.server, p.toServer, &p.serverGot)
	if a := alertOf(p.server.Err()); a == nil || a.Alert != AlertUnexpectedMessage {
		t.Error(p.server.Err())
	}
}

// The records of the handshake are under other keys than early data: what ends it can't be left out.
func TestWithoutItsEndEarlyDataIsNotFollowedByFinished(t *testing.T) {
	p := newEarlyPair(t)
	p.sendEarly("early")
	seen := false
	p.mangle = func(from Role, rec []byte) []byte {
		if from == RoleClient && rec[0] == byte(wire.ApplicationData) && !seen {
			seen = true // EndOfEarlyData
			return nil
		}
		return rec
	}
	p.run()
	p.wantAlert(p.server, AlertBadRecordMAC)
}
