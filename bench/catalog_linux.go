package main

import (
	"fmt"
	"runtime"

	"smoltls/bench/internal/gvisor"
	"smoltls/bench/internal/kernel"
	"smoltls/bench/internal/measure"
	"smoltls/bench/internal/ours"
)

// Headlines of the table where the kernel takes part.
const (
	onTAP = "Over TAP, a user-space stack and the kernel, all cores, no offload. Peer: gVisor over TAP. Limit: kernel to kernel over veth without offload."
	onTSO = "Over TAP with segmentation and checksum offload, all cores. Peer: gVisor over TAP, where it has receive coalescing only. Limit: kernel to kernel over veth with both."
)

// overTAP measures with the kernel as the other end.
func overTAP() []measure.Experiment {
	var xs []measure.Experiment
	for _, offload := range []bool{false, true} {
		section, suffix := onTAP, ""
		if offload {
			section, suffix = onTSO, ", offload"
		}
		for _, secure := range []bool{false, true} {
			for _, up := range []bool{true, false} {
				direction := "to the kernel"
				if !up {
					direction = "from the kernel"
				}
				xs = append(xs, measure.Experiment{
					Section: section,
					Figures: []measure.Figure{rate(fmt.Sprintf("%s bulk over TAP, %s%s", protocol(secure), direction, suffix))},
					Ours:    ours.BulkTAP(up, secure, offload),
					Peer:    gvisor.BulkTAP(up, secure, offload),
					Limit:   kernel.Bulk(secure, offload),
					Procs:   runtime.NumCPU(),
				})
			}
		}
	}
	return xs
}

func protocol(secure bool) string {
	if secure {
		return "TLS"
	}
	return "TCP"
}
