// Package iface is a network interface: it owns one [phy.Device] and is everything between frames and TCP sockets.
// Ethernet II and bare IP, ARP and NDP, IPv4 and IPv6, ICMP, routes and neighbours, one demultiplexer for all
// connections, and one structure of deadlines behind PollAt.
//
// Frames are decoded by gopacket's DecodingLayerParser, without allocation, and written by hand straight into the
// device's buffer. Whatever is not delivered is counted under a [DropReason].
//
// An Interface, and everything that hangs on it, belongs to one goroutine. It starts none, and reads no clock.
package iface
