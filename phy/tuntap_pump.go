//go:build darwin || windows

package phy

import (
	"errors"
	"fmt"
	"net"

	"github.com/songgao/water"
)

// tunTapQueue: water hides the descriptor here, so that it can only be read with blocking.
type tunTapQueue = pump

func (t *TunTap) open(o TunTapOptions) error {
	fail := func(reason, err error) error {
		return &OpenError{Medium: t.medium, Name: t.name, Reason: reason, Err: err}
	}
	if o.Persist || o.MultiQueue {
		return fail(errors.ErrUnsupported, errors.New("Persist and MultiQueue exist on Linux only"))
	}
	config, err := waterConfig(t.medium, t.name, o)
	if err != nil {
		return fail(errors.ErrUnsupported, err)
	}
	ifc, err := water.New(config)
	if err != nil {
		return fail(openReason(err), err)
	}
	t.name = ifc.Name()
	link, err := net.InterfaceByName(t.name)
	if err != nil {
		ifc.Close()
		return fail(nil, err)
	}
	if o.MTU != 0 && o.MTU != link.MTU {
		ifc.Close()
		return fail(ErrMTU, fmt.Errorf("it has %d, which only the system's own tools can change", link.MTU))
	}
	t.mtu = within(link.MTU, DefaultMTU, MinMTU, MaxMTU)
	t.queue.start(ifc, t.medium, t.mtu)
	return nil
}
