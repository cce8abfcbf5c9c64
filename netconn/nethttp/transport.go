package nethttp

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/idna"

	"smoltls/netconn"
)

// Transport is an http.RoundTripper over a [netconn.Dialer]. It speaks HTTP/2 with the servers that agree on it, and
// HTTP/1.1 with all others, as http.Transport does over crypto/tls. Its methods may be called by any number of
// goroutines.
type Transport struct {
	h1, h2 *http.Transport
	dialer *netconn.Dialer // offers what the caller wants
	only1  *netconn.Dialer // offers HTTP/1.1
	known  servers

	careful *Transport // for what must not be sent as early data; nil: nothing is
}

// errNotHTTP2 says that a server which spoke HTTP/2 does not any more.
var errNotHTTP2 = errors.New("nethttp: the server does not speak HTTP/2 any more")

// NewTransport makes one that dials by d. If d.TLS has no NextProtos, it offers HTTP/2 and HTTP/1.1. Timeouts, limits
// and the options of HTTP/2 are those of base, which is not used itself and may be nil; its Proxy, its dial functions,
// its TLS configuration and its Protocols count for nothing.
//
// If d.EarlyData is set, requests with a safe method and no body may leave as early data, so that somebody may bring
// them to the server again; all others go by connections of their own, without. What a server finds too early is asked
// for again that way (RFC 8470 §5.2).
func NewTransport(d *netconn.Dialer, base *http.Transport) *Transport {
	if base == nil {
		base = &http.Transport{}
	}
	t := &Transport{dialer: offering(d, http2, http1), only1: d.Clone()}
	if t.only1.TLS != nil {
		t.only1.TLS = t.only1.TLS.Clone()
		t.only1.TLS.NextProtos = []string{http1}
	}
	if d.EarlyData {
		careful := d.Clone()
		careful.EarlyData = false
		t.careful = NewTransport(careful, base)
	}
	one, two := new(http.Protocols), new(http.Protocols)
	one.SetHTTP1(true)
	two.SetUnencryptedHTTP2(true)
	t.h1 = t.version(base, one, t.dialHTTP1)
	t.h2 = t.version(base, two, t.dialHTTP2)
	return t
}

// offering gives d with protocols, unless it has others of its own.
func offering(d *netconn.Dialer, protocols ...string) *netconn.Dialer {
	if d.TLS == nil || len(d.TLS.NextProtos) > 0 {
		return d
	}
	d = d.Clone()
	d.TLS = d.TLS.Clone()
	d.TLS.NextProtos = protocols
	return d
}

// version gives what speaks one version of HTTP.
func (t *Transport) version(base *http.Transport, p *http.Protocols, dialTLS func(context.Context, string, string) (net.Conn, error)) *http.Transport {
	h := base.Clone()
	h.Proxy, h.OnProxyConnectResponse, h.GetProxyConnectHeader = nil, nil, nil
	h.TLSClientConfig, h.TLSNextProto = nil, nil
	h.DialContext, h.DialTLSContext, h.Protocols = t.dialer.DialContext, dialTLS, p
	return h
}

// RoundTrip implements http.RoundTripper.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if t.careful == nil {
		return t.roundTrip(r)
	}
	if !safe(r) || r.Body != nil && r.Body != http.NoBody {
		return t.careful.roundTrip(r)
	}
	resp, err := t.roundTrip(r)
	if err == nil && resp.StatusCode == http.StatusTooEarly {
		resp.Body.Close()
		return t.careful.roundTrip(r)
	}
	return resp, err
}

func (t *Transport) roundTrip(r *http.Request) (*http.Response, error) {
	if r.URL == nil || r.URL.Scheme != "https" || upgrades(r) {
		return t.h1.RoundTrip(r) // which says what is missing, if something is
	}
	addr := address(r.URL)
	protocol, first, err := t.known.ask(r.Context(), addr, t.dialer)
	if err != nil {
		closeBody(r)
		return nil, err
	}
	defer first.abandon()
	sent := first.with(r)
	if protocol != http2 {
		return answer(r)(t.h1.RoundTrip(sent))
	}
	resp, err := t.h2.RoundTrip(sent)
	if errors.Is(err, errNotHTTP2) {
		if again, ok := rewind(r); ok {
			return answer(r)(t.h1.RoundTrip(again))
		}
	}
	return answer(r)(resp, err)
}

// CloseIdleConnections ends the connections that carry no request.
func (t *Transport) CloseIdleConnections() {
	t.h1.CloseIdleConnections()
	t.h2.CloseIdleConnections()
	if t.careful != nil {
		t.careful.CloseIdleConnections()
	}
}

// dialHTTP1 connects to a server that does not speak HTTP/2, or is not to.
func (t *Transport) dialHTTP1(ctx context.Context, network, addr string) (net.Conn, error) {
	if c := firstOf(ctx).take(); c != nil {
		return c, nil
	}
	if t.known.protocol(addr) == http2 || !slices.Contains(t.nextProtos(), http2) {
		return t.only1.DialTLSContext(ctx, network, addr)
	}
	c, err := t.dialer.DialTLSContext(ctx, network, addr)
	if err == nil && spoken(c) == http2 { // it does now
		t.known.learn(addr, http2)
		c.Close()
		return t.only1.DialTLSContext(ctx, network, addr)
	}
	return c, err
}

func (t *Transport) nextProtos() []string {
	if t.dialer.TLS == nil {
		return nil
	}
	return t.dialer.TLS.NextProtos
}

// dialHTTP2 connects to a server that has spoken HTTP/2 before.
func (t *Transport) dialHTTP2(ctx context.Context, network, addr string) (net.Conn, error) {
	if c := firstOf(ctx).take(); c != nil {
		return c, nil
	}
	c, err := t.dialer.DialTLSContext(ctx, network, addr)
	if err == nil && spoken(c) != http2 {
		t.known.learn(addr, http1)
		c.Close()
		return nil, errNotHTTP2
	}
	return c, err
}

// spoken is the protocol that was agreed on.
func spoken(c net.Conn) string {
	if t, ok := c.(*netconn.TLSConn); ok {
		return t.State().NegotiatedProtocol
	}
	return ""
}

// upgrades reports whether r wants to go over to another protocol, which is not done in HTTP/2 (RFC 9113 §8.6).
func upgrades(r *http.Request) bool {
	return strings.Contains(strings.ToLower(r.Header.Get("Connection")), "upgrade")
}

// address is where a request goes, as http.Transport dials it: names are in the form that DNS and certificates have
// them in (RFC 5891).
func address(u *url.URL) string {
	host, port := u.Hostname(), u.Port()
	if ascii, err := idna.Lookup.ToASCII(host); err == nil && !isASCII(host) {
		host = ascii
	}
	if port == "" {
		port = "443"
	}
	return net.JoinHostPort(host, port)
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}

// answer gives the response to what was sent in r's place.
func answer(r *http.Request) func(*http.Response, error) (*http.Response, error) {
	return func(resp *http.Response, err error) (*http.Response, error) {
		if resp != nil {
			resp.Request = r
		}
		return resp, err
	}
}

// rewind gives r once more, with its body from the start; false if that can't be had.
func rewind(r *http.Request) (*http.Request, bool) {
	if r.Body == nil || r.Body == http.NoBody {
		return r, true
	}
	if r.GetBody == nil {
		return nil, false
	}
	body, err := r.GetBody()
	if err != nil {
		return nil, false
	}
	again := *r
	again.Body = body
	return &again, true
}

func closeBody(r *http.Request) {
	if r.Body != nil {
		r.Body.Close()
	}
}
