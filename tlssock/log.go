package tlssock

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net/netip"

	"smoltls/tcp"
)

// The events of a connection, as Config.Logger gets them. Each has the role, and the two addresses where TCP under a
// [Socket] says what they are; its time is Env.Now. Nothing of it is secret, and nothing of what is transferred.
const (
	logHandshake   = "tls: handshake complete"                 // Info: what was negotiated
	logFailed      = "tls: connection failed"                  // Warn, or Info for what the caller has done: err
	logClosed      = "tls: peer closed"                        // Debug
	logAlertIn     = "tls: alert received"                     // Debug: alert
	logAlertOut    = "tls: alert sent"                         // Debug: alert
	logKeysIn      = "tls: keys of the peer updated"           // Debug
	logKeysOut     = "tls: own keys updated"                   // Debug
	logTicketIn    = "tls: ticket received"                    // Debug: lifetime in seconds
	logTicketOut   = "tls: ticket sent"                        // Debug
	logEarly       = "tls: early data"                         // Debug: what became of it
	logAuthAsked   = "tls: certificate of the client wanted"   // Debug: request
	logAuthAnswers = "tls: client has answered with who it is" // Info: request, presented
)

// logger gives where an event of a level goes; nil: nowhere, and then nothing is done for it.
func (e *Engine) logger(level slog.Level) slog.Handler {
	if e.cfg == nil || e.cfg.Logger == nil {
		return nil
	}
	if h := e.cfg.Logger.Handler(); h.Enabled(context.Background(), level) {
		return h
	}
	return nil
}

// addressed is a transport that says who its ends are.
type addressed interface {
	LocalAddr() netip.AddrPort
	RemoteAddr() netip.AddrPort
}

// logTo writes an event. An error of the handler's is its own affair.
func (e *Engine) logTo(h slog.Handler, level slog.Level, event string, attrs ...slog.Attr) {
	r := slog.NewRecord(e.env.Now, level, event, 0)
	r.AddAttrs(slog.String("role", e.role.String()))
	if e.tcp != nil {
		if a, ok := e.tcp.Host().(addressed); ok {
			r.AddAttrs(slog.String("local", a.LocalAddr().String()), slog.String("remote", a.RemoteAddr().String()))
		}
	}
	r.AddAttrs(attrs...)
	_ = h.Handle(context.Background(), r)
}

// logEvent writes an event that has nothing to say beyond its name.
func (e *Engine) logEvent(event string) {
	if h := e.logger(slog.LevelDebug); h != nil {
		e.logTo(h, slog.LevelDebug, event)
	}
}

// logNumber writes an event of one number.
func (e *Engine) logNumber(event, name string, n uint32) {
	if h := e.logger(slog.LevelDebug); h != nil {
		e.logTo(h, slog.LevelDebug, event, slog.Uint64(name, uint64(n)))
	}
}

func (e *Engine) logAlert(event string, a Alert) {
	if h := e.logger(slog.LevelDebug); h != nil {
		e.logTo(h, slog.LevelDebug, event, slog.String("alert", a.String()))
	}
}

func (e *Engine) logEarlyData(status EarlyDataStatus) {
	if h := e.logger(slog.LevelDebug); h != nil {
		e.logTo(h, slog.LevelDebug, logEarly, slog.String("status", status.String()))
	}
}

func (e *Engine) logComplete() {
	h := e.logger(slog.LevelInfo)
	if h == nil {
		return
	}
	cs := e.stateOf(e.facts)
	attrs := []slog.Attr{
		slog.String("suite", CipherSuiteName(cs.CipherSuite)), slog.Bool("resumed", cs.DidResume), slog.Bool("verified", cs.PeerVerified),
		slog.Int("round_trips", cs.RoundTrips),
	}
	text := func(key, value string) {
		if value != "" {
			attrs = append(attrs, slog.String(key, value))
		}
	}
	if cs.CurveID != 0 {
		text("group", cs.CurveID.String())
	}
	text("protocol", cs.NegotiatedProtocol)
	text("server_name", cs.ServerName)
	if cs.EarlyData != EarlyDataOff {
		text("early_data", cs.EarlyData.String())
	}
	e.logTo(h, slog.LevelInfo, logHandshake, attrs...)
}

func (e *Engine) logAnswer(a *ClientCertificateAnswer) {
	if h := e.logger(slog.LevelInfo); h != nil {
		e.logTo(h, slog.LevelInfo, logAuthAnswers, slog.Uint64("request", uint64(a.Request)), slog.Bool("presented", a.Presented),
			slog.Bool("verified", a.ConnectionState.PeerVerified), slog.String("scheme", tls.SignatureScheme(a.ConnectionState.PeerSignatureScheme).String()))
	}
}

// logFailure tells why the connection has failed, for which a peer or the network is to be warned of, but not this
// side's own doing.
func (e *Engine) logFailure(err error) {
	level := slog.LevelWarn
	if errors.Is(err, ErrCanceled) || errors.Is(err, ErrFreed) || errors.Is(err, tcp.ErrAborted) {
		level = slog.LevelInfo
	}
	if h := e.logger(level); h != nil {
		e.logTo(h, level, logFailed, slog.Any("err", err), slog.Bool("handshake", e.HandshakeComplete()))
	}
}
