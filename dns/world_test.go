package dns

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
	"smoltls/tcp"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

var epoch = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// way is how a question came.
type way string

const (
	byUDP way = "UDP"
	byTCP way = "TCP"
	byTLS way = "TLS"
)

// world is a client, and a name server at each of a few addresses, on an Ethernet in memory.
type world struct {
	t              testing.TB
	now            time.Time
	client, server *iface.Interface
	sockets        *set.TLSSocketSet // the client's
	dns            *Client

	answer func(server netip.Addr, by way, q dnsmessage.Message) *dnsmessage.Message // nil: says nothing
	asked  []string                                                                  // "server way name type"

	udp      []*iface.UDPSocket
	tcps     *set.TCPSocketSet
	tlss     *set.TLSSocketSet
	tcpL     set.ListenerHandle
	tlsL     set.ListenerHandle
	streams  map[stream1]*served
	serverID *x509lite.Identity
}

type stream1 interface {
	TryRead([]byte) (int, error)
	TryWrite([]byte) (int, error)
	Close() error
}

// served is a connection to the server: what of a question has come.
type served struct {
	by way
	in []byte
}

var (
	server1 = netip.MustParseAddr("192.0.2.53")
	server2 = netip.MustParseAddr("192.0.2.54")
	server6 = netip.MustParseAddr("2001:db8::53")
)

func at(a netip.Addr) netip.AddrPort { return netip.AddrPortFrom(a, Port) }

// newWorld makes one; without servers in cfg there is server1.
func newWorld(t testing.TB, cfg Config) *world {
	t.Helper()
	a, b := phy.NewPipe(phy.PipeConfig{})
	w := &world{t: t, now: epoch, streams: make(map[stream1]*served)}
	w.client = newInterface(t, a, "192.0.2.1/24", "2001:db8::1/64")
	w.server = newInterface(t, b, server1.String()+"/24", server2.String()+"/24", server6.String()+"/64")
	w.sockets = set.NewTLS(w.client, set.Limits{})
	w.tcps, w.tlss = set.NewTCP(w.server, set.Limits{}), set.NewTLS(w.server, set.Limits{})
	for _, s := range []netip.Addr{server1, server2, server6} {
		u := &iface.UDPSocket{}
		if err := w.server.OpenUDP(u, nobody{}, at(s), iface.PacketConfig{}); err != nil {
			t.Fatal(err)
		}
		w.udp = append(w.udp, u)
	}
	var err error
	if w.tcpL, err = w.tcps.Listen(netip.AddrPortFrom(netip.IPv6Unspecified(), Port), tcp.ListenConfig{}); err != nil {
		t.Fatal(err)
	}
	w.serverID = identity(t, "dns.test")
	if w.tlsL, err = w.tlss.Listen(netip.AddrPortFrom(netip.IPv6Unspecified(), TLSPort), set.ListenConfig{TLS: &tlssock.Config{
		Certificates: tlssock.Certificates(w.serverID),
	}}); err != nil {
		t.Fatal(err)
	}
	if cfg.Servers == nil {
		cfg.Servers = []netip.AddrPort{at(server1)}
	}
	if cfg.TLS != nil {
		cfg.TLS.Trust, cfg.TLS.ServerName, cfg.Sockets = x509lite.Pin(w.serverID.Leaf), "dns.test", w.sockets
	}
	if w.dns, err = New(w.client, cfg); err != nil {
		t.Fatal(err)
	}
	return w
}

func newInterface(t testing.TB, dev phy.Device, addrs ...string) *iface.Interface {
	t.Helper()
	c := iface.Config{Device: dev}
	for _, a := range addrs {
		c.Addrs = append(c.Addrs, netip.MustParsePrefix(a))
	}
	i, err := iface.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func identity(t testing.TB, name string) *x509lite.Identity {
	t.Helper()
	id, err := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: epoch, Names: []string{name}, KeyType: x509lite.Ed25519Key})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

type nobody struct{}

func (nobody) PacketEvent() {}

// lookup looks a name up, for as long as it takes, and gives how long that was.
func (w *world) lookup(name string, typ Type) (a Answer, took time.Duration, err error) {
	w.t.Helper()
	begin := w.now
	q, err := w.dns.Lookup(w.now, name, typ)
	if err != nil {
		return a, 0, err
	}
	w.until(q.Done)
	a, err = q.Answer()
	return a, w.now.Sub(begin), err
}

// until polls everything, and moves the clock to the next deadline when all is still.
func (w *world) until(done func() bool) {
	w.t.Helper()
	for range 10_000 {
		if done() {
			return
		}
		w.poll()
		if done() {
			return
		}
		w.serve()
		if at := w.pollAt(); at.IsZero() {
			w.t.Fatal("nothing will ever happen")
		} else if at.After(w.now) {
			w.now = at
		}
	}
	w.t.Fatal("no end")
}

