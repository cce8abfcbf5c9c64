package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/netip"
	"runtime"
	"sync"
	"time"

	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

// Bytes of heap, shown in KiB.
type Bytes int64

// String gives KiB.
func (b Bytes) String() string { return fmt.Sprintf("%.1f KiB", float64(b)/1024) }

// Heap is what two ends hold of the heap. Configurations and identities are not counted.
type Heap struct {
	Stacks  Bytes // two stacks without a connection; none for crypto/tls
	Peak    Bytes // most at any step of the first handshake, beyond that
	Idle    Bytes // when it is done, with what is kept for the next handshake
	Further Bytes // each further connection, when it is idle
}

// meter weighs the live heap, against what it was at first.
type meter struct {
	mu   sync.Mutex
	base uint64
	peak uint64
}

// live is the heap that is in use, after what is not has been collected: twice, for what a sync.Pool holds.
func live() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func (m *meter) start() { m.base, m.peak = live(), 0 }

// weigh is called at each step.
func (m *meter) weigh() Bytes {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := live()
	m.peak = max(m.peak, now)
	return Bytes(now - min(now, m.base))
}

// peers are two ends that know each other.
type peers struct{ client, server *x509lite.Identity }

func newPeers(key x509lite.KeyType) (p peers, err error) {
	if p.client, err = x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: time.Now(), Names: []string{"client"}, KeyType: key}); err != nil {
		return p, err
	}
	p.server, err = x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: time.Now(), Names: []string{"server"}, KeyType: key})
	return p, err
}

// stack is one of two ends.
type stack struct {
	ifc  *iface.Interface
	tlss *set.TLSSocketSet
}

func newStack(dev phy.Device, addr string) (s stack, err error) {
	if s.ifc, err = iface.New(iface.Config{Device: dev, Addrs: []netip.Prefix{netip.MustParsePrefix(addr)}}); err == nil {
		s.tlss = set.NewTLS(s.ifc, set.Limits{})
	}
	return s, err
}

// second calls f twice, for the second answer: the first time what the process makes once is made.
func second(f func() (Heap, error)) (Heap, error) {
	if _, err := f(); err != nil {
		return Heap{}, err
	}
	return f()
}

// smoltls weighs the first connection of two stacks, over TCP on an Ethernet in memory: TCP's sockets and buffers are
// counted, and what a stack keeps for its next handshake.
func (p peers) smoltls() (Heap, error) {
	var stacks, m meter
	stacks.start()
	left, right := phy.NewPipe(phy.PipeConfig{})
	client, err := newStack(left, "192.0.2.1/24")
	if err != nil {
		return Heap{}, err
	}
	server, err := newStack(right, "192.0.2.2/24")
	if err != nil {
		return Heap{}, err
	}
	at := netip.MustParseAddrPort("192.0.2.2:443")
	l, err := server.tlss.Listen(at, set.ListenConfig{TLS: &tlssock.Config{
		Certificates: tlssock.Certificates(p.server), Trust: x509lite.Pin(p.client.Leaf), ClientAuth: tls.RequireAndVerifyClientCert, SessionTicketsDisabled: true,
	}})
	if err != nil {
		return Heap{}, err
	}
	cfg := &tlssock.Config{Certificates: tlssock.Certificates(p.client), Trust: x509lite.Pin(p.server.Leaf), ServerName: "server"}
	heap := Heap{Stacks: stacks.weigh()}
	m.start()
	if heap.Idle, err = connect(&m, client, server, at, l, cfg); err != nil {
		return Heap{}, err
	}
	heap.Peak = Bytes(m.peak - m.base)
	m.start()
	if heap.Further, err = connect(&m, client, server, at, l, cfg); err != nil {
		return Heap{}, err
	}
	runtime.KeepAlive(client)
	runtime.KeepAlive(server)
	return heap, nil
}

// connect makes a connection, which stays, and gives what it holds when it has been idle long enough to sleep.
func connect(m *meter, client, server stack, at netip.AddrPort, l set.ListenerHandle, cfg *tlssock.Config) (Bytes, error) {
	h, err := client.tlss.Connect(at, cfg)
	if err != nil {
		return 0, err
	}
	s, _ := client.tlss.Get(h)
	now := time.Now()
	for accepted := false; !accepted || s.State() != tlssock.StateEstablished; m.weigh() {
		set.Poll(now, client.ifc, nil, client.tlss)
		m.weigh()
		set.Poll(now, server.ifc, nil, server.tlss)
		if !accepted {
			_, accepted = server.tlss.Accept(l)
		}
		if err := s.Err(); err != nil {
			return 0, err
		}
	}
	for range 20 {
		now = now.Add(time.Second)
		set.Poll(now, client.ifc, nil, client.tlss)
		set.Poll(now, server.ifc, nil, server.tlss)
	}
	return m.weigh(), nil
}

// scales is a connection that weighs the heap at each write.
type scales struct {
	net.Conn
	m *meter
}

// Write implements io.Writer.
func (s scales) Write(p []byte) (int, error) {
	s.m.weigh()
	return s.Conn.Write(p)
}

// cryptoTLS weighs a connection of crypto/tls over net.Pipe: there is no TCP, and the stacks of its goroutines are not
// counted.
func (p peers) cryptoTLS() (Heap, error) {
	pools := make(map[*x509lite.Identity]*x509.CertPool)
	for _, id := range []*x509lite.Identity{p.client, p.server} {
		leaf, err := x509.ParseCertificate(id.Leaf.Raw)
		if err != nil {
			return Heap{}, err
		}
		pools[id] = x509.NewCertPool()
		pools[id].AddCert(leaf)
	}
	clientCfg := &tls.Config{Certificates: tlssock.Certificates(p.client), RootCAs: pools[p.server], ServerName: "server", MinVersion: tls.VersionTLS13}
	serverCfg := &tls.Config{
		Certificates: tlssock.Certificates(p.server), ClientCAs: pools[p.client], ClientAuth: tls.RequireAndVerifyClientCert, MinVersion: tls.VersionTLS13, SessionTicketsDisabled: true,
	}
	var m meter
	m.start()
	left, right := net.Pipe()
	client, server := tls.Client(scales{left, &m}, clientCfg), tls.Server(scales{right, &m}, serverCfg)
	failed := make(chan error, 1)
	go func() { _, err := server.Write([]byte{1}); failed <- err }()
	if _, err := io.ReadFull(client, make([]byte, 1)); err != nil {
		return Heap{}, err
	}
	if err := <-failed; err != nil {
		return Heap{}, err
	}
	idle := m.weigh()
	runtime.KeepAlive(client)
	runtime.KeepAlive(server)
	return Heap{Peak: Bytes(m.peak - m.base), Idle: idle, Further: idle}, nil
}
