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

// A program with a loop of its own: the client is polled after the sets, and the device sleeps until either has something to do.
func ExampleClient() {
	dev, err := phy.OpenTAP("tap0", phy.TunTapOptions{})
	if err != nil {
		log.Fatal(err)
	}
	ifc, err := iface.New(iface.Config{Device: dev, AddrsLater: true})
	if err != nil {
		log.Fatal(err)
	}
	client, err := dhcp.New(ifc, dhcp.Config{Hostname: "device-7", Event: func(e dhcp.Event) { log.Print(e) }})
	if err != nil {
		log.Fatal(err)
	}
	for client.State() != dhcp.StateBound {
		now := time.Now()
		set.Poll(now, ifc, nil, nil)
		client.Poll(now)
		until := set.PollAt(now, ifc, nil, nil)
		if at := client.PollAt(); until.IsZero() || !at.IsZero() && at.Before(until) {
			until = at
		}
		dev.Wait(until)
	}
	lease, _ := client.Lease()
	fmt.Println(lease.Addr, lease.Routers, lease.DNS, lease.End)
}
