package kernel

import (
	"runtime"

	"smoltls/bench/internal/measure"
)

// Link says what an experiment has between its two ends.
type Link struct {
	Secure  bool // TLS over the connection
	Offload bool // segmentation and checksum offload
	Apart   bool // the receiving kernel takes packets in on [KernelCPU], and whoever has a loop of its own runs it on [LoopCPU]
}

// The processors of a [Link] that is Apart.
const (
	LoopCPU   = 0
	KernelCPU = 1
)

// check gives a reason to skip what this machine is too small for.
func (l Link) check() error {
	if l.Apart && runtime.NumCPU() <= KernelCPU {
		return measure.Skip("there is one processor: nothing can be apart")
	}
	return nil
}
