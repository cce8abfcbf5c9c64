package cli

import (
	"errors"
	"strconv"
	"strings"

	"smoltls/phy"
)

// Processors says where which part of the work is done; the zero value: wherever there is room.
type Processors struct {
	Loop   *int // our loop's; nil: any
	Kernel *int // the one on which the kernel takes in what we send; nil: the one on which we send it
}

// parse takes LOOP or LOOP,KERNEL.
func (p *Processors) parse(s string) error {
	loop, kernel, both := strings.Cut(s, ",")
	var err error
	if p.Loop, err = processor(loop); err != nil {
		return err
	}
	p.Kernel = nil
	if both {
		if p.Kernel, err = processor(kernel); err != nil {
			return err
		}
		if *p.Kernel == *p.Loop {
			return errors.New("want two different processors")
		}
	}
	return nil
}

func processor(s string) (*int, error) {
	cpu, err := strconv.ParseUint(s, 10, 16)
	if err != nil {
		return nil, errors.New("want the number of a processor, or of two, such as 0 or 0,1")
	}
	return new(int(cpu)), nil
}

// pin keeps the calling goroutine on the loop's processor until unpin is called.
func (p *Processors) pin() (unpin func(), err error) {
	if p.Loop == nil {
		return func() {}, nil
	}
	return phy.Pin(*p.Loop)
}

// steer has the kernel take in what we send on a device on its processor.
func (p *Processors) steer(device string) error {
	if p.Kernel == nil {
		return nil
	}
	return phy.SteerHost(device, *p.Kernel)
}
