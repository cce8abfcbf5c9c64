// Package dhcp gets an interface its IPv4 address from a DHCP server (RFC 2131), keeps it, and gives it back: a client
// that is polled, like the stack that it configures. A program with a loop of its own makes a [Client] beside its sets
// and polls it after them; one that blocks takes netconn.Config.DHCP.
//
//	ifc, err := iface.New(iface.Config{Device: dev, AddrsLater: true})
//	client, err := dhcp.New(ifc, dhcp.Config{Event: func(e dhcp.Event) { log.Print(e) }})
//	for {
//		now := time.Now()
//		set.Poll(now, ifc, tcpSockets, tlsSockets)
//		client.Poll(now)
//		...                                    // client.Lease has the DNS servers
//		dev.Wait(...) // until the earlier of set.PollAt and client.PollAt
//	}
//
// The client asks all servers (DISCOVER), chooses an offer, requests it, and tests the address before it uses it (RFC
// 5227): another station that has it makes the client decline. A lease is renewed with its server at T1 and with any
// server at T2, and given up when it ends or a server says so: the address is taken away, and connections from it fail
// with iface.ErrAddrGone. All of it goes on without end, with random delays that grow, so that a server that comes back
// is found. A lease that the caller has kept ([Config].Lease) is confirmed first (INIT-REBOOT).
//
// The client says who it is as RFC 4361 has it, and takes what servers say of routers, networks behind them (RFC 3442),
// DNS servers, the domain and the MTU. Options that are longer than 255 bytes come in pieces (RFC 3396) and may stand
// in the fields for names (RFC 2131 §4.1).
//
// DHCP authenticates nobody: a lease is as good as who is on the link. FORCERENEW (RFC 3203), which would need a key,
// is not heard; IPv6 is iface.Config.Autoconf's.
package dhcp
