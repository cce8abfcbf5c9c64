package simnet

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"smoltls/tlssock"
)

func TestMutualTLSIsMutual(t *testing.T) {
	var keyLog bytes.Buffer
	p, err := newPairLab(1, pairConfig{})
	if err != nil {
		t.Fatal(err)
	}
	client, server, err := p.MutualTLS(&keyLog)
	if err != nil || client.Check(tlssock.RoleClient) != nil || server.Check(tlssock.RoleServer) != nil {
		t.Fatal(err)
	}
	p.clientTLS = client
	f, err := p.begin(true, server4, nil, Script{{Pause: time.Second}}, Script{{Pause: time.Second}})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Run(time.Minute, func() bool { return f.Server.begun }); err != nil {
		t.Fatal(err)
	}
	for _, e := range []*Endpoint{f.Client, f.Server} {
		if cs := e.conn.(tlsConn).ConnectionState(); !cs.PeerVerified || len(cs.PeerCertificates) != 1 {
			t.Errorf("%s: verified %v", e.name, cs.PeerVerified)
		}
	}
	if !strings.Contains(keyLog.String(), "CLIENT_TRAFFIC_SECRET_0") {
		t.Error("no key log")
	}
}
