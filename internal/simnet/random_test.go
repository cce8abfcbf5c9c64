package simnet

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
	"smoltls/tcp"
	"smoltls/tlssock"
)

// Any number of stations on any kind of network do anything to each other, and what must hold holds. -seeds 10000 asks
// for many.
func TestAnythingThatMayHappen(t *testing.T) {
	var kinds tlsKinds
	t.Run("seeds", func(t *testing.T) { // which run at the same time: this waits for them
		overSeeds(t, 2000, kinds.happen)
	})
	if *seedFlag == 0 && !t.Failed() {
		kinds.check(t)
	}
}

// happen lets a seed's story happen.
func (k *tlsKinds) happen(seed uint64, device wrap) error {
	a := &anything{Lab: NewLab(seed), device: device, kinds: k, due: make(map[*Flow]verdict)}
	a.rng = a.Rand()
	if err := a.happen(); err != nil {
		return fmt.Errorf("%w\n%s", err, a.story())
	}
	return nil
}

func (a *anything) happen() error {
	if err := a.build(); err != nil {
		return err
	}
	a.plan()
	if err := a.Finish(48 * time.Hour); err != nil {
		return err
	}
	a.kinds.add(a)
	return a.judge()
}

// anything is a lab that a seed has furnished.
type anything struct {
	*Lab
	rng     *rand.Rand
	device  wrap
	medium  phy.Medium
	mtu     int
	wires   []*Wire
	tls     []tlsEnds // of each station
	kinds   *tlsKinds
	due     map[*Flow]verdict // of those with TLS
	reboots int
	failed  error    // the first thing that could not even be begun
	log     []string // what was made, for whoever reads a failure
}

func (a *anything) chance(c float64) bool { return a.rng.Float64() < c }

// upTo draws a duration whose order of magnitude is random too.
func (a *anything) upTo(d time.Duration) time.Duration {
	return time.Duration(a.rng.Int64N(int64(d)+1)) >> a.rng.IntN(8)
}

func (a *anything) size(most int64) int64 { return a.rng.Int64N(most+1) >> a.rng.IntN(12) }

func pick[T any](rng *rand.Rand, list ...T) T { return list[rng.IntN(len(list))] }

func (a *anything) note(format string, args ...any) {
	a.log = append(a.log, fmt.Sprintf("%10v  ", a.Elapsed())+fmt.Sprintf(format, args...))
}

func (a *anything) story() (s string) {
	for _, line := range a.log {
		s += line + "\n"
	}
	return s
}

func (a *anything) path() Path {
	p := Path{
		Delay: a.upTo(150 * time.Millisecond), Jitter: a.upTo(10 * time.Millisecond),
		Rate:        pick[int64](a.rng, 0, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000),
		QueueFrames: pick(a.rng, 0, 0, 10, 50, 200), Refuse: a.chance(0.2),
	}
	if a.chance(0.5) {
		p.Loss, p.LossBurst = pick(a.rng, 0.001, 0.01, 0.03, 0.1), pick(a.rng, 1.0, 1, 1, 3)
		p.Corrupt, p.Duplicate = pick(a.rng, 0, 0, 0.01, 0.05), pick(a.rng, 0, 0, 0.01, 0.05)
		p.Echo = pick(a.rng, 0, 0, time.Second, time.Minute)
		p.Reorder, p.ReorderDelay = pick(a.rng, 0, 0, 0.01, 0.1), a.upTo(50*time.Millisecond)
	}
	return p
}

// leastTLSBuffer is the smallest receive buffer that a TLS record fits beside a window which is worth telling (RFC 9293
// §3.8.6.2.2).
const leastTLSBuffer = 33 << 10

func (a *anything) tcpConfig(overTLS bool) *tcp.Config {
	buffer := func() int { return pick(a.rng, 0, 0, 5000, 20_000, 32<<10, 100_000, 512<<10) }
	c := *patient
	c.SendBuffer, c.RecvBuffer = buffer(), buffer()
	if overTLS {
		c.SendBuffer, c.RecvBuffer = max(c.SendBuffer, 20_000), max(c.RecvBuffer, leastTLSBuffer)
	}
	c.Nagle, c.NoTimestamps, c.NoSACK, c.MaxOutOfOrder = a.chance(0.2), a.chance(0.2), a.chance(0.1), pick(a.rng, 0, 0, 0, 1, 4)
	c.Congestion, c.ECN = pick(a.rng, tcp.CUBIC, tcp.NewReno, tcp.BBR), pick(a.rng, tcp.ECNAccept, tcp.ECNRequest, tcp.ECNOff)
	c.MaxSendBuffer, c.MaxRecvBuffer = pick(a.rng, 0, 0, 1<<20), pick(a.rng, 0, 0, 1<<20)
	return &c
}

