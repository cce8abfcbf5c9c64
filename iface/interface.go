package iface

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net/netip"
	"slices"
	"time"

	"smoltls/internal/bufpool"
	"smoltls/phy"
	"smoltls/tcp"
)

// Interface is one device with addresses, and all connections on it.
type Interface struct {
	dev    phy.Device
	ether  bool // the device carries Ethernet frames
	hdrLen int  // bytes before the IP header
	mtu    int
	vlan   uint16 // the tag's second half: priority and VLAN; 0: no tag
	hw     [6]byte
	addrs  []*address
	ours   []netip.Addr // those of them that are in use
	routes routeTable
	limits Limits

	broadcasts [][4]byte      // of our networks
	secret     [32]byte       // of sequence numbers
	rng        *mathrand.Rand // of ports
	flows      flows

	env       tcp.Env
	conns     map[tuple]*Conn
	last      *Conn // whose segment came last: bulk transfers find it without the map
	next      prediction
	ports     portRange
	listeners map[netip.AddrPort]*Listener
	awake     connList  // connections with something to send, or a deadline that moved
	timers    deadlines // the others
	blocked   bool      // the device took no frame

	answerCredit int // frames that connections have sent, and strangers have had no answers for

	offload  phy.Offloader // nil: the device has none
	offloads phy.Offload
	batch    *batch        // nil: the device has none
	info     phy.FrameInfo // of the frame that is being taken
	super    tcp.Super     // that is being sent

	udp     map[netip.AddrPort]*UDPSocket
	seekers int // of them, those opened by OpenSeekerUDP
	pings   map[uint16]*PingSocket
	raws    map[RawKind]*RawSocket
	senders senderList // sockets for datagrams that have something to send
	whole   []byte     // a packet for a raw socket
	loop    loopback

	addrEvent      func(AddrEvent)
	dadTransmits   int
	stableSecret   []byte
	stableName     string
	temporaryAddrs bool
	autoconf       bool // what follows is in use
	configured     routeTable
	added          []Route // by AddRoute
	routesStale    bool    // routes are to be made anew from what follows
	routers        []router
	onLink         []linkPrefix
	learnedRoutes  []learnedRoute
	redirects      map[netip.Addr]netip.Addr
	dns            learnedDNS
	solicitor      solicitor
	baseReachable  time.Duration // what a router said
	drawAt         tcp.Instant   // when it is drawn from anew
	mtu4           int           // of IPv4 packets: SetIPv4MTU may say less than mtu
	mtu6           int           // of IPv6 packets: a router may say less than mtu
	hopLimit       uint8         // of IPv6 packets that nobody has chosen one for

	groups  map[netip.Addr]*group
	members [2]members // family4, family6

	paths       map[netip.Addr]pathMTU // those that are narrower than our own link
	neighbors   neighborCache
	deadRouters map[netip.Addr]tcp.Instant // that have not answered, with when they are asked again
	choreAt     tcp.Instant                // when chores is due
	reassembler reassembler
	flat        []byte // a packet without fragments and extension headers, made from one with them
	scratch     []byte // see nowhere; nil: not needed yet
	decoder     decoder
	rerouting   bucket
	icmp        bucket
	resets      bucket

	orphans     int
	orphanQueue []*Conn

	epoch time.Time
	now   tcp.Instant // of the call under way, or of the last one
	clock time.Time   // the same, as the caller gave it
	stats Stats
}

// New makes an interface. Errors: [ErrConfig], and of the entropy source.
func New(c Config) (*Interface, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	l := c.Limits.withDefaults()
	i := &Interface{
		dev: c.Device, ether: c.Device.Medium() == phy.MediumEthernet, hdrLen: c.Device.Medium().HeaderLen(), mtu: c.mtu(), hw: c.HardwareAddr,
		limits: l, addrEvent: c.AddrEvent, dns: learnedDNS{event: c.DNSEvent}, dadTransmits: c.DADTransmits, stableSecret: slices.Clone(c.StableSecret), stableName: c.StableName, autoconf: c.Autoconf, temporaryAddrs: c.TemporaryAddrs,
		hopLimit: defaultHopLimit, mtu4: c.mtu(), mtu6: c.mtu(), drawAt: tcp.Never, solicitor: solicitor{at: tcp.Never},
		conns: make(map[tuple]*Conn), listeners: make(map[netip.AddrPort]*Listener),
		udp: make(map[netip.AddrPort]*UDPSocket), pings: make(map[uint16]*PingSocket), raws: make(map[RawKind]*RawSocket),
		icmp: newBucket(l.ICMPPerSecond), resets: newBucket(l.ResetsPerSecond), rerouting: newBucket(reroutesPerSecond), choreAt: tcp.Never,
	}
	i.openOffload()
	i.openBatch()
	i.ports = newPortRange(c.Queue, c.Queues)
	if c.VLAN != 0 {
		i.vlan = uint16(c.VLANPriority)<<13 | c.VLAN
		i.hdrLen += vlanTagLen
	}
	if err := i.makeRoutes(&c); err != nil {
		return nil, err
	}
	i.env.Pool = bufpool.New(bufpool.Config{Limit: l.BufferMemory})
	i.env.Rand = c.Rand
	i.neighbors.init(l.Neighbors)
	i.loop.init(i.env.Pool, l.LoopPackets)
	i.reassembler.init(i.env.Pool, l)
	i.decoder.init()
	for f := range i.members {
		i.members[f].init()
	}
	if err := i.seed(c.Rand); err != nil {
		return nil, err
	}
	i.beginAddrs(&c)
	return i, nil
}

