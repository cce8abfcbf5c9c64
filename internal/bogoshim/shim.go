package main

import (
	"encoding/binary"
	"fmt"
	"net"
	"strconv"
	"time"

	"smoltls/tlssock"
)

// shim is one run: the connections of a test, one after the other, with what is kept between them.
type shim struct {
	options [phases]options
	cache   *lastSession
	env     tlssock.Env
	guard   tlssock.ReplayGuard
}

// lastSession is a session cache for one key that gives what it holds again and again, as a test wants it.
type lastSession struct {
	s   *tlssock.ClientSession
	new bool // since the connection began
}

func (c *lastSession) Get(string) (*tlssock.ClientSession, bool) { return c.s, c.s != nil }

func (c *lastSession) Put(_ string, s *tlssock.ClientSession) { c.s, c.new = s, true }

func newShim(o [phases]options) *shim {
	return &shim{options: o, cache: &lastSession{}, env: tlssock.Env{Now: time.Now().Truncate(time.Millisecond)}}
}

// run does the first connection, and as many more as are asked for.
func (s *shim) run() error {
	for n := range s.options[initial].resumeCount + 1 {
		o := &s.options[initial]
		if n > 0 {
			o = &s.options[resume]
			s.env.Now = s.env.Now.Add(time.Duration(o.delay) * time.Second)
		}
		if err := s.connect(o, n > 0); err != nil {
			return err
		}
	}
	return nil
}

// connect does one connection.
func (s *shim) connect(o *options, resumes bool) error {
	cfg, err := o.config(s)
	if err != nil {
		return err
	}
	conn, err := dial(o)
	if err != nil {
		return err
	}
	defer conn.Close()
	role := tlssock.RoleClient
	if o.server {
		role = tlssock.RoleServer
	}
	s.cache.new = false
	c := &connection{shim: s, options: o, conn: conn, resumes: resumes}
	if c.eng, err = tlssock.NewEngine(&s.env, cfg, role); err != nil {
		return err
	}
	return c.run()
}

// dial connects to the runner, and says who calls.
func dial(o *options) (*net.TCPConn, error) {
	host := "127.0.0.1"
	if o.ipv6 {
		host = "::1"
	}
	conn, err := net.Dial("tcp", net.JoinHostPort(host, strconv.Itoa(o.port)))
	if err != nil {
		return nil, fmt.Errorf("calling the runner: %w", err)
	}
	var id [8]byte
	binary.LittleEndian.PutUint64(id[:], o.shimID)
	if _, err := conn.Write(id[:]); err != nil {
		return nil, err
	}
	return conn.(*net.TCPConn), nil
}