// build makes the stations and the network between them.
func (a *anything) build() (err error) {
	a.medium, a.mtu = phy.MediumEthernet, pick(a.rng, 1280, 1500, 1500, 9000)
	n := pick(a.rng, 2, 2, 2, 3, 4, 5)
	if n == 2 && a.chance(0.5) {
		a.medium = phy.MediumIP
	}
	var ports []*Port
	for range n {
		ports = append(ports, a.Port(PortConfig{Medium: a.medium, MTU: a.mtu}))
	}
	if n == 2 && (a.medium == phy.MediumIP || a.chance(0.7)) {
		there, back := a.path(), a.path()
		a.note("link, %v, MTU %d: %+v and back %+v", a.medium, a.mtu, there, back)
		a.wires = append(a.wires, a.Link(ports[0], ports[1], there, back))
	} else {
		a.plug(ports)
	}
	for i, p := range ports {
		if err := a.station(i, p); err != nil {
			return err
		}
	}
	return nil
}

// plug makes a switch for the ports, and one for a babbler now and then.
func (a *anything) plug(ports []*Port) {
	s := a.Switch(a.chance(0.2))
	near := s
	for i, p := range ports {
		if i == 2 && a.chance(0.3) {
			s = a.Switch(a.chance(0.2))
			there, back := a.path(), a.path()
			a.note("another switch, hub %v: %+v and back %+v", s.hub, there, back)
			a.wires = append(a.wires, near.Join(s, there, back))
		}
		up, down := a.path(), a.path()
		a.note("station %d on a switch, hub %v, MTU %d: up %+v, down %+v", i, s.hub, a.mtu, up, down)
		a.wires = append(a.wires, s.Plug(p, up, down))
	}
	if a.chance(0.3) {
		a.note("somebody babbles")
		p := a.Port(PortConfig{MTU: a.mtu})
		s.Plug(p, Path{}, Path{})
		a.Add(newBabbler(a.World, p, 11*time.Second, len(ports)))
	}
}

func (a *anything) station(i int, p *Port) error {
	c := StationConfig{
		Name: fmt.Sprintf("s%d", i), Set: patientSet, Budget: set.Budget{Frames: pick(a.rng, 0, 0, 1, 10)},
		Addrs: []netip.Prefix{netip.PrefixFrom(address(i, false), 24), netip.PrefixFrom(address(i, true), 64)},
	}
	c.Device = a.device(c.Name, p)
	if a.chance(0.2) {
		c.Iface.BufferMemory = 2 << 20
	}
	s, err := a.Station(c)
	if err != nil {
		return err
	}
	ends, err := a.furnishTLS()
	if err != nil {
		return err
	}
	a.tls = append(a.tls, ends)
	for k, config := range []*tlssock.Config{nil, ends.server} {
		port := [...]uint16{80, 443}[k]
		lc := tcp.ListenConfig{
			SYNTimeout: time.Hour, SYNQueue: pick(a.rng, 0, 1, 3, -1), AcceptQueue: pick(a.rng, 0, 1, 3), Config: a.tcpConfig(config != nil),
			NoSYNCookies: a.chance(0.3),
		}
		a.note("%s: %+v, port %d: %s", c.Name, c.Budget, port, tellConfig(lc.Config))
		if lc.NoSYNCookies {
			lc.SYNQueue = max(lc.SYNQueue, 0)
		}
		if _, err := s.Listen(port, config, lc); err != nil {
			return err
		}
	}
	return nil
}

func tellConfig(c *tcp.Config) string {
	return fmt.Sprintf("%v, ECN %d, buffers %d to %d and %d to %d, Nagle %v, no timestamps %v, no SACK %v, gaps %d", c.Congestion, c.ECN, c.SendBuffer, c.MaxSendBuffer, c.RecvBuffer, c.MaxRecvBuffer, c.Nagle, c.NoTimestamps,
		c.NoSACK, c.MaxOutOfOrder)
}

func address(i int, v6 bool) netip.Addr {
	if v6 {
		return netip.MustParseAddr(fmt.Sprintf("2001:db8::%d", i+1))
	}
	return netip.MustParseAddr(fmt.Sprintf("192.0.2.%d", i+1))
}

// plan says what will happen when.
func (a *anything) plan() {
	for range 1 + a.rng.IntN(8) {
		a.After(a.upTo(10*time.Second), a.openOne)
	}
	if a.chance(0.2) {
		w := pick(a.rng, a.wires...)
		start := a.upTo(10 * time.Second)
		a.After(start, func() { a.note("cut"); w.Cut(true) })
		a.After(start+a.upTo(2*time.Minute), func() { a.note("mended"); w.Cut(false) })
	}
	if a.chance(0.2) {
		server := pick(a.rng, a.tls...).server
		a.After(a.upTo(10*time.Second), func() { a.rotate(server) })
	}
	if a.chance(0.15) {
		s := pick(a.rng, a.Stations...)
		a.reboots++
		a.After(a.upTo(10*time.Second), func() {
			a.note("%s reboots", s.c.Name)
			a.failed = errors.Join(a.failed, s.Reboot())
		})
	}
	// Something to wait for until the last of them has begun.
	a.open++
	a.After(11*time.Second, func() { a.open-- })
}

