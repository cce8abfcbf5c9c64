package drill

import (
	"net/netip"
	"sync"
	"time"

	"smoltls/iface"
)

// Config says what a world is made of.
type Config struct {
	Addrs  []netip.Prefix           // of the interface; default: [DefaultAddrs]
	Sysctl func(name string) string // value of a sysctl below net.ipv4, such as "tcp_sack"; "" where there is none; nil: there are none
	Paced  bool                     // segments leave over the round trip, and not when the window opens
}

// DefaultAddrs are the addresses of a world: everybody is on its link.
var DefaultAddrs = []netip.Prefix{netip.MustParsePrefix("192.168.0.1/0"), netip.MustParsePrefix("fd3d:a0b:17d6::1/0")}

// World is one interface, its clock, and the descriptors of a program. Its methods may be called from two threads: one
// that blocks in a call, and one that moves the clock.
type World struct {
	mu    sync.Mutex
	moved *sync.Cond // something of what follows changed

	cfg  Config
	now  time.Time
	wire wire
	ifc  *iface.Interface

	descriptors map[int]*socket
	next        int // descriptor

	blocked *call // of the other thread
	// A call that was blocked has returned, and
	owed     bool // its thread has not asked for the time yet
	returned bool // nobody has slept since
}

// call is one that blocks: attempt is made after everything that happens, until it gives true.
type call struct {
	attempt func() bool
	done    bool
}

// epoch is when a world begins.
var epoch = time.Unix(1_000_000_000, 0)

// New makes a world. Errors: those of iface.New.
func New(cfg Config) (*World, error) {
	if cfg.Addrs == nil {
		cfg.Addrs = DefaultAddrs
	}
	w := &World{cfg: cfg, now: epoch, descriptors: make(map[int]*socket), next: FirstDescriptor}
	w.moved = sync.NewCond(&w.mu)
	ifc, err := iface.New(iface.Config{Device: &w.wire, Addrs: cfg.Addrs})
	if err != nil {
		return nil, err
	}
	w.ifc = ifc
	w.poll()
	return w, nil
}

// poll moves the stack until nothing is left to do, and makes the attempt of a call that waits.
func (w *World) poll() {
	for {
		w.exchange()
		if w.blocked == nil || !w.blocked.attempt() {
			return
		}
		w.blocked.done, w.blocked, w.owed, w.returned = true, nil, true, true
		w.moved.Broadcast()
	}
}

// exchange lets frames in and out. The device has no errors.
func (w *World) exchange() {
	const batch = 64
	for {
		in, _ := w.ifc.Ingress(w.now, batch)
		out, _ := w.ifc.Egress(w.now, batch)
		if in+out == 0 {
			return
		}
	}
}

// Inject gives the stack a packet, which is copied.
func (w *World) Inject(p []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wire.in = append(w.wire.in, append([]byte(nil), p...))
	w.settle(MovesClock)
}

// Receive gives the next packet that leaves the stack, and when it did. The clock moves on to that; false: nothing will
// ever leave.
func (w *World) Receive() ([]byte, time.Time, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.wire.left) == 0 {
		if !w.step(time.Time{}) {
			return nil, w.now, false
		}
	}
	p := w.wire.left[0]
	w.wire.left = w.wire.left[1:]
	return p.bytes, p.at, true
}
