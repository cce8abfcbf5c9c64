package simnet

import (
	"errors"
	"net/netip"
	"time"

	"smoltls/iface"
	"smoltls/phy"
	"smoltls/tcp"
)

// Bottleneck is one link between two stations over which connections send as much as they can. What it asks is how much
// comes through.
type Bottleneck struct {
	Rate  int64         // bits per second, of whole frames; must be positive
	Delay time.Duration // one way
	// Jitter is up to how much more a frame takes. Where everything is exact, which of several flows meets a full queue
	// follows from their phases, and always hits the same one.
	Jitter time.Duration
	Loss   float64     // chance that a frame is lost, in either direction
	Queue  float64     // of the bandwidth-delay product; see QueueBytes
	Flows  int         // that begin one after the other, Stagger apart; 0: one
	Supers bool        // the sender hands on super-segments, which are cut at the last step before the link
	TCP    *tcp.Config // of both ends; its buffers are set to what the path and its queue can hold, if they are zero

	Stagger time.Duration
	Ramp    time.Duration // what arrives before is not counted
	Length  time.Duration // and then it is for so long
}

// leastQueue is the bandwidth-delay product that a path without delay is given its queue for: no router has less than a
// quarter of it.
const leastQueue = 64 * fullFrame

const (
	fullFrame   = 1500 + 14      // bytes of a full frame on Ethernet, as Path.Rate counts it
	fullPayload = 1500 - 40 - 12 // bytes of payload in one, with timestamps over IPv4
	// A window must hold what is sent while a loss is repaired, a round trip more, and TCP tells its application of
	// room only when half of the buffer is.
	bufferFactor = 4
)

// product is the bandwidth-delay product in bytes.
func (b Bottleneck) product() float64 { return float64(b.Rate) / 8 * (2 * b.Delay).Seconds() }

// QueueBytes is the length of the queue before the link.
func (b Bottleneck) QueueBytes() int { return int(b.Queue * max(b.product(), leastQueue)) }

// path is either direction of the link.
func (b Bottleneck) path() Path {
	return Path{Delay: b.Delay, Jitter: b.Jitter, Rate: b.Rate, Loss: b.Loss, QueueBytes: b.QueueBytes()}
}

// full is how many bytes of payload the link carries in a time when it is full.
func (b Bottleneck) full(d time.Duration) float64 {
	return float64(b.Rate) / 8 * d.Seconds() / fullFrame * fullPayload
}

// buffer is what the send and the receive buffer of one connection need to fill path and queue alone.
func (b Bottleneck) buffer() int {
	return min(1<<20+bufferFactor*(int(b.product())+b.QueueBytes()), 1<<29)
}

// Measured is what a bottleneck let through.
type Measured struct {
	Shares []float64 // of each flow, 1 being the payload that the link carries when it is full of full segments with timestamps
	Path   PathCount // in the direction of the data, from the beginning
	Sender tcp.Stats
}

// Total is the sum of all shares.
func (m Measured) Total() (sum float64) {
	for _, s := range m.Shares {
		sum += s
	}
	return sum
}

// Fairness is Jain's index of the shares: 1 when all are equal, 1/n when one of n has everything.
func (m Measured) Fairness() float64 {
	var sum, squares float64
	for _, s := range m.Shares {
		sum += s
		squares += s * s
	}
	return sum * sum / (float64(len(m.Shares)) * squares)
}

// Measure lets the connections send, and counts what their receivers read meanwhile.
func (b Bottleneck) Measure(seed uint64) (m Measured, err error) {
	l := NewLab(seed)
	from, to, wire, err := b.stations(l)
	if err != nil {
		return m, err
	}
	if _, err := to.Listen(80, nil, tcp.ListenConfig{SYNQueue: 64, AcceptQueue: 64, Config: b.config()}); err != nil {
		return m, err
	}
	var failed error
	for i := range max(b.Flows, 1) {
		l.After(time.Duration(i)*b.Stagger, func() {
			_, err := l.Open(from, FlowConfig{
				To: netip.MustParseAddrPort("192.0.2.2:80"), TCP: b.config(), Client: Script{{Write: 1 << 50}}, Server: Script{{Read: ToEOF}},
				Habits: [2]Habits{{ZeroCopy: true}, {ZeroCopy: true}},
			})
			failed = errors.Join(failed, err)
		})
	}
	var before, after []int64
	l.After(b.Ramp, func() { before = l.received() })
	l.After(b.Ramp+b.Length, func() { after = l.received() })
	if err := l.Run(b.Ramp+b.Length, func() bool { return after != nil || failed != nil || l.anyEnded() }); err != nil {
		return m, err
	}
	if after == nil || len(before) != len(after) {
		return m, l.fail(errors.Join(failed, errors.New("simnet: not all flows have lasted from the beginning to the end")))
	}
	for i := range after {
		m.Shares = append(m.Shares, float64(after[i]-before[i])/b.full(b.Length))
	}
	m.Path, _ = wire.Count()
	m.Sender = from.Iface.Stats().TCP
	return m, nil
}

// stations makes both ends and the link.
func (b Bottleneck) stations(l *Lab) (from, to *Station, wire *Wire, err error) {
	var ends [2]*Station
	var ports [2]*Port
	for i, addr := range []string{"192.0.2.1/24", "192.0.2.2/24"} {
		ports[i] = l.Port(PortConfig{Medium: phy.MediumEthernet, Queue: 1 << 20})
		c := StationConfig{Name: addr, Device: ports[i], Addrs: []netip.Prefix{netip.MustParsePrefix(addr)}}
		if i == 0 && b.Supers {
			c.Device = phy.SoftOffload(ports[i])
		}
		c.Iface = iface.Limits{BufferMemory: 1 << 30}
		if ends[i], err = l.Station(c); err != nil {
			return nil, nil, nil, err
		}
	}
	return ends[0], ends[1], l.Link(ports[0], ports[1], b.path(), b.path()), nil
}

// config is TCP's, with buffers that do not limit.
func (b Bottleneck) config() *tcp.Config {
	var c tcp.Config
	if b.TCP != nil {
		c = *b.TCP
	}
	if c.SendBuffer == 0 {
		c.SendBuffer = b.buffer()
	}
	if c.RecvBuffer == 0 {
		c.RecvBuffer = b.buffer()
	}
	return &c
}

// received gives what each flow's server has read so far.
func (l *Lab) received() (n []int64) {
	for _, f := range l.Flows {
		n = append(n, f.Server.Received)
	}
	return n
}

// anyEnded reports that an endpoint has given up.
func (l *Lab) anyEnded() bool {
	for _, f := range l.Flows {
		if f.Client.Done || f.Server.Done {
			return true
		}
	}
	return false
}
