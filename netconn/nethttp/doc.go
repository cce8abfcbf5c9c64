// Package nethttp lets net/http speak HTTP/2 over smoltls/netconn, by ALPN, with its own HTTP/1.1 and HTTP/2 and
// nothing beside them:
//
//	client := &http.Client{Transport: nethttp.NewTransport(dialer, nil)}
//	err := nethttp.Serve(server, listener)
//
// For HTTP/1.1 none of it is needed: http.Transport takes the methods of [netconn.Dialer], and http.Server a
// [netconn.Listener]. But the connections that have agreed on HTTP/2 net/http looks for among crypto/tls's own
// (*tls.Conn) only. It does speak HTTP/2 over any connection of which it is told so beforehand
// (http.Protocols.UnencryptedHTTP2), and that is what this package does, for those connections that are encrypted
// already and whose ends have agreed. Timeouts, limits, connection pools and graceful shutdown are net/http's.
//
// [netconn.Dialer]: https://pkg.go.dev/smoltls/netconn#Dialer
// [netconn.Listener]: https://pkg.go.dev/smoltls/netconn#Listener
package nethttp

// The protocols that are agreed on (RFC 7301 §6, RFC 9113 §3.2).
const (
	http1 = "http/1.1"
	http2 = "h2"
)
