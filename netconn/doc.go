// Package netconn gives a polled stack the face of Go's net package: a [Runner] polls it in one goroutine, a [Dialer]
// and [Listener]s give connections that are net.Conns, for net/http and everything else that knows nothing of polling.
//
//	r, err := netconn.Start(netconn.Config{Device: dev, Addrs: []netip.Prefix{addr}, Gateway: gw})
//	defer r.Close()
//	d := &netconn.Dialer{Runner: r, TLS: &tlssock.Config{Trust: x509lite.Pin(cert)}, Resolver: net.DefaultResolver}
//	client := &http.Client{Transport: &http.Transport{DialContext: d.DialContext, DialTLSContext: d.DialTLSContext}}
//
// It is for programs that are written with blocking calls. One that has a loop of its own polls a set (smoltls/set) and
// needs none of this.
//
// # UDP, names and addresses
//
// Dialer.Dial with "udp" and [Runner.ListenPacket] give a [PacketConn]. [Runner.NewResolver] looks names up over the
// stack itself, for Dialer.Resolver. Where a DHCP server gives the address, the routes and the name servers, nothing
// else need be known:
//
//	r, err := netconn.Start(netconn.Config{Device: dev, DHCP: &dhcp.Config{Hostname: "device-7"}})
//	lease, err := r.WaitConfigured(ctx)
//	resolver, err := r.NewResolver(dns.Config{}) // asks the servers of the lease
//
// # Goroutines
//
// There is one goroutine for a Runner, and none for a connection, a listener or a deadline. Whoever calls Read or Write
// does the work of the call itself, TLS included, under the Runner's lock; the Runner's goroutine takes frames in and
// sends them. It sleeps in the device's Wait, and a call that left something to send wakes it ([phy.Waker]).
//
// While a name is looked up a dial has up to two goroutines, because a [Resolver] blocks, and what a TLS connection
// waits for (tlssock.ErrPending) is answered in a goroutine of its own: see [Config].Answer.
//
// # Sessions and early data
//
// With a ClientSessionCache in its TLS configuration a [Dialer] resumes what it had with a server, by the server's name
// or, without one, by the address dialled. [Dialer.EarlyData] and [ListenConfig.AcceptEarly] save a round trip more, at
// the price that is told there: what is written first can be replayed. HTTP/2, and HTTP with early data, are in
// smoltls/netconn/nethttp.
//
// # Errors
//
// Errors are *net.OpError, as of the net package. errors.Is finds os.ErrDeadlineExceeded after a deadline,
// net.ErrClosed after Close, and the system's number for what has one (syscall.ECONNREFUSED, ECONNRESET, ETIMEDOUT,
// ...) beside the stack's own error (tcp.ErrRefused); errors.As finds *tlssock.AlertError and *x509lite.VerifyError. A
// TLS stream that ends without close_notify is tlssock.ErrTruncated, never io.EOF.
//
// [phy.Waker]: https://pkg.go.dev/smoltls/phy#Waker
package netconn
