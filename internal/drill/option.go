package drill

import (
	"cmp"
	"encoding/binary"
	"strings"
	"time"

	"smoltls/tcp"
)

// Setsockopt sets an option. Those of a socket without a connection hold for the connections that it will make or
// accept.
func (w *World) Setsockopt(fd, level, name int, value []byte) Errno {
	w.mu.Lock()
	defer w.mu.Unlock()
	s, ok := w.descriptors[fd]
	if !ok {
		return EBADF
	}
	if level == SolTCP && name == TCPCongestion {
		return s.setCongestion(string(value))
	}
	if level == SolSocket && name == SoLinger {
		return s.setLinger(value)
	}
	var v int
	switch {
	case len(value) >= 4:
		v = int(int32(binary.NativeEndian.Uint32(value)))
	case len(value) > 0 && level == SolIP: // IPv4's options may be a byte
		v = int(value[0])
	default:
		return EINVAL
	}
	errno := s.set(level, name, v)
	if errno == 0 && s.conn != nil {
		s.conn.Wake() // what it holds back may leave
	}
	w.settle(MovesClock)
	return errno
}

// set changes a number. The configuration is the socket's own, or its listener's, and what it is changed in holds from
// then on.
func (s *socket) set(level, name, v int) Errno {
	type option struct{ level, name int }
	seconds := time.Duration(v) * time.Second
	switch (option{level, name}) {
	case option{SolSocket, SoReuseaddr}, option{SolSocket, SoReuseport}, option{SolIP, IPFreebind}:
		// a port is free again as soon as its listener has closed
	case option{SolSocket, SoSndbuf}: // Linux takes twice what it is told, and what it counts includes its own bookkeeping
		s.cfg.SendBuffer, s.cfg.MaxSendBuffer = 2*v, 2*v
	case option{SolSocket, SoRcvbuf}:
		s.cfg.RecvBuffer, s.cfg.MaxRecvBuffer = 2*v, 2*v
	case option{SolSocket, SoKeepalive}:
		s.cfg.KeepAlive = 0
		if v != 0 {
			s.cfg.KeepAlive = cmp.Or(s.keepIdle, defaultKeepAlive)
		}
	case option{SolTCP, TCPNodelay}:
		s.cfg.Nagle = v == 0
	case option{SolTCP, TCPMaxseg}:
		s.cfg.MaxSegment = v
	case option{SolTCP, TCPKeepidle}:
		if s.keepIdle = seconds; s.cfg.KeepAlive > 0 {
			s.cfg.KeepAlive = seconds
		}
	case option{SolTCP, TCPKeepintvl}:
		s.cfg.KeepAliveInterval = seconds
	case option{SolTCP, TCPKeepcnt}:
		s.cfg.KeepAliveCount = v
	case option{SolTCP, TCPUserTimeout}:
		s.cfg.UserTimeout = time.Duration(v) * time.Millisecond
	case option{SolIP, IPTos}, option{SolIPv6, IPv6TClass}:
		s.cfg.DSCP = uint8(v) >> 2
	case option{SolIP, IPTTL}, option{SolIPv6, IPv6UnicastHops}:
		s.cfg.HopLimit = uint8(v)
	default:
		return ENOPROTOOPT
	}
	return 0
}

// defaultKeepAlive is RFC 9293's (MUST-28), and Linux'.
const defaultKeepAlive = 2 * time.Hour

// algorithms are Linux' names.
var algorithms = map[string]tcp.Congestion{"cubic": tcp.CUBIC, "reno": tcp.NewReno, "bbr": tcp.BBR}

func (s *socket) setCongestion(name string) Errno {
	name, _, _ = strings.Cut(name, "\x00")
	c, ok := algorithms[name]
	if !ok {
		return EINVAL
	}
	s.cfg.Congestion = c
	return 0
}

// setLinger takes a struct linger.
func (s *socket) setLinger(value []byte) Errno {
	if len(value) < 8 {
		return EINVAL
	}
	on, seconds := binary.NativeEndian.Uint32(value), binary.NativeEndian.Uint32(value[4:])
	switch {
	case on == 0:
		s.cfg.Linger = 0
	case seconds == 0:
		s.cfg.Linger = -1
	default:
		s.cfg.Linger = time.Duration(seconds) * time.Second
	}
	return 0
}

// Getsockopt gives an option's value, in as many bytes as it has.
func (w *World) Getsockopt(fd, level, name int) ([]byte, Errno) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s, ok := w.descriptors[fd]
	if !ok {
		return nil, EBADF
	}
	switch level {
	case SolSocket:
		return s.socketOption(name)
	case SolTCP:
		return w.tcpOption(s, name)
	}
	return nil, ENOPROTOOPT
}

func number(v int) []byte { return binary.NativeEndian.AppendUint32(nil, uint32(v)) }

func (s *socket) socketOption(name int) ([]byte, Errno) {
	switch name {
	case SoError:
		return number(int(s.reason())), 0
	case SoType:
		return number(SockStream), 0
	case SoSndbuf:
		return number(s.cfg.SendBuffer), 0
	case SoRcvbuf:
		return number(s.cfg.RecvBuffer), 0
	case SoMeminfo:
		return make([]byte, 9*4), 0 // a kernel's memory, which nobody here has
	}
	return nil, ENOPROTOOPT
}

func (w *World) tcpOption(s *socket, name int) ([]byte, Errno) {
	switch name {
	case TCPNodelay:
		if s.cfg.Nagle {
			return number(0), 0
		}
		return number(1), 0
	case TCPMaxseg:
		switch {
		case s.conn != nil:
			return number(s.conn.Info().MSS), 0
		case s.cfg.MaxSegment > 0:
			return number(s.cfg.MaxSegment), 0
		}
		return number(defaultMSS), 0
	case TCPInfo:
		if s.conn == nil {
			return tcpInfo(tcp.Info{}, 0, s.cfg.MaxSegment), 0
		}
		return tcpInfo(s.conn.Info(), mtu, s.cfg.MaxSegment), 0
	case TCPCCInfo:
		return nil, 0 // as of an algorithm that has nothing to tell
	case TCPCongestion:
		return append([]byte(strings.ToLower(s.cfg.Congestion.String())), 0), 0
	case TCPUserTimeout:
		return number(int(s.cfg.UserTimeout / time.Millisecond)), 0
	}
	return nil, ENOPROTOOPT
}

// defaultMSS is what a socket sends to somebody who has not said what he takes (RFC 9293 §3.7.1).
const defaultMSS = 536
