package dhcp_test

import (
	"errors"
	"fmt"
	"time"

	"smoltls/dhcp"
	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
)

// On a link where nobody answers the client goes on asking, and says so. The clock is the example's, so that none of it
// takes time.
func ExampleClient_Err() {
	dev, _ := phy.NewPipe(phy.PipeConfig{Medium: phy.MediumEthernet})
	ifc, err := iface.New(iface.Config{Device: dev, AddrsLater: true})
	if err != nil {
		panic(err)
	}
	client, err := dhcp.New(ifc, dhcp.Config{})
	if err != nil {
		panic(err)
	}
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for now := begin; now.Before(begin.Add(time.Minute)); now = client.PollAt() {
		set.Poll(now, ifc, nil, nil)
		client.Poll(now)
		set.Poll(now, ifc, nil, nil) // what the client has said
	}
	_, leased := client.Lease()
	fmt.Println(client.State(), leased, errors.Is(client.Err(), dhcp.ErrNoAnswer))
	// Output: selecting false true
}
