package dhcp_test

import (
	"fmt"
	"log"
	"time"

	"smoltls/dhcp"
	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
)

// A program with a loop of its own: the client is polled after the sets, and time goes on to whatever is due first.
// Here the wire is in memory, a server is at its other end, and the clock is the program's; with a device of the system
// it is time.Now, and the device sleeps in Wait.
func Example() {
	dev, wire := phy.NewPipe(phy.PipeConfig{})
	there := server{wire}

	ifc, err := iface.New(iface.Config{Device: dev, AddrsLater: true})
	if err != nil {
		log.Fatal(err)
	}
	client, err := dhcp.New(ifc, dhcp.Config{Hostname: "device-7", Event: func(e dhcp.Event) { fmt.Println(e) }})
	if err != nil {
		log.Fatal(err)
	}
	for now := time.Now(); client.State() != dhcp.StateBound; {
		set.Poll(now, ifc, nil, nil)
		client.Poll(now)
		there.poll(now)
		until := set.PollAt(now, ifc, nil, nil)
		if at := client.PollAt(); until.IsZero() || !at.IsZero() && at.Before(until) {
			until = at
		}
		if until.After(now) {
			now = until
		}
	}
	lease, _ := client.Lease()
	fmt.Println(lease.Addr, "by way of", lease.Routers, "names from", lease.DNS, "for", lease.End.Sub(lease.Begin))
	// Output:
	// dhcp: bound 192.0.2.100/24 from 192.0.2.1
	// 192.0.2.100/24 by way of [192.0.2.1] names from [192.0.2.53] for 1h0m0s
}
