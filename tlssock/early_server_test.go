package tlssock

import (
	"bytes"
	"errors"
	"testing"
	"time"
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
