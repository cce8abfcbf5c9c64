package dns_test

import (
	"fmt"
	"log"
	"net/netip"
	"time"

	"smoltls/dns"
	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
)

// A program with a loop of its own: the client is polled after the sets, and the device sleeps until either has something to do.
func ExampleClient() {
	dev, err := phy.OpenTAP("tap0", phy.TunTapOptions{})
	if err != nil {
		log.Fatal(err)
	}
	ifc, err := iface.New(iface.Config{Device: dev, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.2/24")}})
	if err != nil {
		log.Fatal(err)
	}
	client, err := dns.New(ifc, dns.Config{Servers: []netip.AddrPort{netip.MustParseAddrPort("192.0.2.1:53")}})
	if err != nil {
		log.Fatal(err)
	}
	q, err := client.Lookup(time.Now(), "device-7.example", dns.AAAA)
	if err != nil {
		log.Fatal(err)
	}
	for !q.Done() {
		now := time.Now()
		set.Poll(now, ifc, nil, nil)
		client.Poll(now)
		until := set.PollAt(now, ifc, nil, nil)
		if at := client.PollAt(); until.IsZero() || !at.IsZero() && at.Before(until) {
			until = at
		}
		dev.Wait(until)
	}
	answer, err := q.Answer()
	fmt.Println(answer.Addrs, answer.TTL, err)
}
