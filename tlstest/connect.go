package tlstest

import (
	"net"
	"testing"
)

// Pair is a client and a server that are connected, and the network between them.
type Pair struct {
	*Network
	// Client and Server are the two ends: *netconn.TLSConn where smoltls made them. They end with the test.
	Client, Server net.Conn
	// ClientID and ServerID are who they are.
	ClientID, ServerID *Identity
}

// Connect gives a client and a server that know each other's certificate and have finished their handshake. It ends the
// test when that fails.
func Connect(t testing.TB, o Options) *Pair {
	t.Helper()
	p := newPlan(t, o)
	came, err := p.serve()
	if err != nil {
		t.Fatalf("tlstest: %v", err)
	}
	client := p.dial()
	if client.err != nil {
		t.Fatalf("tlstest: client: %v", client.err)
	}
	t.Cleanup(func() { client.conn.Close() })
	server := <-came
	if server.err != nil {
		t.Fatalf("tlstest: server: %v", server.err)
	}
	t.Cleanup(func() { server.conn.Close() })
	return &Pair{Network: p.Network, Client: client.conn, Server: server.conn, ClientID: p.client.Own, ServerID: p.server.Own}
}
