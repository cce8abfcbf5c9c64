package tlssock

import (
	"bytes"
	"crypto/tls"
	"errors"
	"testing"
	"unsafe"
)

func TestMutualHandshake(t *testing.T) {
	p := newPair(t)
	p.mustHandshake()
	p.exchange("hello")
	cs, ss := p.client.ConnectionState(), p.server.ConnectionState()
	if cs.Version != tls.VersionTLS13 || cs.CipherSuite != tls.TLS_AES_128_GCM_SHA256 || cs.CurveID != tls.X25519 {
		t.Errorf("client negotiated %+v", cs)
	}
	if cs.PeerSignatureScheme != tls.Ed25519 || ss.PeerSignatureScheme != tls.Ed25519 || cs.LocalSignatureScheme != tls.Ed25519 {
		t.Errorf("schemes: %v %v", cs.PeerSignatureScheme, ss.PeerSignatureScheme)
	}
	if !cs.PeerVerified || !ss.PeerVerified || len(ss.PeerCertificates) != 1 || cs.RoundTrips != 1 {
		t.Errorf("peers not verified: %+v %+v", cs, ss)
	}
	if ss.ServerName != testServerName || !ss.ClientCertificateRequested || ss.LocalCertificate == nil {
		t.Errorf("server knows %+v", ss)
	}
	if p.env.Handshakes() != 0 {
		t.Errorf("%d handshakes still hold memory", p.env.Handshakes())
	}
}

func TestEngineIsSmall(t *testing.T) {
	if size := unsafe.Sizeof(Engine{}); size > 288 {
		t.Errorf("an Engine takes %d bytes, above 288", size)
	} else {
		t.Logf("an Engine takes %d bytes, facts %d", size, unsafe.Sizeof(facts{}))
	}
}

func TestSleepingEnginesWakeByThemselves(t *testing.T) {
	p := newPair(t)
	p.mustHandshake()
	for range 3 {
		p.client.Sleep()
		p.server.Sleep()
		p.exchange("still here")
	}
}

// The engine is fed records that come a byte at a time, cut, and several at once.
func TestStreamInPiecesOfEverySize(t *testing.T) {
	for _, size := range []int{1, 2, 7, 64, 1 << 20} {
		p := newPair(t)
		p.client.Start()
		var held [2][]byte
		for {
			p.collect()
			moved := false
			for i, q := range []*[]byte{&p.toServer, &p.toClient} {
				n := min(size, len(*q))
				held[i] = append(held[i], (*q)[:n]...)
				*q = (*q)[n:]
				moved = moved || n > 0
			}
			held[0] = p.feed(p.server, held[0], &p.serverGot)
			held[1] = p.feed(p.client, held[1], &p.clientGot)
			if !moved && len(p.client.Output())+len(p.server.Output()) == 0 {
				break
			}
		}
		p.mustBeOpen()
		p.exchange("data")
	}
}

func TestAFailureIsFinal(t *testing.T) {
	p := newPair(t)
	p.mustHandshake()
	first := p.server.fail(fault(AlertInternalError, errToken))
	buf := make([]byte, 64)
	n, err := p.client.Seal(buf, []byte("data"))
	if err != nil {
		t.Fatal(err)
	}
	_, receive := p.server.Receive(nil, buf[:n])
	_, length := p.server.RecordLen(buf)
	_, seal := p.server.Seal(buf, nil)
	for what, err := range map[string]error{
		"Receive": receive, "RecordLen": length, "Seal": seal, "Start": p.server.Start(), "KeyUpdate": p.server.KeyUpdate(true),
		"CloseWrite": p.server.CloseWrite(), "ReceiveEOF": p.server.ReceiveEOF(), "Err": p.server.Err(),
	} {
		if err != first || !errors.Is(err, errToken) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if out := bytes.Clone(p.server.Output()); len(out) == 0 {
		t.Error("no alert")
	}
	p.run()
	if a := alertOf(p.client.Err()); a == nil || a.Alert != AlertInternalError || !a.FromPeer {
		t.Error(p.client.Err())
	}
}

// Env, Config and Engine survive any use by a caller, in any order.
func TestNothingACallerDoesPanics(t *testing.T) {
	var zero Engine
	zero.Free()
	p := newPair(t)
	if _, err := NewEngine(nil, p.clientCfg, RoleClient); !errors.Is(err, ErrConfig) {
		t.Errorf("without Env: %v", err)
	}
	if err := new(Socket).Init(p.env, nil, p.clientCfg, RoleClient); !errors.Is(err, ErrConfig) {
		t.Errorf("without TCP: %v", err)
	}
	var none ConnectionState
	if _, err := none.ExportKeyingMaterial("", nil, 1); !errors.Is(err, ErrNoExporter) {
		t.Error(err)
	}
	if _, err := none.ExportEarlyKeyingMaterial("", nil, 1); !errors.Is(err, ErrNoExporter) {
		t.Error(err)
	}
	for _, role := range []Role{RoleClient, RoleServer} {
		for skip := range 15 {
			p := newPair(t)
			e := p.client
			if role == RoleServer {
				e = p.server
			}
			calls := []func(){
				func() { e.Start() }, func() { e.Receive(nil, nil) }, func() { e.Seal(nil, nil) }, func() { e.KeyUpdate(true) }, func() { e.Sent(9) },
				func() { e.CloseWrite() }, func() { e.ReceiveEOF() }, func() { e.Free() }, func() { e.RecordLen(nil) },
				func() { e.SealEarly(nil, nil) }, func() { e.ReadEarly(nil) }, func() { e.Deliver(nil, Answer{}) }, func() { e.Deliver(&Pending{}, Answer{}) },
				func() { e.RequestClientCertificate(tls.RequestClientCert) }, func() { e.ClientCertificateAnswer() },
			}
			for i := range calls {
				calls[(i+skip)%len(calls)]()
				e.ConnectionState()
				e.Output()
				e.Overhead()
				e.Sleep()
			}
		}
	}
}
