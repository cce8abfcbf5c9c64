package iface

import (
	"math/rand/v2"
	"net/netip"
	"runtime"
	"testing"
	"time"

	"smoltls/internal/flood"
	"smoltls/phy"
	"smoltls/tcp"
)

// mixed is a device behind which somebody floods: of the frames that come, every other one is the flood's.
type mixed struct {
	phy.Device
	flood   func() []byte // nil: nobody does
	turn    bool
	in, out int // frames of the others, and our own, since they were last looked at
	floods  int
}

func (m *mixed) Receive(now time.Time) ([]byte, error) {
	if m.turn = !m.turn; m.turn && m.flood != nil {
		m.floods++
		return m.flood(), nil
	}
	f, err := m.Device.Receive(now)
	if f != nil {
		m.in++
	} else if m.flood != nil && err == nil { // the flood alone
		m.floods++
		return m.flood(), nil
	}
	return f, err
}

func (m *mixed) Send(now time.Time, n int) error {
	m.out++
	return m.Device.Send(now, n)
}

// flooded is a pair whose first station configures itself, has a connection to the second and a listener, and can be
// flooded.
type flooded struct {
	*pair
	dev            *mixed
	client, server *Conn
	target         *flood.Target
}

const framesATick = 64 // that the flooded station takes, whoever they are from

func newFlooded(t testing.TB) *flooded {
	da, db := phy.NewPipe(phy.PipeConfig{})
	m := &mixed{Device: da}
	i, err := New(Config{
		Device: m, Rand: zeroRand{3}, Autoconf: true, DADTransmits: -1, HardwareAddr: ourMAC,
		Addrs: []netip.Prefix{netip.PrefixFrom(our4, 24), netip.PrefixFrom(our6, 64), netip.MustParsePrefix("fe80::a/64")},
	})
	if err != nil {
		t.Fatal(err)
	}
	f := &flooded{pair: &pair{t, start, &station{i, make(map[*Conn]int)}, newStation(t, db, "192.0.2.2/24", "fe80::1/64")}, dev: m}
	f.client, f.server = f.connect("192.0.2.2:80", bigBuffers)
	l := &Listener{}
	if err := f.a.Listen(l, netip.MustParseAddrPort("[::]:81"), tcp.ListenConfig{}, func() (*Conn, Owner) { return &Conn{}, f.a }); err != nil {
		t.Fatal(err)
	}
	r := &rig{station: f.a, t: t, now: f.now, wire: db}
	r.advertiseRouter(router1, adv{lifetime: 9000, flags: 1 << 3})
	f.poll()
	f.target = &flood.Target{
		MAC: ourMAC, IPv4: our4, IPv6: our6, Router: router1, Listening: 81, Local: f.client.LocalAddr(), Remote: f.client.RemoteAddr(), Rand: rand.New(rand.NewPCG(1, 2)),
	}
	return f
}

// run gives how many bytes the flooded station gets through, in the direction given, in so many ticks of a millisecond.
// In each tick it takes framesATick frames and sends as many: a flood that makes it do more than that has its way.
func (f *flooded) run(ticks int, upwards bool) (bytes int) {
	from, to := f.server, f.client
	if upwards {
		from, to = f.client, f.server
	}
	data := make([]byte, 64<<10)
	for range ticks {
		from.TryWrite(data)
		f.a.Ingress(f.now, framesATick)
		f.a.Egress(f.now, framesATick)
		f.b.Ingress(f.now, framesATick)
		f.b.Egress(f.now, framesATick)
		n, _ := to.Discard(1 << 30)
		bytes += n
		f.now = f.now.Add(time.Millisecond)
	}
	return bytes
}

// reasons are what most frames of a flood are counted under, besides DropNone.
var reasons = map[string][]DropReason{
	"random bytes": {DropUnknownProtocol, DropMalformed}, "random bytes behind a good IP header": {DropChecksum, DropMalformed, DropExtensionHeader, DropNoPort, DropUnknownProtocol, DropHopLimit},
	"fragments of IPv4": {DropNone, DropFragmentMemory}, "fragments of IPv6": {DropNone, DropFragmentMemory}, "overlapping fragments": {DropNone, DropFragmentOverlap},
	"ARP requests": {DropNone}, "ARP replies": {DropNone}, "neighbour solicitations": {DropNone}, "neighbour advertisements": {DropNotForUs},
	"router advertisements": {DropNone, DropAutoconfFull}, "redirects": {DropNone, DropRedirect}, "echo requests": {DropNone, DropRateLimited},
	"datagrams for nobody": {DropNoPort}, "SYNs for nobody": {DropNoPort}, "SYNs for a listener": {DropNone, DropListenerFull}, "ICMP errors": {DropNoPort, DropMalformed},
	"tiny segments of the connection": {DropNone}, "resets of the connection": {DropNone},
}

