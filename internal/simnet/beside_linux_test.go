package simnet

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/netip"
	"os"
	"regexp"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"smoltls/internal/nstest"
	"smoltls/phy"

	"golang.org/x/sys/unix"
)

var (
	besideFlag   = flag.Bool("beside", false, "measure beside the kernel, in real time: takes most of an hour for all cells")
	runsFlag     = flag.Int("runs", 5, "with -beside: runs of each cell, of which the median counts")
	cellsFlag    = flag.String("cells", "", "with -beside: only cells whose name, such as \"5ms 0.25 1%\", this regular expression matches")
	togetherFlag = flag.Float64("together", 1, "with -beside: cells whose loads add up to so many full links are measured at the same time, each on devices of its own")
)

// TestBesideTheKernel measures goodput between two network namespaces whose TAP devices a link of this package joins,
// in real time: from kernel to kernel, by CUBIC, and with this module's stack in the place of either kernel. It judges
// nothing: figures depend on what else the machine does. It needs root. Where others need the processor, too, compile
// the test (go test -c) and run it by chrt -r 20.
//
//	go test ./internal/simnet -run BesideTheKernel -beside -v -timeout 0
//	go test ./internal/simnet -run BesideTheKernel -beside -v -runs 1 -cells '^5ms 1 '
func TestBesideTheKernel(t *testing.T) {
	only, err := regexp.Compile(*cellsFlag)
	if err != nil {
		t.Fatal(err)
	}
	if *besideFlag {
		measureBeside(t, slices.DeleteFunc(besideCells(), func(c besideCell) bool { return !only.MatchString(c.name()) }))
		return
	}
	k := newKernels(t)
	for way := range ways { // that it works is tested all the same
		b := Bottleneck{Rate: 20_000_000, Delay: time.Millisecond, Queue: 4, Ramp: 100 * time.Millisecond, Length: 200 * time.Millisecond}
		if share, err := k.measure(way, b, 1); err != nil || share <= 0 {
			t.Errorf("%s: nothing came through: %v", ways[way], err)
		}
	}
}

// measureBeside measures cells, and prints each as soon as it is done. Those that take little of a core run beside
// others, which begin after them.
func measureBeside(t *testing.T, cells []besideCell) {
	type result struct {
		cell   besideCell
		shares besideShares
		err    error
	}
	results := make(chan result)
	load, running := 0.0, 0
	wait := func() {
		r := <-results
		load, running = load-r.cell.load(), running-1
		if r.err != nil {
			t.Errorf("%s: %v", r.cell.name(), r.err)
			return
		}
		line := r.shares.line(r.cell.name())
		t.Logf("%s   %.2f", line, r.shares)
		if *updateFlag {
			if err := besideUpdate(r.cell.name(), line); err != nil {
				t.Error(err)
			}
		}
	}
	t.Log(besideHead)
	slices.SortStableFunc(cells, func(a, b besideCell) int { return cmp.Compare(a.load(), b.load()) })
	for _, c := range cells {
		for running > 0 && load+c.load() > *togetherFlag {
			wait()
		}
		load, running = load+c.load(), running+1
		k := newKernels(t)
		go func() {
			s, err := k.runs(c)
			results <- result{c, s, err}
		}()
	}
	for running > 0 {
		wait()
	}
}

// runs measures one cell, the ways by turns, so that what else the machine does hits all of them.
func (k *kernels) runs(c besideCell) (s besideShares, err error) {
	for run := range *runsFlag {
		for way := range ways {
			share, err := k.measure(way, c.bottleneck(), c.seed()+uint64(run))
			if err != nil {
				return s, fmt.Errorf("%s: %w", ways[way], err)
			}
			s[way] = append(s[way], 100*share)
		}
	}
	return s, nil
}

// kernels are two namespaces, and the stack of this module has an address in the same network.
type kernels struct {
	devs  [2]*phy.TunTap
	ns    [2]*nstest.NetNS
	port  uint16
	under atomic.Int64 // bytes that a kernel has received
}

