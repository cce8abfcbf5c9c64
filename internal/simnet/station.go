package simnet

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"time"

	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
	"smoltls/tcp"
	"smoltls/tlssock"
)

// ErrRebooted is the reason of endpoints whose station has lost its memory.
var ErrRebooted = errors.New("simnet: station rebooted")

// StationConfig describes a station.
type StationConfig struct {
	Name   string
	Device phy.Device     // a Port, or what wraps one
	Addrs  []netip.Prefix // at least one
	Iface  iface.Limits
	Set    set.Limits
	Budget set.Budget
	KeyLog io.Writer // TLS secrets
}

// Station is a whole stack: an interface, its sockets, and the endpoints that use them.
type Station struct {
	Iface *iface.Interface

	lab      *Lab
	c        StationConfig
	hw       [6]byte
	tcps     *set.TCPSocketSet
	tlss     *set.TLSSocketSet
	tcpEnds  map[set.Handle]*Endpoint
	tlsEnds  map[set.Handle]*Endpoint
	services []*Service
	due      []*Endpoint // whose pause is over
	activity int         // grows with all that endpoints do
}

// Service is a listener of a station.
type Service struct {
	Deaf   bool // nobody accepts: connections pile up
	Failed []error

	port   uint16
	tls    *tlssock.Config // nil: plain TCP
	cfg    tcp.ListenConfig
	handle set.ListenerHandle
}

// boot makes the stack anew.
func (s *Station) boot() error {
	i, err := iface.New(iface.Config{
		Device: s.c.Device, HardwareAddr: s.hw, Addrs: s.c.Addrs, Limits: s.c.Iface, Rand: s.lab.entropy(),
	})
	if err != nil {
		return err
	}
	s.Iface, s.tcps, s.tlss = i, set.NewTCP(i, s.c.Set), set.NewTLS(i, s.c.Set)
	s.tcpEnds, s.tlsEnds = make(map[set.Handle]*Endpoint), make(map[set.Handle]*Endpoint)
	for _, v := range s.services {
		if err := s.open(v); err != nil {
			return err
		}
	}
	// The first poll tells the stack the time, which the first connection's timers and sequence number begin with.
	return set.Poll(s.lab.Now(), s.Iface, s.tcps, s.tlss)
}

// Listen opens a port of the station, for plain TCP when config is nil.
func (s *Station) Listen(port uint16, config *tlssock.Config, cfg tcp.ListenConfig) (*Service, error) {
	v := &Service{port: port, tls: config, cfg: cfg}
	s.services = append(s.services, v)
	return v, s.open(v)
}

func (s *Station) open(v *Service) (err error) {
	local := netip.AddrPortFrom(netip.IPv6Unspecified(), v.port)
	if v.tls == nil {
		v.handle, err = s.tcps.Listen(local, v.cfg)
		return err
	}
	failed := func(_ netip.AddrPort, err error) { v.Failed = append(v.Failed, err) }
	v.handle, err = s.tlss.Listen(local, set.ListenConfig{TLS: v.tls, TCP: v.cfg, HandshakeFailed: failed})
	return err
}

// Poll implements Node.
func (s *Station) Poll(now time.Time) (worked bool, err error) {
	before := s.work()
	_, err = set.PollBudget(now, s.Iface, s.tcps, s.tlss, s.c.Budget)
	if err != nil {
		return true, err
	}
	for _, v := range s.services {
		s.accept(v)
	}
	for h := range s.tcps.Ready() {
		if e := s.tcpEnds[h]; e != nil {
			e.advance()
		}
	}
	for h := range s.tlss.Ready() {
		if e := s.tlsEnds[h]; e != nil {
			e.advance()
		}
	}
	due := s.due
	s.due = nil
	for _, e := range due {
		s.activity++
		e.advance()
	}
	return s.work() != before, nil
}

