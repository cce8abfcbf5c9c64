package main

import (
	"cmp"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"time"

	"smoltls/cmd/internal/cli"
	"smoltls/dhcp"
	"smoltls/netconn"
	"smoltls/netconn/nethttp"
	"smoltls/tcp"
	"smoltls/tlssock"
)

// Bounds on what a server may take its time for.
const (
	dialTimeout = 30 * time.Second // the look-up, TCP and TLS
	keepAlive   = 30 * time.Second // silence after which a server is asked whether it is still there
)

// network is our stack as net/http uses it: an http.RoundTripper.
type network struct {
	*nethttp.Transport
	runner  *netconn.Runner
	verbose *cli.Env // whose standard error is told of connections; nil: nobody's
}

// newNetwork makes a stack on the link that the flags describe. It closes the link's device with its own end.
func (c *config) newNetwork(link *cli.Link, cfg *tlssock.Config, env *cli.Env) (*network, error) {
	how := netconn.Config{Device: link.Dev, Addrs: c.Addrs, Gateway: c.Gateway, CPU: c.CPUs.Loop, Linger: time.Second}
	if c.DHCP {
		how.DHCP = &dhcp.Config{ProbeInterval: probeInterval}
	}
	r, err := netconn.Start(how)
	if err != nil {
		return nil, err
	}
	dialer := &netconn.Dialer{Runner: r, Resolver: &names{given: c.given, runner: r, servers: c.nameservers}, TLS: cfg,
		TCP: &tcp.Config{KeepAlive: keepAlive}, Timeout: dialTimeout}
	n := &network{runner: r, Transport: nethttp.NewTransport(dialer, &http.Transport{
		DisableCompression: true, ResponseHeaderTimeout: c.stall, ReadBufferSize: 64 << 10,
	})}
	if c.Verbose {
		n.verbose = env
	}
	return n, nil
}

// RoundTrip implements http.RoundTripper.
func (n *network) RoundTrip(r *http.Request) (*http.Response, error) {
	return n.Transport.RoundTrip(r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{
		GotConn: func(i httptrace.GotConnInfo) { n.describe(i.Conn) },
	})))
}

// describe says what a connection is.
func (n *network) describe(c net.Conn) {
	if n.verbose == nil {
		return
	}
	if wrapped, ok := c.(interface{ NetConn() net.Conn }); ok {
		c = wrapped.NetConn()
	}
	if t, ok := c.(*netconn.TLSConn); ok {
		fmt.Fprintf(n.verbose.Stderr, "%s, %s\n", connectedTo(c.RemoteAddr(), t.State()), cmp.Or(t.State().NegotiatedProtocol, "http/1.1"))
		return
	}
	fmt.Fprintf(n.verbose.Stderr, "connected to %v without TLS\n", c.RemoteAddr())
}

// connectedTo says what was negotiated with whom.
func connectedTo(remote fmt.Stringer, cs tlssock.ConnectionState) string {
	return fmt.Sprintf("connected to %v: %s, %s, %v, server signs with %v", remote, tlssock.VersionName(cs.Version),
		tlssock.CipherSuiteName(cs.CipherSuite), cs.CurveID, cs.PeerSignatureScheme)
}
