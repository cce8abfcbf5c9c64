package cli

import (
	"fmt"
	"io"

	"smoltls/phy"
)

// OpenDevice opens the TAP or TUN interface that the flags name, and gives the kernel's side the addresses of -host.
func OpenDevice(c *Common, stderr io.Writer) (phy.Device, error) {
	open, name := phy.OpenTAP, c.TAP
	if c.TUN != "" {
		open, name = phy.OpenTUN, c.TUN
	}
	dev, err := open(name, phy.TunTapOptions{Offload: c.Offload})
	if err != nil {
		return nil, err
	}
	for _, host := range c.Hosts {
		if err := phy.ConfigureHost(dev.Name(), host); err != nil {
			dev.Close()
			return nil, err
		}
	}
	if c.Verbose {
		offload := "without offload"
		if dev.Offload() != 0 {
			offload = "with offload"
		}
		fmt.Fprintf(stderr, "%s device %s, MTU %d, %s\n", dev.Medium(), dev.Name(), dev.MTU(), offload)
	}
	return dev, nil
}
