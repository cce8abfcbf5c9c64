// Command tunserver is a TLS 1.3 server on a TAP or TUN device, with no TCP/IP but its own: one loop that polls.
//
//	tunserver -tap tap0 -host 192.0.2.1/24 -addr 192.0.2.2/24 -serve http
//
// It echoes, discards, sends, or answers HTTP; it makes itself an identity when it has none; it asks clients for a
// certificate if told to. tunserver -h lists the flags. Exit status: 0 success, 1 the device or TLS failed, 2 usage.
package main

import (
	"smoltls/cmd/internal/cli"
	"smoltls/cmd/internal/tunserver"
)

func main() { cli.Main("tunserver", tunserver.Run) }
