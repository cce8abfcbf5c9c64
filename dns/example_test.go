package dns_test

import (
	"fmt"
	"net/netip"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"smoltls/dns"
	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
)

// A program with a loop of its own: the client is polled after the sets. Here a name server is polled in the same loop,
// at the other end of a link in memory; with a TAP device (phy.OpenTAP) the loop sleeps in the device's Wait until
// set.PollAt or client.PollAt.
func ExampleClient() {
	left, right := phy.NewPipe(phy.PipeConfig{})
	ifc, server := open(left, "192.0.2.2/24"), newServer(open(right, "192.0.2.1/24"))
	client, err := dns.New(ifc, dns.Config{Servers: []netip.AddrPort{netip.MustParseAddrPort("192.0.2.1:53")}})
	if err != nil {
		panic(err)
	}
	q, err := client.Lookup(time.Now(), "device-7.example", dns.A)
	if err != nil {
		panic(err)
	}
	for !q.Done() {
		now := time.Now()
		set.Poll(now, ifc, nil, nil)
		client.Poll(now)
		server.poll(now)
	}
	answer, err := q.Answer()
	fmt.Println(answer.Addrs, answer.TTL, err)
	// Output: [192.0.2.7] 1m0s <nil>
}

func open(dev phy.Device, addr string) *iface.Interface {
	ifc, err := iface.New(iface.Config{Device: dev, Addrs: []netip.Prefix{netip.MustParsePrefix(addr)}})
	if err != nil {
		panic(err)
	}
	return ifc
}

// server knows one address, whatever it is asked.
type server struct {
	ifc *iface.Interface
	udp *iface.UDPSocket
}

func newServer(ifc *iface.Interface) *server {
	sockets := set.NewUDP(ifc, set.Limits{})
	h, err := sockets.Bind(netip.MustParseAddrPort("192.0.2.1:53"), iface.PacketConfig{})
	if err != nil {
		panic(err)
	}
	s, _ := sockets.Get(h)
	return &server{ifc, s}
}

func (s *server) poll(now time.Time) {
	set.Poll(now, s.ifc, nil, nil)
	var buf [512]byte
	n, from, err := s.udp.TryRecv(buf[:])
	if err != nil {
		return
	}
	var m dnsmessage.Message
	if m.Unpack(buf[:n]) != nil {
		return
	}
	m.Response = true
	m.Answers = []dnsmessage.Resource{{
		Header: dnsmessage.ResourceHeader{Name: m.Questions[0].Name, Class: dnsmessage.ClassINET, TTL: 60},
		Body:   &dnsmessage.AResource{A: [4]byte{192, 0, 2, 7}},
	}}
	if b, err := m.Pack(); err == nil {
		s.udp.TrySendTo(b, from)
	}
}
