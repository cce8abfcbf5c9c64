package main

import (
	"crypto/tls"
	"fmt"

	"smoltls/bench/internal/gvisor"
	"smoltls/bench/internal/identity"
	"smoltls/bench/internal/limit"
	"smoltls/bench/internal/load"
	"smoltls/bench/internal/measure"
	"smoltls/bench/internal/ours"
	"smoltls/bench/internal/stdtls"
)

// Headlines of the table. Each says what the columns mean below it.
const (
	inMemory  = "In memory, one core, MTU 1,500, checksums computed and verified at both ends. Peer: gVisor netstack with crypto/tls. Limit: the sum of the unavoidable."
	offloaded = "In memory with segmentation and checksum offload, one core: segments of some 60 KiB, no checksums. Peer: gVisor with its host GSO. Limit: the sum of the unavoidable."
	alone     = "TLS by itself, one core: engines that are handed each other's records. Peer: crypto/tls over a pipe in memory. Limit: the public-key operations, or the bare AEAD."
	amongIdle = "The same with one busy connection among idle ones; the numbers are of idle sockets at each end."
)

// Sizes of a write, in bytes: TLS's largest record, and what fits one segment.
const (
	large = 16 << 10
	small = 1400
)

// catalog is everything there is to measure, in the order of the table.
func catalog(e measure.Effort) []measure.Experiment {
	var xs []measure.Experiment
	xs = append(xs, bulk()...)
	xs = append(xs, bulkOffloaded()...)
	xs = append(xs, netConns()...)
	xs = append(xs, handshakes()...)
	xs = append(xs, tlsAlone()...)
	xs = append(xs, roundTrips()...)
	xs = append(xs, idleMemory())
	xs = append(xs, crowds(e)...)
	return append(xs, overTAP()...)
}

func rate(name string) measure.Figure { return measure.Figure{Name: name, Unit: "MB/s"} }

func cost(name, unit string) measure.Figure {
	return measure.Figure{Name: name, Unit: unit, Better: measure.LessIsBetter}
}

func bulk() []measure.Experiment {
	return []measure.Experiment{
		{
			Section: inMemory,
			Figures: []measure.Figure{rate("TCP bulk, 16 KiB writes"), cost("TCP bulk, 16 KiB writes, allocations", "per write")},
			Ours:    ours.BulkTCP(large),
			Peer:    gvisor.BulkTCP(large),
			Limit:   limit.BulkTCP,
		}, {
			Section: inMemory,
			Figures: []measure.Figure{rate("TLS bulk, 16 KiB records"), cost("TLS bulk, 16 KiB records, allocations", "per record")},
			Ours:    ours.BulkTLS(large),
			Peer:    gvisor.BulkTLS(large),
			Limit:   limit.BulkTLS(large),
		}, {
			Section: inMemory,
			Figures: []measure.Figure{rate("TLS bulk, 1,400 B records"), cost("TLS bulk, 1,400 B records, allocations", "per record")},
			Ours:    ours.BulkTLS(small),
			Peer:    gvisor.BulkTLS(small),
			Limit:   limit.BulkTLS(small),
		},
	}
}

func bulkOffloaded() []measure.Experiment {
	return []measure.Experiment{
		{
			Section: offloaded,
			Figures: []measure.Figure{rate("TCP bulk with offload, 16 KiB writes"), cost("TCP bulk with offload, allocations", "per write")},
			Ours:    ours.BulkOffload(large, false),
			Peer:    gvisor.BulkOffload(large, false),
			Limit:   limit.BulkOffloadTCP,
		}, {
			Section: offloaded,
			Figures: []measure.Figure{rate("TLS bulk with offload, 16 KiB records"), cost("TLS bulk with offload, allocations", "per record")},
			Ours:    ours.BulkOffload(large, true),
			Peer:    gvisor.BulkOffload(large, true),
			Limit:   limit.BulkOffloadTLS(large),
		},
	}
}

// netConns compares connections that block with those of the peer, which do too, and with our own without a goroutine,
// as their limit.
func netConns() []measure.Experiment {
	return []measure.Experiment{
		{
			Section: inMemory,
			Figures: []measure.Figure{rate("TCP bulk through net.Conn, 16 KiB writes"), cost("TCP bulk through net.Conn, allocations", "per write")},
			Ours:    ours.NetConnBulk(large, false),
			Peer:    gvisor.BulkTCP(large),
			Limit:   ours.BulkTCP(large),
		}, {
			Section: inMemory,
			Figures: []measure.Figure{rate("TLS bulk through net.Conn, 16 KiB records"), cost("TLS bulk through net.Conn, allocations", "per record")},
			Ours:    ours.NetConnBulk(large, true),
			Peer:    gvisor.BulkTLS(large),
			Limit:   ours.BulkTLS(large),
		}, {
			Section: inMemory,
			Figures: []measure.Figure{cost("1-byte round trip through net.Conn, TLS", "µs")},
			Ours:    ours.NetConnRoundTrips(true),
			Peer:    gvisor.RoundTrips(true),
			Limit:   ours.RoundTrips(true),
		},
	}
}

