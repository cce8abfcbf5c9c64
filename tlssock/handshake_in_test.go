package tlssock

import (
	"bytes"
	"errors"
	"testing"

	"smoltls/tlssock/internal/wire"
)

// A rogue that keeps to the protocol is no rogue: the tests that build on it would show nothing otherwise.
func TestRoguesThatBehaveAreAccepted(t *testing.T) {
	for _, split := range []bool{false, true} {
		p := newPair(t)
		p.beRogueServer(serverScript...).split = split
		p.handshake()
		if p.client.Err() != nil || !p.client.HandshakeComplete() {
			t.Fatalf("client: %v, %v", p.client.Err(), p)
		}
		p = newPair(t)
		p.beRogueClient(clientScript...).split = split
		p.run()
		if p.server.Err() != nil || !p.server.HandshakeComplete() {
			t.Fatalf("server: %v, %v", p.server.Err(), p)
		}
	}
}

// At every point of the handshake every message but those that may come there is an unexpected_message.
func TestEveryMessageOutOfOrderIsRefused(t *testing.T) {
	try := func(role Role, good []wire.Type, wrong wire.Type) {
		p := newPair(t)
		script := append(append([]wire.Type{}, good...), wrong)
		if role == RoleClient {
			p.beRogueServer(script...).split = true
			p.handshake()
			wantFault2(t, p.client, AlertUnexpectedMessage, good, wrong)
			return
		}
		p.beRogueClient(script...).split = true
		p.run()
		wantFault2(t, p.server, AlertUnexpectedMessage, good, wrong)
	}
	for n, next := range serverScript {
		for _, wrong := range everyType {
			optional := next == wire.TypeCertificateRequest && (wrong == wire.TypeCertificate || wrong == wire.TypeCompressedCertificate)
			optional = optional || next == wire.TypeCertificate && wrong == wire.TypeCompressedCertificate
			if wrong != next && !optional {
				try(RoleClient, serverScript[:n], wrong)
			}
		}
	}
	for n, next := range clientScript {
		for _, wrong := range everyType {
			if wrong != next && (next != wire.TypeCertificate || wrong != wire.TypeCompressedCertificate) {
				try(RoleServer, clientScript[:n], wrong)
			}
		}
	}
}

func wantFault2(t *testing.T, e *Engine, want Alert, good []wire.Type, wrong wire.Type) {
	t.Helper()
	a := alertOf(e.Err())
	if a == nil || a.FromPeer || a.Alert != want || !errors.Is(a, ErrUnexpectedMessage) || e.HandshakeComplete() {
		t.Errorf("%v after %v: %v", wrong, good, e.Err())
	}
}

// In place of the first hello.
func TestFirstMessageIsAHello(t *testing.T) {
	for _, typ := range everyType {
		p := newPair(t)
		r := p.beRogueServer()
		r.suite = p.server.prep.suites[0]
		r.transcript.Choose(r.suite.Hash)
		r.id, r.scheme = &p.server.prep.identities[0], p.server.prep.identities[0].schemes[0]
		msg := r.build(t, typ)
		p.restart()
		if typ != wire.TypeClientHello {
			p.server.Receive(nil, handshakeRecord(msg))
			wantFault(t, p.server, AlertUnexpectedMessage)
		}
		if typ != wire.TypeServerHello && typ != typeHelloRetry {
			p.client.Start()
			p.client.Receive(nil, handshakeRecord(msg))
			wantFault(t, p.client, AlertUnexpectedMessage)
		}
	}
}

// After the handshake.
func TestEstablishedEnginesTakeOnlyWhatBelongsThere(t *testing.T) {
	for _, typ := range everyType {
		for _, role := range []Role{RoleClient, RoleServer} {
			p := newPair(t)
			r := rogue{h: &p.beRogueServer().handshake}
			r.h.suite = p.server.prep.suites[0]
			r.h.transcript.Choose(r.h.suite.Hash)
			r.h.id, r.h.scheme = &p.server.prep.identities[0], p.server.prep.identities[0].schemes[0]
			msg := r.build(t, typ)
			p.restart()
			p.mustHandshake()
			from, to := p.client, p.server
			if role == RoleClient {
				from, to = to, from
			}
			if err := from.queueRecords(wire.Handshake, msg); err != nil {
				t.Fatal(err)
			}
			if typ == wire.TypeKeyUpdate {
				from.out.Update(&p.env.scratch)
			}
			p.run()
			if typ == wire.TypeKeyUpdate || typ == wire.TypeNewSessionTicket && role == RoleClient {
				p.exchange("goes on")
				continue
			}
			p.wantAlert(to, AlertUnexpectedMessage)
		}
	}
}

