package phy

import "errors"

// MaxQueues is how many queues one interface can have (Linux, drivers/net/tun.c, MAX_TAP_QUEUES).
const MaxQueues = 256

// ErrQueues: the number of queues is not in 1..MaxQueues.
var ErrQueues = errors.New("an interface can't have so many queues")

// OpenTUNQueues opens a TUN interface n times: each device that it gives is a queue of its own, for a stack on a core
// of its own. o.MultiQueue is implied. Only on Linux, with the privilege to load a BPF program (CAP_NET_ADMIN and
// CAP_BPF). The error is an *OpenError.
//
// The kernel is told which queue a packet belongs to, k of 0..n-1: by our port, modulo n, when it is one of
// FirstEphemeralPort and above, and otherwise by a hash of the peer's port. ICMP errors go where what they quote came
// from. So all packets of a connection come to one queue as long as it lasts, if whoever connects from queue k takes
// ephemeral ports of which n leaves k: in iface, Config.Queue and Queues. What has no ports, or is a fragment, comes to
// queue 0: echo requests are answered there.
//
// There is nothing like it for TAP: the answer to one queue's question for a neighbour's address would reach another.
// The devices are closed together: the kernel counts anew when one goes.
func OpenTUNQueues(name string, n int, o TunTapOptions) ([]*TunTap, error) {
	if n < 1 || n > MaxQueues {
		return nil, &OpenError{Medium: MediumIP, Name: name, Reason: ErrQueues}
	}
	o.MultiQueue = true
	queues := make([]*TunTap, 0, n)
	for range n {
		t, err := OpenTUN(name, o)
		if err == nil && len(queues) > 0 && t.Offload() != queues[0].Offload() {
			t.Close()
			err = &OpenError{Medium: MediumIP, Name: name, Err: errors.New("its queues were granted different offloads")}
		}
		if err != nil {
			closeAll(queues)
			return nil, err
		}
		queues = append(queues, t)
		name = t.Name()
	}
	if err := steerByPort(queues[0]); err != nil {
		closeAll(queues)
		return nil, &OpenError{Medium: MediumIP, Name: name, Reason: openReason(err), Err: err}
	}
	return queues, nil
}

// FirstEphemeralPort is where ephemeral ports begin (RFC 6335 §6).
const FirstEphemeralPort = 49152

func closeAll(queues []*TunTap) {
	for _, q := range queues {
		q.Close()
	}
}
