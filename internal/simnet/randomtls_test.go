package simnet

import (
	"crypto/tls"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"smoltls/tlssock"
	"smoltls/x509lite"
)

// tlsKinds counts what TLS did in all runs together.
type tlsKinds struct{ full, resumed, updates, early, rejected, answers, anonymous, refused, distrusted atomic.Uint64 }

// add takes what the sets of one run have counted.
func (k *tlsKinds) add(a *anything) {
	for _, s := range a.Stations {
		st := s.tlss.Stats()
		k.full.Add(st.HandshakesCompleted - st.Resumptions)
		k.resumed.Add(st.Resumptions)
		k.updates.Add(st.KeyUpdatesOut)
		k.early.Add(st.EarlyDataAccepted)
		k.rejected.Add(st.EarlyDataRejected)
		k.answers.Add(st.ClientAnswers)
	}
}

// check says which kinds have not happened.
func (k *tlsKinds) check(t *testing.T) {
	t.Helper()
	for name, n := range map[string]*atomic.Uint64{
		"full handshakes": &k.full, "resumptions": &k.resumed, "key updates": &k.updates, "early data": &k.early, "rejected early data": &k.rejected,
		"answers of clients that are asked after the handshake": &k.answers,
		"clients without certificate":                           &k.anonymous, "clients that are refused": &k.refused, "servers that are not trusted": &k.distrusted,
	} {
		t.Logf("%s: %d", name, n.Load())
		if n.Load() == 0 {
			t.Errorf("no %s in all these runs", name)
		}
	}
}

// tlsEnds are a station's configurations as a client and as a server.
type tlsEnds struct {
	client, server *tlssock.Config
	distrusts      bool // the client every server
}

// furnishTLS draws them. Every station has its own sessions, ticket keys and demands.
func (a *anything) furnishTLS() (e tlsEnds, err error) {
	client, server, err := a.MutualTLS(nil)
	if err != nil {
		return e, err
	}
	e = tlsEnds{client: client, server: server, distrusts: a.chance(0.05)}
	if a.chance(0.7) {
		client.ClientSessionCache = tlssock.NewLRUClientSessionCache(pick(a.rng, 0, 1))
	}
	client.EnableEarlyData, client.ResendEarlyData = a.chance(0.7), true
	client.MaxRecordSize, server.MaxRecordSize = pick(a.rng, 0, 0, 64, 1000), pick(a.rng, 0, 0, 64, 512)
	client.RecordPadding, server.RecordPadding = pick(a.rng, 0, 0, 0, 256), pick(a.rng, 0, 0, 0, 1000)
	client.CurvePreferences = []tls.CurveID{tls.X25519, tls.CurveP256}
	if a.chance(0.2) { // HelloRetryRequest
		server.CurvePreferences = []tls.CurveID{tls.CurveP256}
	}
	server.SessionTickets, server.MaxEarlyData = pick(a.rng, 1, 1, 4), uint32(pick(a.rng, 0, 1000, 16_000))
	server.SessionTicketsDisabled = a.chance(0.1)
	server.ClientAuth = pick(a.rng, tls.NoClientCert, tls.RequestClientCert, tls.RequireAnyClientCert, tls.VerifyClientCertIfGiven,
		tls.RequireAndVerifyClientCert, tls.RequireAndVerifyClientCert)
	if a.chance(0.2) {
		client.Certificates = nil
	}
	client.PostHandshakeAuth, server.PostHandshakeAuth = a.chance(0.6), a.chance(0.8)
	if e.distrusts {
		client.Trust = x509lite.Pin()
	}
	if a.chance(0.1) {
		client.DynamicRecordSizingDisabled = true
	}
	return e, nil
}

// rotate makes a server forget its tickets.
func (a *anything) rotate(server *tlssock.Config) {
	a.note("ticket keys change")
	a.failed = errors.Join(a.failed, server.SetSessionTicketKeys([][32]byte{{byte(a.Elapsed() / time.Millisecond)}}))
}

// tlsHabits are those that TLS alone has.
func (a *anything) tlsHabits(h *[2]Habits, client *tlssock.Config) {
	h[0].Early = pick(a.rng, 0, 500, 20_000)
	h[0].Update, h[1].Update = pick(a.rng, 0, 0, 3, 20), pick(a.rng, 0, 0, 3, 20)
	h[1].Ask, h[1].Shows = pick(a.rng, 0, 1, 5, 50), client.Certificates != nil
}

// verdict is how a handshake must end.
type verdict uint8

const (
	accepted   verdict = iota
	refused            // the server wants a certificate that the client does not have
	distrusted         // the client does not know the server
)

// expect gives how a handshake between these two must end.
func (k *tlsKinds) expect(client, server tlsEnds) verdict {
	auth := server.server.ClientAuth
	switch {
	case client.distrusts:
		k.distrusted.Add(1)
		return distrusted
	case client.client.Certificates == nil && (auth == tls.RequireAnyClientCert || auth == tls.RequireAndVerifyClientCert):
		k.refused.Add(1)
		return refused
	case client.client.Certificates == nil:
		k.anonymous.Add(1)
	}
	return accepted
}

// judgeVerdict says whether a flow that may not come about has not, for the right reason.
func judgeVerdict(f *Flow, v verdict) error {
	c, s := f.Client, f.Server
	if !c.Done || s.st != nil {
		return fmt.Errorf("simnet: a handshake that must fail has not:\n\t%v\n\t%v", c, s)
	}
	if v == distrusted && c.Err != nil && !strings.Contains(c.Err.Error(), "x509lite") {
		return fmt.Errorf("simnet: distrust of the server is the reason, not: %w", c.Err)
	}
	return nil
}
