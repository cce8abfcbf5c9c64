package simnet

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"time"

	"smoltls/set"
	"smoltls/tcp"
	"smoltls/tlssock"
)

// Flow is a connection between two stations with a script for each end.
type Flow struct {
	Client *Endpoint
	Server *Endpoint // its script waits until the connection is accepted
	TLS    bool
	number int
}

// FlowConfig describes a flow.
type FlowConfig struct {
	To             netip.AddrPort
	Client, Server Script
	Habits         [2]Habits       // of client and server
	TCP            *tcp.Config     // the client's
	TLS            *tlssock.Config // the client's; nil: plain TCP
}

// Lab is a world of stations and the flows between them.
type Lab struct {
	*World
	Stations []*Station
	Flows    []*Flow

	byAddr  map[[2]netip.AddrPort]*Flow // client's address, server's address
	open    int                         // endpoints that have begun and not ended
	corrupt *Endpoint                   // the first that saw a wrong byte
	strays  int                         // accepted connections that belong to no flow, or to one that has its server
	scratch []byte                      // of all endpoints
}

// NewLab makes a lab without stations in which everything follows from seed.
func NewLab(seed uint64) *Lab {
	l := &Lab{World: New(seed), byAddr: make(map[[2]netip.AddrPort]*Flow), scratch: make([]byte, fullChunk)}
	l.remark = l.failures
	return l
}

// failures lists the endpoints that have given up, the first of them at least.
func (l *Lab) failures() string {
	var b strings.Builder
	for _, f := range l.Flows {
		for _, e := range []*Endpoint{f.Client, f.Server} {
			if e.Err != nil && b.Len() < 4000 {
				fmt.Fprintf(&b, "\n%v", e)
			}
		}
	}
	return b.String()
}

// entropy gives a source that follows from the seed.
func (l *Lab) entropy() io.Reader {
	var key [32]byte
	rng := l.Rand()
	for i := range key {
		key[i] = byte(rng.Uint32())
	}
	return rand.NewChaCha8(key)
}

// Station adds a station.
func (l *Lab) Station(c StationConfig) (*Station, error) {
	s := &Station{lab: l, c: c, hw: [6]byte{2, 0, 0, 0, 0, byte(len(l.Stations) + 1)}}
	if err := s.boot(); err != nil {
		return nil, err
	}
	l.Stations = append(l.Stations, s)
	l.Add(s)
	return s, nil
}

// Open begins a flow from a station.
func (l *Lab) Open(from *Station, c FlowConfig) (*Flow, error) {
	f := &Flow{number: len(l.Flows), TLS: c.TLS != nil}
	there, back := NewStream(uint64(2*f.number)), NewStream(uint64(2*f.number+1))
	f.Client = &Endpoint{st: from, script: c.Client, habits: c.Habits[0], out: there, in: back, name: fmt.Sprintf("flow %d client", f.number)}
	f.Server = &Endpoint{script: c.Server, habits: c.Habits[1], out: back, in: there, name: fmt.Sprintf("flow %d server", f.number)}
	var h set.Handle
	var err error
	if c.TLS != nil {
		h, err = from.tlss.ConnectTCP(c.To, c.TLS, c.TCP)
	} else {
		h, err = from.tcps.Connect(c.To, c.TCP)
	}
	if err != nil {
		return nil, err
	}
	l.Flows = append(l.Flows, f)
	from.attach(f.Client, h, c.TLS != nil)
	local, remote := from.addrs(h, c.TLS != nil)
	l.byAddr[[2]netip.AddrPort{local, remote}] = f
	l.begin(f.Client)
	return f, nil
}

// accepted gives the endpoint for a connection that a station accepted. One that no flow waits for is a stray, and is
// reset.
func (l *Lab) accepted(s *Station, v *Service, h set.Handle) *Endpoint {
	local, remote := s.addrs(h, v.tls != nil)
	f := l.byAddr[[2]netip.AddrPort{remote, local}]
	if f == nil || f.Server.st != nil {
		l.strays++
		e := &Endpoint{st: s, script: Script{{Abort: true}}, name: fmt.Sprintf("stray %v to %v", remote, local)}
		l.begin(e)
		return e
	}
	e := f.Server
	e.st = s
	l.begin(e)
	return e
}

func (l *Lab) begin(e *Endpoint) {
	e.rng, e.scratch = l.Rand(), l.scratch
	l.open++
	e.st.wake(e)
}

func (l *Lab) ended(e *Endpoint) {
	l.open--
	if errors.Is(e.Err, ErrCorrupt) && l.corrupt == nil {
		l.corrupt = e
	}
}

// ends lists endpoints in the order of their names, which is the same in every run.
func (l *Lab) ends(m map[set.Handle]*Endpoint) (list []*Endpoint) {
	for _, e := range m {
		list = append(list, e)
	}
	slices.SortFunc(list, func(a, b *Endpoint) int { return cmp.Compare(a.name, b.name) })
	return list
}

// Finish lets time pass until every endpoint has ended and nothing is left to happen, each for limit at most, and
// checks that every byte was right and that no station holds anything for connections that are gone.
func (l *Lab) Finish(limit time.Duration) error {
	if err := l.Run(limit, func() bool { return l.open == 0 || l.corrupt != nil }); err != nil {
		return err
	}
	if l.corrupt != nil {
		return l.fail(fmt.Errorf("%s: %w", l.corrupt.name, l.corrupt.Err))
	}
	if err := l.Rest(limit); err != nil {
		return err
	}
	if l.open != 0 {
		return l.fail(ErrStuck)
	}
	if l.strays > 0 {
		return l.fail(fmt.Errorf("simnet: %d connections were accepted that nobody has opened", l.strays))
	}
	for _, s := range l.Stations {
		if err := s.leftovers(); err != nil {
			return l.fail(err)
		}
	}
	return nil
}

// Intact says what is wrong with a flow that should have ended in good order, with all bytes and the end of data at
// both ends.
func (f *Flow) Intact() error {
	c, s := f.Client, f.Server
	switch {
	case !c.Done || !s.Done || c.Err != nil || s.Err != nil || c.Aborted || s.Aborted:
	case c.Sent != s.Received || s.Sent != c.Received:
	default:
		return nil
	}
	return fmt.Errorf("simnet: flow is not intact:\n\t%v\n\t%v", c, s)
}

// Intact asks every flow.
func (l *Lab) Intact() error {
	for _, f := range l.Flows {
		if err := f.Intact(); err != nil {
			return err
		}
	}
	return nil
}
