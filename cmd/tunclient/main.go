// Command tunclient is a TLS 1.3 client on a TAP or TUN device, with no TCP/IP but its own: one loop that polls.
//
//	tunclient -tap tap0 -host 192.0.2.1/24 -addr 192.0.2.2/24 -gateway 192.0.2.1 -O https://server.example/file.iso
//	tunclient -tap tap0 -host 192.0.2.1/24 -addr 192.0.2.2/24 -server-cert server.pem 192.0.2.1:443
//	tunclient -tap tap0 -host 192.0.2.1/24 -addr 192.0.2.2/24 -roots ca.pem -name server.example 192.0.2.1:443
//
// A URL is fetched, over HTTP/2 or HTTP/1.1, to standard output or to a file. With ADDRESS:PORT what comes on standard
// input is sent, and what comes back goes to standard output; -bytes N measures. Without a device and without a peer it
// runs a demonstration in memory: tunclient on one end of an Ethernet, a server on the other. tunclient -h lists the
// flags. Exit status: 0 success, 1 the peer or TLS failed, 2 usage.
package main

import "smoltls/cmd/internal/cli"

func main() { cli.Main("tunclient", run) }
