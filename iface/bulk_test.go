package iface

import (
	"bytes"
	"errors"
	"net/netip"
	"testing"
	"time"

	"smoltls/phy"
	"smoltls/tcp"
)

// station is an interface in a test, with a clock that the test moves.
type station struct {
	*Interface
	events map[*Conn]int
}

func (s *station) ConnEvent(c *Conn) { s.events[c]++ }

func newStation(t testing.TB, dev phy.Device, addrs ...string) *station {
	t.Helper()
	c := Config{Device: dev, Rand: zeroRand{byte(len(addrs[0]))}}
	for _, a := range addrs {
		c.Addrs = append(c.Addrs, netip.MustParsePrefix(a))
	}
	i, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return &station{i, make(map[*Conn]int)}
}

type zeroRand struct{ b byte }

func (z zeroRand) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = z.b + byte(i)
	}
	return len(p), nil
}

var start = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// pair is two stations on one wire.
type pair struct {
	t    testing.TB
	now  time.Time
	a, b *station
}

func newPair(t testing.TB, medium phy.Medium) *pair {
	da, db := phy.NewPipe(phy.PipeConfig{Medium: medium})
	return &pair{t, start, newStation(t, da, "192.0.2.1/24", "2001:db8::1/64"), newStation(t, db, "192.0.2.2/24", "2001:db8::2/64")}
}

// poll lets both stations do all they can at this moment.
func (p *pair) poll() {
	for range 1000 {
		work := 0
		for _, s := range []*station{p.a, p.b} {
			n, err := s.Ingress(p.now, 1000)
			if err != nil {
				p.t.Fatal(err)
			}
			m, err := s.Egress(p.now, 1000)
			if err != nil {
				p.t.Fatal(err)
			}
			work += n + m
		}
		if work == 0 {
			return
		}
	}
	p.t.Fatal("no rest")
}

// connect opens a connection from a to port 80 of b's address.
func (p *pair) connect(to string, cfg *tcp.Config) (client, server *Conn) {
	p.t.Helper()
	l := &Listener{}
	err := p.b.Listen(l, netip.MustParseAddrPort(to), tcp.ListenConfig{Config: cfg}, func() (*Conn, Owner) { return &Conn{}, p.b })
	if err != nil {
		p.t.Fatal(err)
	}
	client = &Conn{}
	if err := p.a.Connect(client, p.a, netip.MustParseAddrPort(to), cfg); err != nil {
		p.t.Fatal(err)
	}
	p.poll()
	server, ok := l.Accept()
	if !ok || client.State() != tcp.StateEstablished {
		p.t.Fatalf("not connected: client %v", client.State())
	}
	l.Close()
	return client, server
}

func TestBulkOverBothMediumsAndFamilies(t *testing.T) {
	for _, m := range []phy.Medium{phy.MediumEthernet, phy.MediumIP} {
		for _, to := range []string{"192.0.2.2:80", "[2001:db8::2]:80"} {
			p := newPair(t, m)
			c, s := p.connect(to, nil)
			data := bytes.Repeat([]byte("0123456789abcdef!"), 20_000)
			var got []byte
			buf := make([]byte, 1<<16)
			sent := 0
			for len(got) < len(data) {
				n, err := c.TryWrite(data[sent:])
				if err != nil && !errors.Is(err, tcp.ErrWouldBlock) {
					t.Fatal(err)
				}
				sent += n
				p.poll()
				for {
					n, err := s.TryRead(buf)
					if err != nil {
						break
					}
					got = append(got, buf[:n]...)
				}
				p.now = p.now.Add(time.Microsecond)
			}
			if !bytes.Equal(got, data) {
				t.Fatalf("%v %s: bytes differ", m, to)
			}
			st := p.b.Stats()
			for r, n := range st.Drops {
				if n != 0 {
					t.Errorf("%v %s: %d frames dropped: %v", m, to, n, DropReason(r))
				}
			}
			if st.TCP.Retransmits+p.a.Stats().TCP.Retransmits != 0 {
				t.Errorf("%v %s: retransmissions on a perfect wire", m, to)
			}
		}
	}
}

func BenchmarkBulkTCP(b *testing.B) { benchmarkBulk(b, newPair(b, phy.MediumEthernet)) }

func BenchmarkBulkTCPWithOffload(b *testing.B) {
	benchmarkBulk(b, newOffloadPair(b, phy.MediumEthernet, allOffload))
}

func BenchmarkBulkTCPWithOffloadBySoftware(b *testing.B) {
	da, db := phy.NewPipe(phy.PipeConfig{})
	benchmarkBulk(b, &pair{b, start, newStation(b, phy.SoftOffload(da), "192.0.2.1/24"), newStation(b, phy.SoftOffload(db), "192.0.2.2/24")})
}

func benchmarkBulk(b *testing.B, p *pair) {
	c, s := p.connect("192.0.2.2:80", &tcp.Config{SendBuffer: 256 << 10, RecvBuffer: 256 << 10})
	chunk := make([]byte, 64<<10)
	buf := make([]byte, 64<<10)
	b.SetBytes(int64(len(chunk)))
	b.ReportAllocs()
	got := 0
	for b.Loop() {
		sent := 0
		for sent < len(chunk) {
			n, _ := c.TryWrite(chunk[sent:])
			sent += n
			p.a.Egress(p.now, 1000)
			p.b.Ingress(p.now, 1000)
			for {
				n, err := s.TryRead(buf)
				if err != nil {
					break
				}
				got += n
			}
			p.b.Egress(p.now, 1000)
			p.a.Ingress(p.now, 1000)
			p.now = p.now.Add(time.Microsecond)
		}
	}
}