// Handshake messages cut into records of every size, and all of a flight's in one.
func TestHandshakeMessagesCutIntoRecordsOfEverySize(t *testing.T) {
	for _, size := range []int{1, 2, 3, 5, 17, 100, 1000, 16384} {
		p := newPair(t)
		p.client.Start()
		hello := p.client.Output()[5:]
		for len(hello) > 0 {
			n := min(size, len(hello))
			if _, err := p.server.Receive(nil, handshakeRecord(bytes.Clone(hello[:n]))); err != nil {
				t.Fatalf("%d bytes a record: %v", size, err)
			}
			hello = hello[n:]
		}
		if p.server.partial != nil {
			t.Error("memory of the parts is kept")
		}
		p.client.Sent(len(p.client.Output()))
		p.run()
		p.mustBeOpen()
		p.exchange("data")
	}
	p := newPair(t)
	r := p.beRogueServer(serverScript...)
	r.late = func(flight []byte) []byte {
		for _, b := range flight[:len(flight)-1] {
			if err := r.h.e.queueRecords(wire.Handshake, []byte{b}); err != nil {
				t.Fatal(err)
			}
		}
		return flight[len(flight)-1:]
	}
	p.handshake()
	if p.client.Err() != nil || !p.client.HandshakeComplete() {
		t.Errorf("a byte a record: %v", p.client.Err())
	}
}

func TestHandshakeMessageTooLargeIsRefusedByItsHeader(t *testing.T) {
	p := newPair(t, func(_, s *Config) { s.Limits.HandshakeMessage = 1000 })
	header := []byte{byte(wire.TypeClientHello), 0, 1001 >> 8, 1001 & 0xff}
	if _, err := p.server.Receive(nil, handshakeRecord(header)); !errors.Is(err, ErrMessageTooLarge) {
		t.Fatal(err)
	}
	wantFault(t, p.server, AlertIllegalParameter)
	p.restart()
	header[3]--
	if _, err := p.server.Receive(nil, handshakeRecord(header)); err != nil {
		t.Errorf("at the bound: %v", err)
	}
}

// RFC 8446 §5.1: what comes with a message after which the keys change was not meant for the new ones.
func TestMessagesDoNotSpanKeyChanges(t *testing.T) {
	part := []byte{byte(wire.TypeEncryptedExtensions)}
	p := newPair(t)
	p.server.Receive(nil, handshakeRecord(append(rawClientHello(t, nil), part...)))
	wantFault(t, p.server, AlertUnexpectedMessage)

	p.restart()
	p.beRogueServer(serverScript...).raw = func(msg []byte) []byte { return append(msg, part...) }
	p.handshake()
	p.wantAlert(p.client, AlertUnexpectedMessage)

	for _, role := range []Role{RoleClient, RoleServer} {
		p.restart()
		late := func(flight []byte) []byte { return append(flight, byte(wire.TypeKeyUpdate)) }
		if role == RoleClient {
			p.beRogueServer(serverScript...).late = late
			p.handshake()
			p.wantAlert(p.client, AlertUnexpectedMessage)
		} else {
			p.beRogueClient(clientScript...).late = late
			p.run()
			p.wantAlert(p.server, AlertUnexpectedMessage)
		}
	}

	p.restart()
	p.mustHandshake()
	p.client.queueRecords(wire.Handshake, []byte{byte(wire.TypeKeyUpdate), 0, 0, 1, 0, byte(wire.TypeKeyUpdate)})
	p.run()
	p.wantAlert(p.server, AlertUnexpectedMessage)
}

func TestEmptyHandshakeRecordIsRefused(t *testing.T) {
	p := newPair(t)
	p.server.Receive(nil, handshakeRecord(nil))
	wantFault(t, p.server, AlertUnexpectedMessage)
}

// RFC 8446 §5.1: no other record comes between the parts of a message.
func TestNothingComesWithinAHandshakeMessage(t *testing.T) {
	part := []byte{byte(wire.TypeKeyUpdate), 0}
	for name, send := range map[string]func(e *Engine) error{
		"data":         func(e *Engine) error { return e.queueRecords(wire.ApplicationData, []byte("x")) },
		"close_notify": func(e *Engine) error { return e.queueRecords(wire.AlertRecord, []byte{1, 0}) },
		"canceled":     func(e *Engine) error { return e.queueRecords(wire.AlertRecord, []byte{1, 90}) },
	} {
		p := newPair(t)
		p.mustHandshake()
		if err := p.client.queueRecords(wire.Handshake, part); err != nil {
			t.Fatal(err)
		}
		if err := send(p.client); err != nil {
			t.Fatal(err)
		}
		p.run()
		t.Log(name)
		p.wantAlert(p.server, AlertUnexpectedMessage)
	}
	p := newPair(t)
	p.server.Receive(nil, handshakeRecord(rawClientHello(t, nil)[:50]))
	p.server.flags |= flagCCSAllowed
	p.server.Receive(nil, []byte{20, 3, 3, 0, 1, 1})
	wantFault(t, p.server, AlertUnexpectedMessage)
}

// A message that an established connection has no use for is refused by its header: its peer can't have it hold the
// rest.
func TestIdleConnectionsHoldNoMessageThatTheyRefuse(t *testing.T) {
	header := func(typ wire.Type) []byte { return []byte{byte(typ), 0, 0xff, 0xff} }
	for _, typ := range everyType {
		for _, role := range []Role{RoleClient, RoleServer} {
			p := newPair(t)
			p.mustHandshake()
			to, from := p.client, p.server
			if role == RoleServer {
				to, from = p.server, p.client
			}
			from.queueRecords(wire.Handshake, header(typ))
			p.run()
			switch {
			case typ == wire.TypeKeyUpdate:
				p.wantAlert(to, AlertDecodeError)
			case typ == wire.TypeNewSessionTicket && role == RoleClient:
				p.mustBeOpen()
			default:
				p.wantAlert(to, AlertUnexpectedMessage)
			}
		}
	}
}
