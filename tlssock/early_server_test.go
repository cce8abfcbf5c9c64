package tlssock

import (
	"bytes"
	"crypto/tls"
	"errors"
	"testing"
	"time"

	"smoltls/tlssock/internal/wire"
)

// A hello and its early data that somebody brings again are answered by a handshake that goes without.
func TestReplayedEarlyDataIsNotAcceptedTwice(t *testing.T) {
	p := newEarlyPair(t)
	p.sendEarly("transfer all")
	flight := bytes.Clone(p.toServer)
	p.run()
	p.mustBeOpen()
	if p.readEarly() != "transfer all" {
		t.Fatal("not accepted")
	}
	for k := range 5 {
		p.env.Now = p.env.Now.Add(time.Duration(k) * 4 * time.Second)
		server, err := NewEngine(p.env, p.serverCfg.Clone(), RoleServer)
		if err != nil {
			t.Fatal(err)
		}
		var got []byte
		p.feed(server, bytes.Clone(flight), &got)
		if n := server.EarlyBuffered(); n != 0 || server.Err() != nil || len(got) > 0 {
			t.Errorf("%v: %d bytes accepted again, %v", p.env.Now.Sub(epoch), n, server.Err())
		}
		if cs := server.ConnectionState(); cs.EarlyData != EarlyDataRefused || !cs.DidResume {
			t.Errorf("%+v", cs)
		}
		server.Free()
	}
}

func TestEmptyEarlyRecordsAreCounted(t *testing.T) {
	p := newEarlyPair(t, func(_, s *Config) { s.Limits.EmptyRecords = 3 })
	p.sendEarly("")
	for range 3 {
		p.sealEarly(p.client, "")
	}
	p.run()
	p.wantAlert(p.server, AlertUnexpectedMessage)
	if !errors.Is(p.server.Err(), ErrTooManyEmptyRecords) {
		t.Error(p.server.Err())
	}
}

// RFC 8446 §4.1.2: early data goes with the first hello only, also that of a client which offers it in the second one
// alone.
func TestEarlyDataOfASecondClientHelloIsNotAccepted(t *testing.T) {
	p := newEarlyPair(t, func(c, s *Config) {
		c.CurvePreferences, s.CurvePreferences = []tls.CurveID{tls.X25519, tls.CurveP256}, []tls.CurveID{tls.CurveP256}
	})
	p.clientCfg = p.clientCfg.Clone()
	p.clientCfg.EnableEarlyData = false
	p.restart()
	if err := p.client.Start(); err != nil {
		t.Fatal(err)
	}
	p.collect()
	p.toServer = p.feed(p.server, p.toServer, &p.serverGot)
	p.client.hs.client.hello.Has.Add(wire.ExtEarlyData)
	p.run()
	p.mustBeOpen()
	if cs := p.server.ConnectionState(); cs.EarlyData != EarlyDataRetried || !cs.DidResume || p.env.Stats.EarlyDataAccepted != 0 {
		t.Errorf("%+v", cs)
	}
}