// TestFloods: whatever comes, a connection keeps half of its speed or better, in both directions; memory stays within
// its bounds, and counters tell why.
func TestFloods(t *testing.T) {
	const ticks = 400
	calm := map[bool]int{}
	for _, up := range []bool{false, true} {
		f := newFlooded(t)
		f.run(100, up)
		calm[up] = f.run(ticks, up)
	}
	for _, kind := range flood.Kinds {
		t.Run(kind.Name, func(t *testing.T) {
			for _, up := range []bool{false, true} {
				f := newFlooded(t)
				f.run(100, up)
				f.dev.flood = func() []byte { return kind.Frame(f.target) }
				before := f.a.Stats()
				got := f.run(ticks, up)
				t.Logf("upwards %t: %d %% of the calm speed", up, 100*got/calm[up])
				if got < calm[up]/2 {
					t.Errorf("upwards %t: %d kB, %d when it is calm; %+v", up, got>>10, calm[up]>>10, f.client.Info())
				}
				if f.client.Err() != nil || f.server.Err() != nil {
					t.Fatalf("%v, %v", f.client.Err(), f.server.Err())
				}
				f.counted(t, &before, reasons[kind.Name])
				f.bounded(t)
			}
		})
	}
}

// counted checks that nearly all of the flood was counted under the reasons given.
func (f *flooded) counted(t *testing.T, before *Stats, why []DropReason) {
	t.Helper()
	after := f.a.Stats()
	if after.FramesIn != after.Delivered+sum(after.Drops[:])-after.Drops[DropReassemblyTime] {
		t.Errorf("%d frames in, %d delivered, %d dropped", after.FramesIn, after.Delivered, sum(after.Drops[:]))
	}
	n := uint64(0)
	for _, r := range why {
		if r == DropNone {
			n += after.Delivered - before.Delivered - uint64(f.dev.in)
		} else {
			n += after.Drops[r] - before.Drops[r]
		}
	}
	if int(n) < f.dev.floods*95/100-f.dev.in {
		t.Errorf("%d of %d frames counted under %v: %v", n, f.dev.floods, why, after.Drops)
	}
}

// bounded checks every bound that a stranger may press against.
func (f *flooded) bounded(t *testing.T) {
	t.Helper()
	a, l := f.a.Interface, &f.a.limits
	for name, c := range map[string][2]int{
		"neighbours": {len(a.neighbors.m), l.Neighbors}, "neighbours asked for": {len(a.neighbors.asking), l.Resolving}, "datagrams in pieces": {len(a.reassembler.m), l.Reassembling},
		"bytes of fragments": {a.reassembler.used, l.ReassemblyMemory}, "paths": {len(a.paths), l.Paths}, "routers": {len(a.routers), l.Routers}, "networks": {len(a.onLink), l.Prefixes},
		"addresses": {len(a.addrs), 3 + l.AutoAddrs}, "redirects": {len(a.redirects), l.Redirects}, "groups": {len(a.groups), 3 + l.AutoAddrs}, "dead routers": {len(a.deadRouters), l.Routers},
		"connections": {len(a.conns), 1 + tcp.DefaultSYNQueue}, "routes": {len(a.routes), 5 + l.Routers + l.Prefixes},
	} {
		if c[0] > c[1] {
			t.Errorf("%d %s, bound %d", c[0], name, c[1])
		}
	}
}

// TestAFloodOfEverythingHoldsNoMemory: a hundred thousand frames of all kinds, and what the program holds afterwards.
func TestAFloodOfEverythingHoldsNoMemory(t *testing.T) {
	f := newFlooded(t)
	f.run(200, true)
	held := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	round := func() uint64 {
		for k := range 50_000 {
			f.dev.flood = func() []byte { return flood.Kinds[k%len(flood.Kinds)].Frame(f.target) }
			f.a.Ingress(f.now, 1)
			if k%framesATick == 0 {
				f.run(1, true)
			}
		}
		return held()
	}
	first, second := round(), round() // the first fills what there is to fill
	if second > first+1<<20 {
		t.Errorf("%d kB after the first half, %d kB after the second", first>>10, second>>10)
	}
	f.bounded(t)
}

// BenchmarkFlood is what a frame of each kind costs, beside a segment of a connection
// (BenchmarkSegmentAmongIdleConnections).
func BenchmarkFlood(b *testing.B) {
	for _, kind := range flood.Kinds {
		b.Run(kind.Name, func(b *testing.B) {
			f := newFlooded(b)
			frames := make([][]byte, 4096)
			for k := range frames {
				frames[k] = kind.Frame(f.target)
			}
			k := 0
			f.dev.flood = func() []byte {
				k++
				return append([]byte(nil), frames[k%len(frames)]...)
			}
			b.ReportAllocs()
			b.ResetTimer()
			for n := 0; n < b.N; n += framesATick {
				f.a.Ingress(f.now, framesATick)
				f.a.Egress(f.now, framesATick)
				for g, _ := f.b.dev.Receive(f.now); g != nil; g, _ = f.b.dev.Receive(f.now) {
				}
				f.now = f.now.Add(10 * time.Microsecond)
			}
		})
	}
}
