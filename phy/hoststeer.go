package phy

import (
	"strconv"
	"strings"
)

// NoCPU is no processor, for [SteerHost].
const NoCPU = -1

// SteerHost has the kernel take in what we send on an interface on processor cpu, counted from 0, in place of the one
// on which Send is called (receive packet steering; Linux, Documentation/networking/scaling.rst). Send is over as soon
// as a packet is queued there, and the kernel's own part of the way, through its TCP up to waking who reads, is done
// beside us. That pays where a processor is free and we stay off it ([Pin]), and for packets: super-segments
// ([TunTapOptions].Offload) cost so little each that they gain nothing. [NoCPU] ends it.
//
// It runs on Linux, needs root, and the sysfs of the network namespace that the interface is in at /sys, as `ip netns
// exec` mounts it; elsewhere the error wraps errors.ErrUnsupported. Errors are of type *HostError.
func SteerHost(name string, cpu int) error {
	if err := steerHost(name, cpu); err != nil {
		return &HostError{Name: name, Op: "steer packets to a processor", Err: err}
	}
	return nil
}

// cpuMask is a set of one processor, or of none, as the kernel reads it: words of 32 bits in hexadecimal, the highest
// first.
func cpuMask(cpu int) string {
	if cpu < 0 {
		return "0"
	}
	return strconv.FormatUint(1<<(cpu%32), 16) + strings.Repeat(",00000000", cpu/32)
}
