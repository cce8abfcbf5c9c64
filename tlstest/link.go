package tlstest

import (
	"sync"
	"sync/atomic"
	"time"

	"smoltls/iface"
	"smoltls/netconn"
	"smoltls/phy"
	"smoltls/set"
	"smoltls/tlssock"
)

// Link is what lies between the two ends of a [Network]. The test says what becomes of the frames, and can change it at
// any time, from any goroutine. It also is the man in the middle: he cannot read, but he can change, end, record and
// repeat.
type Link struct {
	runner *netconn.Runner
	middle *middle
	faults atomic.Pointer[phy.FaultDevice]
}

func newLink(dev phy.Device, faults phy.FaultConfig) *Link {
	l := &Link{middle: &middle{Device: dev}}
	l.faults.Store(phy.Fault(l.middle, faults))
	return l
}

// SetFaults sets what becomes of frames from now on: Out is from the client to the server, In the other way. The zero
// value leaves them alone. Those that are under way are lost.
func (l *Link) SetFaults(c phy.FaultConfig) {
	l.faults.Swap(phy.Fault(l.middle, c)).Wake()
	l.runner.Wake()
}

// Stats counts what was done since the last SetFaults.
func (l *Link) Stats() (s phy.FaultStats) {
	l.runner.Do(func(*iface.Interface, *set.TCPSocketSet, *set.TLSSocketSet) { s = l.faults.Load().Stats() })
	return s
}

// Cut loses everything, in both directions, until it is called with false.
func (l *Link) Cut(cut bool) { l.order(func(m *middle) { m.cut = cut }) }

// TamperNext changes a bit of the last byte of the next data that from sends, and sets TCP's checksum right. With TLS
// this is a byte of the last record's tag in most cases.
func (l *Link) TamperNext(from tlssock.Role) {
	l.order(func(m *middle) { m.ways[from].tamper = true })
}

// Truncate ends TCP's stream from now on in from's name: what it sends next is taken away, and FIN put in its place. To
// the receiver it looks like a stream that ends between two records.
func (l *Link) Truncate(from tlssock.Role) {
	l.order(func(m *middle) { m.ways[from].truncate = true })
}

// MaxRecording is how many bytes the Link remembers of each direction.
const MaxRecording = 1 << 20

// Record begins to remember the data that from sends, as it stands in TCP's segments, repetitions included.
func (l *Link) Record(from tlssock.Role) {
	l.order(func(m *middle) { m.ways[from].recording, m.ways[from].record = true, nil })
}

// Recording gives what was remembered since Record.
func (l *Link) Recording(from tlssock.Role) (data []byte) {
	l.order(func(m *middle) { data = append(data, m.ways[from].record...) })
	return data
}

func (l *Link) order(f func(*middle)) {
	l.middle.mu.Lock()
	defer l.middle.mu.Unlock()
	f(l.middle)
}

// device is the client's end of the link.
func (l *Link) device() phy.Device { return &linkDevice{l} }

// linkDevice is whatever the faults are at the moment. Between a Buffer and its Send they are the same: both belong to
// a poll, and a Send whose Buffer is gone loses one frame.
type linkDevice struct{ l *Link }

func (d *linkDevice) now() *phy.FaultDevice { return d.l.faults.Load() }

// Medium implements phy.Device.
func (d *linkDevice) Medium() phy.Medium { return d.now().Medium() }

// MTU implements phy.Device.
func (d *linkDevice) MTU() int { return d.now().MTU() }

// Receive implements phy.Device.
func (d *linkDevice) Receive(now time.Time) ([]byte, error) { return d.now().Receive(now) }

// Buffer implements phy.Device.
func (d *linkDevice) Buffer(n int) []byte { return d.now().Buffer(n) }

// Send implements phy.Device.
func (d *linkDevice) Send(now time.Time, n int) error {
	err := d.now().Send(now, n)
	if err == phy.ErrNoBuffer { // the faults were changed since Buffer
		return nil
	}
	return err
}

// PollAt implements phy.Device.
func (d *linkDevice) PollAt() time.Time { return d.now().PollAt() }

// Wait implements phy.Device.
func (d *linkDevice) Wait(until time.Time) error { return d.now().Wait(until) }

// Wake implements phy.Waker.
func (d *linkDevice) Wake() { d.now().Wake() }

// Close implements phy.Device.
func (d *linkDevice) Close() error { return d.now().Close() }

// middle sits on the wire.
type middle struct {
	phy.Device
	mu   sync.Mutex
	cut  bool
	ways [2]way // by who sends
	out  []byte // the frame that is being sent
}

// Receive implements phy.Device.
func (m *middle) Receive(now time.Time) ([]byte, error) {
	for {
		frame, err := m.Device.Receive(now)
		if frame == nil || err != nil {
			return frame, err
		}
		if frame = m.pass(tlssock.RoleServer, frame); frame != nil {
			return frame, nil
		}
	}
}

// Buffer implements phy.Device.
func (m *middle) Buffer(n int) []byte {
	m.out = m.Device.Buffer(n)
	return m.out
}

// Send implements phy.Device.
func (m *middle) Send(now time.Time, n int) error {
	if n < 1 || n > len(m.out) {
		return m.Device.Send(now, n) // which says what is wrong
	}
	frame := m.pass(tlssock.RoleClient, m.out[:n])
	m.out = nil
	if frame == nil {
		return nil
	}
	return m.Device.Send(now, len(frame))
}

// Wake implements phy.Waker.
func (m *middle) Wake() { m.Device.(phy.Waker).Wake() }

// pass gives what becomes of a frame, which it may change; nil: it is lost.
func (m *middle) pass(from tlssock.Role, frame []byte) []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.cut {
		return nil
	}
	s, ok := parseSegment(frame)
	if !ok {
		return frame
	}
	return m.ways[from].pass(frame, s)
}