func (a *anything) openOne() {
	from := a.rng.IntN(len(a.Stations))
	to := (from + 1 + a.rng.IntN(len(a.Stations)-1)) % len(a.Stations)
	overTLS := a.chance(0.4)
	c := FlowConfig{To: netip.AddrPortFrom(address(to, a.chance(0.5)), 80), TCP: a.tcpConfig(overTLS)}
	for i := range c.Habits {
		c.Habits[i] = Habits{Chunk: pick(a.rng, 0, 10, 3000, 20_000), ZeroCopy: a.chance(0.3)}
	}
	if overTLS {
		c.To, c.TLS = netip.AddrPortFrom(c.To.Addr(), 443), a.tls[from].client
		a.tlsHabits(&c.Habits, c.TLS)
	}
	c.Client, c.Server = a.scripts(&c)
	a.note("flow %d: s%d to %v, %s, habits %v, client %v, server %v", len(a.Flows), from, c.To, tellConfig(c.TCP), c.Habits, c.Client, c.Server)
	f, err := a.Open(a.Stations[from], c)
	switch {
	case err != nil:
		a.failed = errors.Join(a.failed, err)
	case overTLS:
		a.due[f] = a.kinds.expect(a.tls[from], a.tls[to])
	}
}

// scripts draws what the ends do. Small chunks mean small amounts.
func (a *anything) scripts(c *FlowConfig) (client, server Script) {
	most := int64(300_000)
	if c.Habits[0].Chunk == 10 || c.Habits[1].Chunk == 10 {
		most = 5000
	}
	n, m := a.size(most), a.size(most)
	switch a.rng.IntN(7) {
	case 0:
		return Exchange(n), Exchange(m)
	case 1: // a slow reader
		pieces := 1 + a.rng.Int64N(5)
		slow := Repeat(int(pieces), Step{Read: n / pieces}, Step{Pause: a.upTo(time.Minute)})
		return Exchange(n), append(slow, Step{Write: m, Read: ToEOF, CloseWrite: true})
	case 2: // requests and responses
		rounds := 1 + a.rng.IntN(10)
		n, m = n/10, m/10
		return Repeat(rounds, Step{Write: n}, Step{Read: m}), Repeat(rounds, Step{Read: n}, Step{Write: m})
	case 3: // half-closed
		return Script{{Write: n, CloseWrite: true}, {Read: ToEOF}}, Script{{Read: ToEOF}, {Pause: a.upTo(time.Minute)}, {Write: m}}
	case 4: // the server says what it has to and goes
		return Script{{Read: ToEOF}}, Script{{Write: m}}
	case 5: // the client does, after a silence
		return Script{{Pause: a.upTo(10 * time.Minute)}, {Write: n}}, Script{{Read: ToEOF}}
	}
	return Script{{Write: n, Read: m / 2, Abort: true}}, Exchange(m)
}

// judge says what went wrong. A flow may fail when its own script resets it, when a station forgot it, or when it never
// got through to its neighbour.
func (a *anything) judge() error {
	if a.failed != nil {
		return a.failed
	}
	for _, f := range a.Flows {
		c := f.Client
		unreached := !c.begun && errors.Is(c.Err, tcp.ErrUnreachable) && a.medium == phy.MediumEthernet
		if c.Aborted || a.reboots > 0 || unreached {
			if !c.Done || f.Server.st != nil && !f.Server.Done {
				return fmt.Errorf("simnet: not ended:\n\t%v\n\t%v", c, f.Server)
			}
			continue
		}
		if a.cookieLost(f) {
			continue
		}
		if v := a.due[f]; v != accepted {
			if err := judgeVerdict(f, v); err != nil {
				return err
			}
			continue
		}
		if err := f.Intact(); err != nil {
			return err
		}
	}
	return nil
}

// cookieLost tells of a client whose ACK with a cookie was lost, and that said nothing more until that was too old: the
// price of keeping nothing (RFC 4987 §3.6). Nobody knew of its connection, and it hears so, if it still listens.
func (a *anything) cookieLost(f *Flow) bool {
	if f.Server.st != nil || f.Client.Err != nil && !errors.Is(f.Client.Err, tcp.ErrReset) {
		return false
	}
	for _, s := range a.Stations {
		if s.Iface.Stats().TCP.SYNCookies > 0 {
			return true
		}
	}
	return false
}

// What a seed may draw has limits, and this keeps the connection code honest: interfaces refuse what they can't reach.
func TestAFlowToNowhereIsRefusedAtOnce(t *testing.T) {
	p, err := newPairLab(1, pairConfig{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.begin(false, netip.MustParseAddr("198.51.100.1"), nil, Exchange(1), Exchange(1)); !errors.Is(err, iface.ErrNoRoute) {
		t.Error(err)
	}
	if len(p.Flows) != 0 || p.open != 0 {
		t.Error("a flow was begun")
	}
}
