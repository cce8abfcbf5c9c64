package cli

import (
	"fmt"
	"io"
	"net"

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
	if err := c.prepareHost(dev.Name()); err != nil {
		dev.Close()
		return nil, err
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

// prepareHost does to the kernel's side of a device what the flags say.
func (c *Common) prepareHost(device string) error {
	for _, host := range c.Hosts {
		if err := phy.ConfigureHost(device, host); err != nil {
			return err
		}
	}
	return c.CPUs.steer(device)
}

// LinkUp gives [phy.ErrLinkDown] if the kernel's side of the device that the flags name is down: whoever begins to talk
// need not wait for an answer then.
func (c *Common) LinkUp() error {
	side, err := net.InterfaceByName(c.TAP + c.TUN) // one of them is empty
	if err == nil && side.Flags&net.FlagUp == 0 {
		return phy.ErrLinkDown
	}
	return nil
}
