package iface

import (
	"net"
	"net/netip"
	"os"
	"testing"
	"time"

	"smoltls/internal/nstest"
	"smoltls/phy"
	"smoltls/tcp"
)

// markingDevice is a router that marks, in both directions, some of the IP packets that may be marked (RFC 3168 §5).
type markingDevice struct {
	phy.Device
	out         []byte // the packet that is being built
	in, through int    // packets that could be marked, received and sent
}

const markEvery = 40

// mark marks every so many packets, n of which could be marked before.
func (r *markingDevice) mark(packet []byte, n *int) {
	traffic := packet[1]
	if packet[0]>>4 == 6 {
		traffic = packet[0]<<4 | packet[1]>>4
	}
	if traffic&3 == 0 {
		return
	}
	if *n++; *n%markEvery == 0 {
		remark(packet, 0, traffic|ecnCE)
	}
}

func (r *markingDevice) Receive(now time.Time) ([]byte, error) {
	f, err := r.Device.Receive(now)
	if len(f) >= ipv4HeaderLen {
		r.mark(f, &r.in)
	}
	return f, err
}

func (r *markingDevice) Buffer(n int) []byte {
	r.out = r.Device.Buffer(n)
	return r.out
}

func (r *markingDevice) Send(now time.Time, n int) error {
	r.mark(r.out[:n], &r.through)
	return r.Device.Send(now, n)
}

// TestKernelAndWeTellEachOtherOfMarks: the kernel asks for ECN, and a router between us marks packets both ways: each
// end answers to what the other tells, and nothing is sent again.
func TestKernelAndWeTellEachOtherOfMarks(t *testing.T) {
	dev, ns := nstest.TUN(t, netip.MustParsePrefix("192.0.2.1/24"), netip.MustParsePrefix("2001:db8::1/64"))
	if err := ns.Do(func() error { return os.WriteFile("/proc/sys/net/ipv4/tcp_ecn", []byte("1"), 0) }); err != nil {
		t.Fatal(err)
	}
	r := &markingDevice{Device: dev}
	st := newStation(t, r, "192.0.2.2/24", "2001:db8::2/64")
	stop := serveEcho(t, st, dev, tcp.ListenConfig{})
	for _, addr := range []string{"192.0.2.2", "2001:db8::2"} {
		if err := ns.Do(func() error { return echoThrough(net.JoinHostPort(addr, "7")) }); err != nil {
			t.Errorf("%s: %v", addr, err)
		}
	}
	stop()
	s := st.Stats().TCP
	if r.in < 100 || r.through < 100 {
		t.Errorf("%d packets from the kernel and %d of ours could be marked", r.in, r.through)
	}
	if s.CEMarks == 0 || s.ECNReductions == 0 || s.ECNReductions > uint64(r.through/markEvery) {
		t.Errorf("%d marks seen, %d reductions after %d of ours could be marked", s.CEMarks, s.ECNReductions, r.through)
	}
	if s.Timeouts > 0 {
		t.Errorf("%d timeouts", s.Timeouts)
	}
}
