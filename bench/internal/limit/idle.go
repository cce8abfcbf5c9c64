package limit

import "smoltls/bench/internal/measure"

// idleTarget is what an idle, established TLS socket is to cost at most, in bytes.
const idleTarget = 1024

// IdleMemory is a target and not a measurement: sequence numbers, traffic keys, and little else.
func IdleMemory(_ measure.Effort, r *measure.Readings) error {
	r.Add(0, idleTarget)
	r.Add(1, idleTarget)
	return nil
}
