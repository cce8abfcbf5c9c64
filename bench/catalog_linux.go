package main

import (
	"fmt"
	"runtime"

	"smoltls/bench/internal/gvisor"
	"smoltls/bench/internal/kernel"
	"smoltls/bench/internal/measure"
	"smoltls/bench/internal/ours"
)

// overTAP measures with the kernel as the other end.
func overTAP() []measure.Experiment {
	var xs []measure.Experiment
	for _, part := range []struct {
		headline, suffix string
		link             kernel.Link
	}{
		{"Over TAP, a user-space stack and the kernel, all cores, no offload. Peer: gVisor over TAP. Limit: kernel to kernel over veth without offload.", "", kernel.Link{}},
		{"The same, the loop on one processor, the kernel taking in on another (phy.Pin, phy.SteerHost). Peer and limit: as above, over links steered likewise.", ", apart", kernel.Link{Apart: true}},
		{"Over TAP with segmentation and checksum offload, all cores. Peer: gVisor over TAP, where it has receive coalescing only. Limit: kernel to kernel over veth with both.", ", offload", kernel.Link{Offload: true}},
	} {
		for _, secure := range []bool{false, true} {
			link := part.link
			link.Secure = secure
			for _, up := range []bool{true, false} {
				direction := "to the kernel"
				if !up {
					direction = "from the kernel"
				}
				xs = append(xs, measure.Experiment{
					Section: part.headline,
					Figures: []measure.Figure{rate(fmt.Sprintf("%s bulk over TAP, %s%s", protocol(secure), direction, part.suffix))},
					Ours:    ours.BulkTAP(up, link),
					Peer:    gvisor.BulkTAP(up, link),
					Limit:   kernel.Bulk(link),
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