func handshakes() []measure.Experiment {
	var xs []measure.Experiment
	for _, h := range []struct {
		kind  identity.Kind
		group tls.CurveID
	}{
		{identity.P256, tls.X25519},
		{identity.Ed25519, tls.X25519},
		{identity.P256, tls.X25519MLKEM768},
	} {
		name := fmt.Sprintf("mutual handshake, %v, %v", h.kind, h.group)
		xs = append(xs, measure.Experiment{
			Section: inMemory,
			Figures: []measure.Figure{cost(name, "µs"), cost(name+", allocations", "both ends")},
			Ours:    ours.Handshake(h.kind, h.group),
			Peer:    gvisor.Handshake(h.kind, h.group),
			Limit:   limit.Handshake(h.kind, h.group),
		})
	}
	return xs
}

// tlsAlone compares handshakes and records without anything below them.
func tlsAlone() []measure.Experiment {
	var xs []measure.Experiment
	for _, k := range []identity.Kind{identity.P256, identity.Ed25519, identity.RSA2048} {
		for _, h := range []struct {
			what  string
			mode  load.Handshake
			group tls.CurveID
		}{
			{"full", load.Full, tls.X25519},
			{"hybrid", load.Full, tls.X25519MLKEM768},
			{"resumed", load.Resumed, tls.X25519},
			{"with early data", load.Early, tls.X25519},
		} {
			name := fmt.Sprintf("TLS handshake alone, %s, %v", h.what, k)
			x := measure.Experiment{
				Section: alone,
				Figures: []measure.Figure{cost(name, "µs"), cost(name+", allocations", "both ends")},
				Ours:    ours.TLSHandshake(k, h.group, h.mode),
				Limit:   limit.Resumption(h.group),
			}
			if h.mode == load.Full {
				x.Limit = limit.Handshake(k, h.group)
			}
			if h.mode != load.Early { // crypto/tls has it for QUIC only
				x.Peer = stdtls.Handshake(k, h.group, h.mode)
			}
			xs = append(xs, x)
		}
	}
	for _, id := range []uint16{tls.TLS_AES_128_GCM_SHA256, tls.TLS_AES_256_GCM_SHA384, tls.TLS_CHACHA20_POLY1305_SHA256} {
		xs = append(xs, measure.Experiment{
			Section: alone,
			Figures: []measure.Figure{rate("seal and open 16 KiB, " + tls.CipherSuiteName(id))},
			Ours:    ours.SealAndOpen(id),
			Limit:   limit.SealAndOpen(id),
		})
	}
	return xs
}

func roundTrips() []measure.Experiment {
	return []measure.Experiment{
		{
			Section: inMemory,
			Figures: []measure.Figure{cost("1-byte round trip, TCP", "µs")},
			Ours:    ours.RoundTrips(false),
			Peer:    gvisor.RoundTrips(false),
		}, {
			Section: inMemory,
			Figures: []measure.Figure{cost("1-byte round trip, TLS", "µs")},
			Ours:    ours.RoundTrips(true),
			Peer:    gvisor.RoundTrips(true),
		},
	}
}

func idleMemory() measure.Experiment {
	return measure.Experiment{
		Section: inMemory,
		Figures: []measure.Figure{
			cost("memory of an idle TLS socket, waited for", "bytes"),
			cost("memory of an idle TLS socket, nobody waits", "bytes"),
		},
		Ours:  ours.IdleMemory,
		Peer:  gvisor.IdleMemory,
		Limit: limit.IdleMemory,
	}
}

// crowds measure a figure among each number of idle sockets, and each number but the first as a multiple of the first.
func crowds(e measure.Effort) []measure.Experiment {
	return []measure.Experiment{
		{
			Section: amongIdle,
			Figures: crowd(e, "1-byte round trip, TLS", cost("", "µs")),
			Ours:    ours.RoundTripsAmongIdle,
			Peer:    gvisor.RoundTripsAmongIdle,
			Once:    true,
		}, {
			Section: amongIdle,
			Figures: crowd(e, "TCP bulk, 16 KiB writes", rate("")),
			Ours:    ours.BulkTCPAmongIdle(large),
			Peer:    gvisor.BulkTCPAmongIdle(large),
			Once:    true,
		},
	}
}

func crowd(e measure.Effort, name string, f measure.Figure) []measure.Figure {
	var absolute, relative []measure.Figure
	for i, n := range e.Idle {
		f.Name = fmt.Sprintf("%s, among %d idle", name, n)
		absolute = append(absolute, f)
		if i > 0 {
			multiple := measure.Figure{Name: f.Name + ", against none", Unit: "×", Better: f.Better}
			relative = append(relative, multiple)
		}
	}
	return append(absolute, relative...)
}