// work grows whenever something happens in the station.
func (s *Station) work() uint64 {
	st := s.Iface.Stats()
	return st.FramesIn + st.FramesOut + uint64(s.activity)
}

// PollAt implements Node.
func (s *Station) PollAt(now time.Time) time.Time {
	if len(s.due) > 0 {
		return now
	}
	return set.PollAt(now, s.Iface, s.tcps, s.tlss)
}

func (s *Station) wake(e *Endpoint) { s.due = append(s.due, e) }

func (s *Station) accept(v *Service) {
	if v.Deaf {
		return
	}
	for {
		var h set.Handle
		var ok bool
		if v.tls == nil {
			h, ok = s.tcps.Accept(v.handle)
		} else {
			h, ok = s.tlss.Accept(v.handle)
		}
		if !ok {
			return
		}
		s.activity++
		e := s.lab.accepted(s, v, h)
		s.attach(e, h, v.tls != nil)
	}
}

// attach gives an endpoint its socket.
func (s *Station) attach(e *Endpoint, h set.Handle, overTLS bool) {
	ends := s.tcpEnds
	if overTLS {
		ends = s.tlsEnds
		sock, _ := s.tlss.Get(h)
		e.conn = tlsConn{sock}
	} else {
		sock, _ := s.tcps.Get(h)
		e.conn = tcpConn{sock}
	}
	ends[h] = e
	tcps, tlss := s.tcps, s.tlss
	e.remove = func() {
		delete(ends, h)
		if overTLS {
			tlss.Remove(h)
		} else {
			tcps.Remove(h)
		}
	}
}

// addrs gives the ends of a connection.
func (s *Station) addrs(h set.Handle, overTLS bool) (local, remote netip.AddrPort) {
	if overTLS {
		local, remote, _ = s.tlss.Addrs(h)
	} else {
		local, remote, _ = s.tcps.Addrs(h)
	}
	return local, remote
}

// Reboot makes the station forget everything but its configuration, without a word to anybody.
func (s *Station) Reboot() error {
	for _, ends := range []map[set.Handle]*Endpoint{s.tcpEnds, s.tlsEnds} {
		for _, e := range s.lab.ends(ends) {
			e.remove = nil
			e.finish(ErrRebooted)
		}
	}
	return s.boot()
}

// leftovers says what the station still holds though all its endpoints have ended.
func (s *Station) leftovers() error {
	st := s.Iface.Stats()
	switch {
	case s.Iface.Pool().Out() != 0:
		return fmt.Errorf("simnet: %s: %d bytes of buffers are not given back", s.c.Name, s.Iface.Pool().Out())
	case st.Conns != 0:
		return fmt.Errorf("simnet: %s: %d connections are left", s.c.Name, st.Conns)
	case s.tcps.Len() != 0 || s.tlss.Len() != 0 || s.tlss.Lingering() != 0:
		return fmt.Errorf("simnet: %s: %d TCP and %d TLS sockets are left, %d linger", s.c.Name, s.tcps.Len(), s.tlss.Len(), s.tlss.Lingering())
	}
	return nil
}

// String tells what the station is busy with.
func (s *Station) String() string {
	var b strings.Builder
	now := s.lab.Now()
	at := "nothing"
	if t := s.PollAt(now); !t.IsZero() {
		at = t.Sub(now).String()
	}
	st := s.Iface.Stats()
	fmt.Fprintf(&b, "%s: %d connections, %d bytes of buffers, next poll in %s, drops %v, %+v", s.c.Name, st.Conns, s.Iface.Pool().Out(), at, st.Drops, st.TCP)
	for _, ends := range []map[set.Handle]*Endpoint{s.tcpEnds, s.tlsEnds} {
		for i, e := range s.lab.ends(ends) {
			if i == 20 {
				fmt.Fprintf(&b, "\n\t... of %d", len(ends))
				break
			}
			fmt.Fprintf(&b, "\n\t%v", e)
		}
	}
	return b.String()
}
