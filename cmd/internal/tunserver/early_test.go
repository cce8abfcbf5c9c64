package tunserver

import (
	"io"
	"net/netip"
	"strings"
	"testing"

	"smoltls/tlssock"
)

// resuming gives a client's configuration with a session of the server in it.
func (r *running) resuming() *tlssock.Config {
	r.t.Helper()
	cfg := r.config()
	cfg.ClientSessionCache, cfg.EnableEarlyData, cfg.ResendEarlyData = tlssock.NewLRUClientSessionCache(0), true, true
	cfg.NextProtos = []string{"http/1.1"}
	r.getAnother(cfg)
	return cfg
}

// getAnother makes a connection as usual, which leaves a session for the next.
func (r *running) getAnother(cfg *tlssock.Config) *tlssock.Socket {
	r.t.Helper()
	s := r.connect(cfg)
	if _, err := s.TryWrite([]byte("GET / HTTP/1.1\r\nHost: server\r\nConnection: close\r\n\r\n")); err != nil {
		r.t.Fatal(err)
	}
	if got, err := r.read(s, 1<<20); err != io.EOF || !strings.HasPrefix(string(got), "HTTP/1.1 200 OK\r\n") {
		r.t.Fatalf("%q, %v", got, err)
	}
	s.Close()
	return s
}

// early connects with data, and gives the socket when the handshake is over.
func (r *running) early(cfg *tlssock.Config, data string) *tlssock.Socket {
	r.t.Helper()
	h, err := r.client.TLS.Connect(netip.MustParseAddrPort("192.0.2.2:443"), cfg)
	if err != nil {
		r.t.Fatal(err)
	}
	s, _ := r.client.TLS.Get(h)
	sent := false
	r.until(func() bool {
		if !sent {
			n, _ := s.TryWriteEarly([]byte(data))
			sent = n > 0
		}
		return s.Engine().HandshakeComplete() || s.Err() != nil
	})
	return s
}

const getBytes = "GET /bytes/100000 HTTP/1.1\r\nHost: server\r\nConnection: close\r\n\r\n"

func TestARequestInEarlyDataIsAnsweredBeforeTheHandshakeIsOver(t *testing.T) {
	r := start(t, "-serve", "http", "-early-data", "1000")
	s := r.early(r.resuming(), getBytes)
	if status := s.ConnectionState().EarlyData; status != tlssock.EarlyDataAccepted {
		t.Fatalf("%v, %v", status, s.Err())
	}
	got, err := r.read(s, 1<<20)
	head, body, _ := strings.Cut(string(got), "\r\n\r\n")
	if err != io.EOF || len(body) != 100_000 || body[:1000] != string(pattern(0)[:1000]) || body[99_000:] != string(pattern(99_000)[:1000]) {
		t.Errorf("%s: %d bytes, or others; %v", head, len(body), err)
	}
	for _, says := range []string{"resumed yes, early data accepted", "finished"} {
		r.server.Stderr.Await(t, says)
	}
}

func TestOtherServicesTakeEarlyDataWithTheRest(t *testing.T) {
	r := start(t, "-serve", "echo", "-early-data", "1000")
	cfg := r.config()
	cfg.ClientSessionCache, cfg.EnableEarlyData = tlssock.NewLRUClientSessionCache(0), true
	first := r.connect(cfg)
	first.TryWrite([]byte("x"))
	r.read(first, 1) // the ticket came before
	s := r.early(cfg, "early ")
	s.TryWrite([]byte("and late"))
	if got, err := r.read(s, 14); string(got) != "early and late" || s.ConnectionState().EarlyData != tlssock.EarlyDataAccepted {
		t.Errorf("%q, %v, %v", got, err, s.ConnectionState().EarlyData)
	}
}
