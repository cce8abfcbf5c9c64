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
	onTAP  = "Over TAP, a user-space stack and the kernel, all cores, no offload. Peer: gVisor over TAP. Limit: kernel to kernel over veth without offload."
	onVeth = "For comparison, kernel to kernel over veth with segmentation and checksum offload, all cores."
)

// overTAP measures with the kernel as the other end.
func overTAP() []measure.Experiment {
	var xs []measure.Experiment
	for _, secure := range []bool{false, true} {
		for _, up := range []bool{true, false} {
			direction := "to the kernel"
			if !up {
				direction = "from the kernel"
			}
			xs = append(xs, measure.Experiment{
				Section: onTAP,
				Figures: []measure.Figure{rate(fmt.Sprintf("%s bulk over TAP, %s", protocol(secure), direction))},
				Ours:    ours.BulkTAP(up, secure),
				Peer:    gvisor.BulkTAP(up, secure),
				Limit:   kernel.Bulk(secure, false),
				Procs:   runtime.NumCPU(),
			})
		}
	}
	for _, secure := range []bool{false, true} {
		xs = append(xs, measure.Experiment{
			Section: onVeth,
			Figures: []measure.Figure{rate(protocol(secure) + " bulk over veth with offload")},
			Limit:   kernel.Bulk(secure, true),
			Procs:   runtime.NumCPU(),
		})
	}
	return xs
}

func protocol(secure bool) string {
	if secure {
		return "TLS"
	}
	return "TCP"
}