func (w *world) sleep(d time.Duration) {
	w.t.Helper()
	end := w.now.Add(d)
	for w.now.Before(end) {
		w.poll()
		w.serve()
		if at := w.pollAt(); at.IsZero() || at.After(end) {
			w.now = end
		} else if at.After(w.now) {
			w.now = at
		}
	}
}

func (w *world) poll() {
	w.t.Helper()
	for _, err := range []error{set.Poll(w.now, w.client, nil, w.sockets), set.Poll(w.now, w.server, w.tcps, w.tlss), set.Poll(w.now, w.client, nil, w.sockets)} {
		if err != nil {
			w.t.Fatal(err)
		}
	}
	w.dns.Poll(w.now)
}

func (w *world) pollAt() (at time.Time) {
	for _, t := range []time.Time{set.PollAt(w.now, w.client, nil, w.sockets), set.PollAt(w.now, w.server, w.tcps, w.tlss), w.dns.PollAt()} {
		if !t.IsZero() && (at.IsZero() || t.Before(at)) {
			at = t
		}
	}
	return at
}

// serve lets the servers answer.
func (w *world) serve() {
	for _, u := range w.udp {
		for {
			b, m, err := u.Peek()
			if err != nil {
				break
			}
			b = append([]byte(nil), b...)
			u.Discard()
			if a := w.reply(u.LocalAddr().Addr(), byUDP, b); a != nil {
				u.TrySendTo(a, iface.Meta{Remote: m.Remote})
			}
		}
	}
	w.accept()
	for s, conn := range w.streams {
		b := make([]byte, 65537)
		n, err := s.TryRead(b)
		conn.in = append(conn.in, b[:n]...)
		for len(conn.in) > 2 && len(conn.in) >= 2+int(binary.BigEndian.Uint16(conn.in)) {
			end := 2 + int(binary.BigEndian.Uint16(conn.in))
			if a := w.reply(server1, conn.by, conn.in[2:end]); a != nil {
				s.TryWrite(append(binary.BigEndian.AppendUint16(nil, uint16(len(a))), a...))
			}
			conn.in = conn.in[end:]
		}
		if err != nil && err != tcp.ErrWouldBlock {
			s.Close()
			delete(w.streams, s)
		}
	}
}

func (w *world) accept() {
	for h, ok := w.tcps.Accept(w.tcpL); ok; h, ok = w.tcps.Accept(w.tcpL) {
		s, _ := w.tcps.Get(h)
		w.streams[s] = &served{by: byTCP}
	}
	for h, ok := w.tlss.Accept(w.tlsL); ok; h, ok = w.tlss.Accept(w.tlsL) {
		s, _ := w.tlss.Get(h)
		w.streams[s] = &served{by: byTLS}
	}
}

func (w *world) reply(server netip.Addr, by way, b []byte) []byte {
	w.t.Helper()
	var q dnsmessage.Message
	if err := q.Unpack(b); err != nil {
		w.t.Fatalf("the client sends what can't be read: %v", err)
	}
	w.asked = append(w.asked, server.String()+" "+string(by)+" "+q.Questions[0].Name.String()+" "+q.Questions[0].Type.String())
	a := w.answer(server, by, q)
	if a == nil {
		return nil
	}
	a.ID, a.Response = q.ID+a.ID, true
	if a.Questions == nil {
		a.Questions = q.Questions
	}
	out, err := a.Pack()
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// zone answers from records.
func zone(records ...dnsmessage.Resource) func(netip.Addr, way, dnsmessage.Message) *dnsmessage.Message {
	return func(netip.Addr, way, dnsmessage.Message) *dnsmessage.Message {
		return &dnsmessage.Message{Answers: records}
	}
}

func header(name string, typ dnsmessage.Type, ttl uint32) dnsmessage.ResourceHeader {
	return dnsmessage.ResourceHeader{Name: dnsmessage.MustNewName(name), Type: typ, Class: dnsmessage.ClassINET, TTL: ttl}
}

func addr(name, ip string, ttl uint32) dnsmessage.Resource {
	a := netip.MustParseAddr(ip)
	if a.Is4() {
		return dnsmessage.Resource{Header: header(name, dnsmessage.TypeA, ttl), Body: &dnsmessage.AResource{A: a.As4()}}
	}
	return dnsmessage.Resource{Header: header(name, dnsmessage.TypeAAAA, ttl), Body: &dnsmessage.AAAAResource{AAAA: a.As16()}}
}

func cname(name, to string, ttl uint32) dnsmessage.Resource {
	return dnsmessage.Resource{Header: header(name, dnsmessage.TypeCNAME, ttl), Body: &dnsmessage.CNAMEResource{CNAME: dnsmessage.MustNewName(to)}}
}

func soa(ttl, minimum uint32) dnsmessage.Resource {
	return dnsmessage.Resource{Header: header("test.", dnsmessage.TypeSOA, ttl), Body: &dnsmessage.SOAResource{
		NS: dnsmessage.MustNewName("ns.test."), MBox: dnsmessage.MustNewName("root.test."), MinTTL: minimum,
	}}
}
