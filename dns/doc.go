// Package dns finds the addresses of names: a stub resolver (RFC 1034 §5.3.1) that is polled, like the stack that it
// asks over. A program with a loop of its own makes a [Client] beside its sets and polls it after them; one that blocks
// takes netconn.DNSResolver.
//
//	client, err := dns.New(ifc, dns.Config{Servers: []netip.AddrPort{server}})
//	q, err := client.Lookup(now, "device-7.example", dns.A)
//	for !q.Done() {
//		set.Poll(now, ifc, nil, tlsSockets)
//		client.Poll(now)
//		dev.Wait(...) // until the earlier of set.PollAt and client.PollAt
//	}
//	answer, err := q.Answer()
//
// Questions go to one server after the other, by UDP with EDNS(0) (RFC 6891), from a random port each and with a random
// number (RFC 5452); by TCP when an answer is truncated (RFC 7766); or, with [Config].TLS, by TLS and nothing else, in
// messages whose length does not tell the name (RFC 7858, RFC 8467, RFC 8310's strict profile). Aliases (CNAME) are
// followed. Answers, those too that there is no such name or address (RFC 2308), are kept as long as their TTL says,
// within bounds.
//
// A question is under way once, however many wait for its answer, and none is asked about names that are not DNS's
// (localhost, .invalid, .onion: RFC 6761, RFC 7686). Nothing is looked up in a hosts file, no domain is added to a
// name, and what servers say is not validated (DNSSEC): an answer is as good as the server and the way to it.
package dns