var (
	kernelAddrs = [2]netip.Addr{netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")}
	ourAddr     = netip.MustParsePrefix("192.0.2.3/24")
)

func newKernels(t *testing.T) *kernels {
	t.Helper()
	k := &kernels{port: 1000}
	for i, addr := range kernelAddrs {
		k.devs[i], k.ns[i] = nstest.TAP(t, netip.PrefixFrom(addr, 24))
		if err := k.ns[i].Do(generous); err != nil {
			t.Fatal(err)
		}
	}
	return k
}

// generous lets the kernel have the buffers that our own stack has.
func generous() error {
	for name, value := range map[string]string{"tcp_no_metrics_save": "1", "tcp_rmem": "4096 131072 134217728", "tcp_wmem": "4096 16384 134217728"} {
		if err := os.WriteFile("/proc/sys/net/ipv4/"+name, []byte(value), 0); err != nil {
			return err
		}
	}
	return nil
}

// byCUBIC makes a connection of the kernel use that, whatever the system prefers.
func byCUBIC(c net.Conn) (err error) {
	raw, err := c.(*net.TCPConn).SyscallConn()
	if err != nil {
		return err
	}
	failed := raw.Control(func(fd uintptr) { err = unix.SetsockoptString(int(fd), unix.IPPROTO_TCP, unix.TCP_CONGESTION, "cubic") })
	return errors.Join(failed, err)
}

// measure lets one connection send as much as it can, and gives the share of the link that was used.
func (k *kernels) measure(way int, b Bottleneck, seed uint64) (float64, error) {
	for _, dev := range k.devs { // of the connections before
		for f, err := dev.Receive(time.Time{}); len(f) > 0 && err == nil; f, err = dev.Receive(time.Time{}) {
		}
	}
	k.port++
	k.under.Store(0)
	l := NewLab(seed)
	far := l.Bridge(k.devs[1])
	listener, err := k.listen(way)
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	received := k.under.Load
	if way == kernelToKernel {
		l.Link(l.Bridge(k.devs[0]), far, b.path(), b.path())
		defer k.dial()()
	} else {
		f, err := k.join(l, far, way, b)
		if err != nil {
			return 0, err
		}
		if way == kernelToOurs {
			received = func() int64 { return f.Client.Received }
		}
	}
	return k.count(l, b, received)
}

// count waits for the first byte, for the ramp, and counts from there on.
func (k *kernels) count(l *Lab, b Bottleneck, received func() int64) (float64, error) {
	var begun, until time.Duration
	var before, after int64
	err := l.Live(time.Minute+b.Ramp+b.Length, func() bool {
		now := l.Elapsed()
		switch {
		case until > 0 && now >= until:
			after = received()
			return true
		case begun > 0 && until == 0 && now >= begun+b.Ramp:
			before, until = received(), now+b.Length
		case begun == 0 && received() > 0:
			begun = now
		}
		return l.anyEnded()
	})
	if err == nil && after == 0 {
		err = l.fail(ErrLate)
	}
	return float64(after-before) / b.full(b.Length), err
}

// join puts this module's stack in the place of the first kernel; it connects.
func (k *kernels) join(l *Lab, far *Bridge, way int, b Bottleneck) (*Flow, error) {
	p := l.Port(PortConfig{Medium: phy.MediumEthernet, Queue: 1 << 20})
	c := StationConfig{Name: "ours", Device: p, Addrs: []netip.Prefix{ourAddr}}
	c.Iface.BufferMemory = 1 << 30
	s, err := l.Station(c)
	if err != nil {
		return nil, err
	}
	l.Link(p, far, b.path(), b.path())
	script := Script{{Write: 1 << 50}}
	if way == kernelToOurs {
		script = Script{{Read: ToEOF}}
	}
	return l.Open(s, FlowConfig{To: netip.AddrPortFrom(kernelAddrs[1], k.port), TCP: b.config(), Client: script, Habits: [2]Habits{{ZeroCopy: true}}})
}

// listen lets the second kernel take one connection, and read all that comes, or write.
func (k *kernels) listen(way int) (l net.Listener, err error) {
	err = k.ns[1].Do(func() (err error) {
		l, err = net.Listen("tcp", netip.AddrPortFrom(kernelAddrs[1], k.port).String())
		return err
	})
	if err != nil {
		return nil, err
	}
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer forget(c)
		if way == kernelToOurs {
			feed(c)
			return
		}
		buf := make([]byte, 256<<10)
		for {
			n, err := c.Read(buf)
			k.under.Add(int64(n))
			if err != nil {
				return
			}
		}
	}()
	return l, nil
}

// dial lets the first kernel connect and write; the function that it gives ends that.
func (k *kernels) dial() (end func()) {
	conns := make(chan net.Conn, 1)
	go func() {
		var c net.Conn
		err := k.ns[0].Do(func() (err error) {
			c, err = net.DialTimeout("tcp", netip.AddrPortFrom(kernelAddrs[1], k.port).String(), time.Minute)
			return err
		})
		conns <- c
		if err == nil {
			feed(c)
		}
	}()
	return func() {
		if c := <-conns; c != nil {
			forget(c)
		}
	}
}

// feed writes the stream that the client of a lab's first flow expects, by CUBIC, until the connection ends.
func feed(c net.Conn) {
	if byCUBIC(c) != nil {
		return // nothing comes through, and the measurement fails
	}
	s, buf, at := NewStream(1), make([]byte, 64<<10), int64(0)
	for {
		s.Fill(buf, at)
		n, err := c.Write(buf)
		at += int64(n)
		if err != nil {
			return
		}
	}
}

// forget ends a connection without waiting for anybody.
func forget(c net.Conn) {
	c.(*net.TCPConn).SetLinger(0)
	c.Close()
}
