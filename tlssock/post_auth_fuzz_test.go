package tlssock

import (
	"bytes"
	"crypto/tls"
	"testing"

	"smoltls/tlssock/internal/wire"
)

// Whatever handshake messages one end sends after the handshake, while the server has asked for the client's
// certificate: the other end goes on or fails with an alert, and nobody is who has not shown it.
func FuzzAfterTheHandshake(f *testing.F) {
	p := postPair(f)
	p.mustHandshake()
	client := &captured{}
	p.client.state = client
	p.ask(tls.RequireAndVerifyClientCert)
	p.run()
	f.Add(true, client.requests[0])
	f.Add(false, bytes.Join(p.answerTo(client.requests[0]), nil))
	f.Add(false, []byte{byte(wire.TypeKeyUpdate), 0, 0, 1, 1})
	ticket, err := (&wire.NewSessionTicket{Lifetime: 1, Ticket: []byte("ticket")}).Append(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(true, ticket)
	f.Fuzz(func(t *testing.T, toClient bool, messages []byte) {
		p.t = t
		p.restart()
		p.mustHandshake()
		from, to := p.client, p.server
		if toClient {
			from, to = to, from
		} else {
			p.client.state = &captured{}
			p.ask(tls.RequireAndVerifyClientCert)
			p.run()
		}
		if err := from.queueRecords(wire.Handshake, messages); err != nil {
			t.Fatal(err)
		}
		p.run()
		if err := to.Err(); err != nil && alertOf(err) == nil {
			t.Fatalf("%T %v", err, err)
		}
		if _, ok := p.server.ClientCertificateAnswer(); ok || p.server.ConnectionState().PeerVerified {
			t.Fatal("the client is known by an answer of another connection")
		}
		p.client.Free()
		p.server.Free()
		if p.env.Handshakes() != 0 {
			t.Fatalf("%d handshakes under way", p.env.Handshakes())
		}
	})
}
