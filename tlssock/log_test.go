package tlssock

import (
	"bytes"
	"context"
	"crypto/tls"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"testing"
)

// logged is a handler that keeps what it gets, from one level on.
type logged struct {
	least   slog.Level
	records []slog.Record
}

func (l *logged) Enabled(_ context.Context, level slog.Level) bool { return level >= l.least }
func (l *logged) WithAttrs([]slog.Attr) slog.Handler               { return l }
func (l *logged) WithGroup(string) slog.Handler                    { return l }
func (l *logged) Handle(_ context.Context, r slog.Record) error {
	l.records = append(l.records, r)
	return errToken // which is nobody's business
}

// events gives the names of what was logged, the text of all of it, and forgets it.
func (l *logged) events() (names []string, text string) {
	for _, r := range l.records {
		names = append(names, strings.TrimPrefix(r.Message, "tls: "))
		r.Attrs(func(a slog.Attr) bool { text += " " + a.String(); return true })
		text += "\n"
	}
	l.records = nil
	return names, text
}

func (l *logged) want(t *testing.T, names ...string) string {
	t.Helper()
	got, text := l.events()
	if !slices.Equal(got, names) {
		t.Errorf("logged %q, want %q:\n%s", got, names, text)
	}
	return text
}

// loggedPair is a pair whose ends log, each for itself.
func loggedPair(t *testing.T, least slog.Level, change ...func(c, s *Config)) (p *pair, client, server *logged) {
	client, server = &logged{least: least}, &logged{least: least}
	return newPair(t, append(change, func(c, s *Config) { c.Logger, s.Logger = slog.New(client), slog.New(server) })...), client, server
}

func TestEventsOfAConnection(t *testing.T) {
	p, client, server := loggedPair(t, slog.LevelDebug, func(c, s *Config) {
		c.PostHandshakeAuth, s.PostHandshakeAuth, c.ClientSessionCache = true, true, NewLRUClientSessionCache(0)
	})
	p.mustHandshake()
	for _, r := range append(client.records, server.records...) {
		if !r.Time.Equal(epoch) {
			t.Error("a time that is not the Env's:", r.Time)
		}
	}
	text := client.want(t, "handshake complete", "ticket received")
	for _, part := range []string{"role=client", "suite=TLS_AES_128_GCM_SHA256", "group=X25519", "resumed=false", "verified=true", "server_name=" + testServerName, "lifetime=604800"} {
		if !strings.Contains(text, part) {
			t.Errorf("no %s in %s", part, text)
		}
	}
	server.want(t, "ticket sent", "handshake complete")
	if err := p.client.KeyUpdate(true); err != nil {
		t.Fatal(err)
	}
	p.run()
	client.want(t, "own keys updated", "keys of the peer updated")
	server.want(t, "keys of the peer updated", "own keys updated")
	p.ask(tls.RequireAnyClientCert)
	p.run()
	if text := server.want(t, "certificate of the client wanted", "client has answered with who it is"); !strings.Contains(text, "request=1 presented=true verified=false scheme=Ed25519") {
		t.Error(text)
	}
	p.client.CloseWrite()
	p.run()
	client.want(t, "alert sent")
	if text := server.want(t, "alert received", "peer closed"); !strings.Contains(text, "alert=close_notify") {
		t.Error(text)
	}
}

func TestEventsOfAFailure(t *testing.T) {
	p, client, server := loggedPair(t, slog.LevelInfo, func(c, s *Config) { c.Certificates = nil })
	p.handshake()
	server.want(t, "connection failed")
	client.want(t, "handshake complete", "connection failed")
	p.restart()
	server.least = slog.LevelDebug
	p.handshake()
	if text := server.want(t, "alert sent", "connection failed"); !strings.Contains(text, "alert=certificate_required") || !strings.Contains(text, ErrNoClientCertificate.Error()) {
		t.Error(text)
	}
	client.events()
	p.restart()
	p.client.Start()
	p.client.CloseWrite()
	if client.want(t, "connection failed"); client.records != nil {
		t.Error("more")
	}
}

// A level that the handler does not want costs nothing, and neither does no logger: no memory, and no byte of an idle
// connection.
func TestEventsThatNobodyWantsAreFree(t *testing.T) {
	for _, handler := range []slog.Handler{nil, &logged{least: 100}} {
		p := newPair(t, func(c, s *Config) {
			if handler != nil {
				c.Logger, s.Logger = slog.New(handler), slog.New(handler)
			}
		})
		p.mustHandshake()
		e := p.client
		if n := testing.AllocsPerRun(100, func() {
			e.logEvent(logKeysIn)
			e.logNumber(logTicketIn, "lifetime", 1)
			e.logAlert(logAlertIn, AlertCloseNotify)
			e.logEarlyData(EarlyDataAccepted)
			e.logComplete()
			e.logAnswer(&ClientCertificateAnswer{})
			e.logFailure(errToken)
		}); n != 0 {
			t.Errorf("%.0f allocations", n)
		}
	}
}

// No secret, and nothing of what is transferred, is logged.
func TestNothingSecretIsLogged(t *testing.T) {
	var keys, text bytes.Buffer
	p := newPair(t, func(c, s *Config) {
		c.KeyLogWriter = &keys
		c.Logger = slog.New(slog.NewTextHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug}))
		s.Logger = c.Logger
	})
	p.mustHandshake()
	p.exchange("what is transferred")
	for _, line := range strings.Split(strings.TrimSpace(keys.String()), "\n") {
		if secret := strings.Fields(line)[2]; strings.Contains(text.String(), secret) {
			t.Error("a secret is logged")
		}
	}
	if strings.Contains(text.String(), "transferred") || text.Len() == 0 {
		t.Errorf("logged: %s", text.String())
	}
}

// addressedEnd is an end whose host knows the addresses.
type addressedHost struct{ *tcpEnd }

func (addressedHost) LocalAddr() netip.AddrPort { return netip.MustParseAddrPort("10.0.0.1:443") }
func (addressedHost) RemoteAddr() netip.AddrPort {
	return netip.MustParseAddrPort("[2001:db8::1]:5000")
}

func TestEventsOfSocketsHaveAddresses(t *testing.T) {
	server := &logged{least: slog.LevelInfo}
	w := newLine(t, nil, func(_, s *Config) { s.Logger = slog.New(server) })
	w.s.tcp.Init(&w.tcpEnv, addressedHost{w.s}, nil)
	w.run()
	if text := server.want(t, "handshake complete"); !strings.Contains(text, "local=10.0.0.1:443 remote=[2001:db8::1]:5000") {
		t.Error(text)
	}
	w.s.tls.Fail(errToken)
	if text := server.want(t, "connection failed"); !strings.Contains(text, errToken.Error()) {
		t.Error(text)
	}
}
