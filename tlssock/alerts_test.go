package tlssock

import (
	"errors"
	"testing"

	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
)

func TestHalfClose(t *testing.T) {
	for _, first := range []Role{RoleClient, RoleServer} {
		p := newPair(t)
		p.mustHandshake()
		a, b := p.client, p.server
		if first == RoleServer {
			a, b = b, a
		}
		if err := a.CloseWrite(); err != nil {
			t.Fatal(err)
		}
		if err := a.CloseWrite(); err != nil {
			t.Errorf("twice: %v", err)
		}
		p.run()
		if !b.PeerClosed() || a.PeerClosed() || !a.WriteClosed() || b.WriteClosed() {
			t.Fatal("close_notify did not come")
		}
		p.write(b, []byte("the other direction goes on"))
		if string(append(p.clientGot, p.serverGot...)) != "the other direction goes on" {
			t.Errorf("%q %q", p.clientGot, p.serverGot)
		}
		b.CloseWrite()
		p.run()
		if a.Err() != nil || b.Err() != nil || !a.PeerClosed() || a.ReceiveEOF() != nil || b.ReceiveEOF() != nil {
			t.Errorf("%v, %v", a.Err(), b.Err())
		}
	}
}

// RFC 8446 §6.1: what comes after close_notify is ignored.
func TestDataAfterCloseNotifyIsIgnored(t *testing.T) {
	p := newPair(t)
	p.mustHandshake()
	p.client.CloseWrite()
	p.run()
	buf := make([]byte, 20000)
	n, err := p.client.out.Seal(buf, byte(wire.ApplicationData), suite.MaxPlaintext, 0)
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if app, err := p.server.Receive(nil, buf[:n]); app != nil || err != nil {
			t.Fatalf("%q, %v", app, err)
		}
	}
	if p.env.Stats.RecordsDropped != 100 {
		t.Errorf("%d counted", p.env.Stats.RecordsDropped)
	}
}

func TestCloseBeforeTheHandshakeIsOver(t *testing.T) {
	p := newPair(t)
	p.client.Start()
	p.client.CloseWrite()
	if !errors.Is(p.client.Err(), ErrCanceled) || p.env.Handshakes() != 0 {
		t.Errorf("%v, %d handshakes", p.client.Err(), p.env.Handshakes())
	}
	p.run()
	a := alertOf(p.server.Err())
	if a == nil || !a.FromPeer || a.Alert != AlertCloseNotify || p.env.Stats.AlertsReceived[AlertUserCanceled] != 1 {
		t.Errorf("%v", p.server.Err())
	}
}

func TestAlertsOfThePeer(t *testing.T) {
	for _, c := range []struct {
		name    string
		content []byte
		heard   Alert // from the peer
		sent    Alert // by us
	}{
		{"fatal", []byte{2, byte(AlertHandshakeFailure)}, AlertHandshakeFailure, 0},
		{"unknown", []byte{2, 222}, 222, 0},
		{"internal_error", []byte{2, 80}, AlertInternalError, 0},
		{"error as a warning", []byte{1, byte(AlertAccessDenied)}, 0, AlertDecodeError},
		{"level 0", []byte{0, byte(AlertAccessDenied)}, 0, AlertIllegalParameter},
		{"level 3", []byte{3, 0}, 0, AlertIllegalParameter},
		{"one byte", []byte{2}, 0, AlertDecodeError},
		{"two in a record", []byte{1, 90, 1, 90}, 0, AlertDecodeError},
	} {
		p := newPair(t)
		p.mustHandshake()
		p.client.queueRecords(wire.AlertRecord, c.content)
		p.run()
		t.Log(c.name)
		if c.sent != 0 {
			p.wantAlert(p.server, c.sent)
			continue
		}
		a := alertOf(p.server.Err())
		if a == nil || !a.FromPeer || a.Alert != c.heard || len(p.server.Output()) != 0 {
			t.Errorf("%v, answered by %x", p.server.Err(), p.server.Output())
		}
		if _, ok := p.server.AlertSent(); ok {
			t.Error("an alert is answered by an alert")
		}
	}
}

func TestUserCanceledIsFollowedByCloseNotify(t *testing.T) {
	p := newPair(t)
	p.mustHandshake()
	p.client.queueAlert(wire.LevelWarning, AlertUserCanceled)
	p.run()
	p.mustBeOpen()
	if p.server.PeerClosed() {
		t.Error("user_canceled alone closes")
	}
	p.client.CloseWrite()
	p.run()
	if !p.server.PeerClosed() || p.server.Err() != nil {
		t.Error(p.server.Err())
	}
}

// Nothing follows close_notify, not even an alert.
func TestNoAlertAfterCloseNotify(t *testing.T) {
	p := newPair(t)
	p.mustHandshake()
	p.client.CloseWrite()
	p.run()
	p.client.Receive(nil, []byte{23, 3, 3, 0, 1, 0})
	if p.client.Err() == nil || len(p.client.Output()) != 0 {
		t.Errorf("%v, output %x", p.client.Err(), p.client.Output())
	}
	if !errors.Is(p.client.Err(), suite.ErrBadRecordMAC) {
		t.Error(p.client.Err())
	}
}

func TestLevelsOfAlerts(t *testing.T) {
	for a, want := range map[Alert]uint8{
		AlertCloseNotify: wire.LevelWarning, AlertUserCanceled: wire.LevelWarning, AlertHandshakeFailure: wire.LevelFatal, AlertDecodeError: wire.LevelFatal,
	} {
		if got := levelOf(a); got != want {
			t.Errorf("%v: level %d", a, got)
		}
	}
}