// beginAddrs begins to use the addresses of c, and to look for others. The first test of an address begins after a
// random delay (RFC 4862 §5.4.2).
func (i *Interface) beginAddrs(c *Config) {
	if i.dadTransmits == 0 && i.autoconf {
		i.dadTransmits = defaultDADTransmits
	}
	var wait time.Duration
	if i.dadTransmits > 0 {
		wait = i.randomDelay(maxFirstDelay)
	}
	for _, p := range c.Addrs {
		i.addAddr(p, false, wait)
	}
	if i.autoconf {
		i.beginAutoconf(wait)
	}
}

// seed draws what must not be guessed.
func (i *Interface) seed(r io.Reader) error {
	if r == nil {
		r = rand.Reader
	}
	var b [32 + 32 + 8 + 32]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return fmt.Errorf("iface: entropy: %w", err)
	}
	copy(i.secret[:], b[:])
	i.rng = mathrand.New(mathrand.NewChaCha8([32]byte(b[32:64])))
	i.flows.init(&i.secret)
	if len(i.stableSecret) == 0 {
		i.stableSecret = slices.Clone(b[72:])
	}
	if i.hw == [6]byte{} {
		copy(i.hw[:], b[66:])
		i.hw[0] = i.hw[0]&^1 | 2 // unicast, locally administered (IEEE 802)
	}
	return nil
}

// HardwareAddr gives our Ethernet address.
func (i *Interface) HardwareAddr() [6]byte { return i.hw }

// Medium tells what the device carries.
func (i *Interface) Medium() phy.Medium { return i.dev.Medium() }

// nowhere is where packets go that have nowhere to go, or not yet. It is as long as a packet may be, and made when it
// is first needed, which may be never.
func (i *Interface) nowhere() []byte {
	if i.scratch == nil {
		i.scratch = make([]byte, i.mtu)
	}
	return i.scratch
}

// MTU gives the largest IP packet in bytes.
func (i *Interface) MTU() int { return i.mtu }

// Pool gives the pool of the connections' queues, for others that need memory under the same bound.
func (i *Interface) Pool() *bufpool.Pool { return i.env.Pool }

// setNow takes the caller's clock. The first time that is seen is the epoch. A clock that runs backwards stands still.
func (i *Interface) setNow(now time.Time) {
	if i.epoch.IsZero() {
		i.epoch = now
	}
	i.now = max(i.now, tcp.Instant(now.Sub(i.epoch)))
	i.clock = now
}

// PollAt gives when Ingress and Egress have something to do though no frame arrives: not after now when there is work
// already, zero when there is none at all.
func (i *Interface) PollAt(now time.Time) time.Time {
	if i.epoch.IsZero() && i.choreAt != tcp.Never { // times count from the first poll
		return now
	}
	sending := i.awake.head != nil || i.senders.head != nil
	if i.loop.waiting() || sending && !i.blocked || i.choreAt <= i.now {
		return now
	}
	at := i.dev.PollAt()
	earlier := func(t time.Time) {
		if at.IsZero() || t.Before(at) {
			at = t
		}
	}
	if sending { // Wait ends when the device takes frames again; a device that can't tell is asked in a while
		earlier(now.Add(time.Millisecond))
	}
	i.timers.settle()
	if due := min(i.timers.next(), i.neighbors.next(), i.reassembler.next(), i.choreAt); due != tcp.Never {
		earlier(i.epoch.Add(time.Duration(due)))
	}
	return at
}

func (i *Interface) isOurs(a netip.Addr) bool {
	for k := range i.ours {
		if i.ours[k] == a {
			return true
		}
	}
	return false
}

// isBroadcast: the limited broadcast address, or that of one of our networks (RFC 1122 §3.2.1.3).
func (i *Interface) isBroadcast(a netip.Addr) bool {
	if !a.Is4() {
		return false
	}
	return a == limitedBroadcast || slices.Contains(i.broadcasts, a.As4())
}

// broadcastOf is the broadcast address of the network of p, if it has one (RFC 3021: two addresses have none).
func broadcastOf(p netip.Prefix) (b [4]byte, ok bool) {
	if !p.Addr().Is4() || p.Bits() >= 31 {
		return b, false
	}
	b = p.Addr().As4()
	binary.BigEndian.PutUint32(b[:], binary.BigEndian.Uint32(b[:])|^uint32(0)>>p.Bits())
	return b, true
}

func (i *Interface) isn(t *tuple) tcp.Seq {
	b := t.bytes()
	return tcp.ISN(&i.secret, b[:], i.now)
}

// mss is the largest TCP payload, without options, that the path permits, as far as we know it (RFC 9293 §3.7.1).
func (i *Interface) mss(t *tuple) int { return i.mssOf(t, i.pathMTUTo(t.remoteAddr().Addr())) }

// mssOf is that for an MTU.
func (i *Interface) mssOf(t *tuple, mtu int) int {
	if t.is4() {
		return mtu - ipv4HeaderLen - tcp.HeaderLen
	}
	return mtu - ipv6HeaderLen - tcp.HeaderLen
}
