package drill

import (
	"strconv"
	"strings"
	"time"

	"smoltls/tcp"
)

// config is that of a new socket: what Linux does by default, and what the sysctls say. Congestion control is CUBIC
// until a socket says otherwise: a network namespace that a script runs in may not be allowed to choose it.
func (w *World) config() *tcp.Config {
	c := &tcp.Config{Nagle: true, AckDelay: quickACK, NoPacing: !w.cfg.Paced}
	if b := w.numbers("tcp_wmem"); len(b) == 3 {
		c.SendBuffer, c.MaxSendBuffer = b[1], b[2]
	}
	if b := w.numbers("tcp_rmem"); len(b) == 3 {
		c.RecvBuffer, c.MaxRecvBuffer = b[1], b[2]
	}
	c.NoSACK = w.sysctl("tcp_sack") == "0"
	c.NoTimestamps = w.sysctl("tcp_timestamps") == "0"
	switch w.sysctl("tcp_ecn") {
	case "0":
		c.ECN = tcp.ECNOff
	case "1":
		c.ECN = tcp.ECNRequest
	}
	if n := w.numbers("tcp_retries2"); len(n) == 1 {
		c.MaxRetries = n[0]
	}
	if n := w.numbers("tcp_fin_timeout"); len(n) == 1 {
		c.FinWait = time.Duration(n[0]) * time.Second
	}
	return c
}

// quickACK is about as long as Linux waits with the ACK of the first segments of a connection, and scripts have few.
const quickACK = time.Millisecond

func (w *World) sysctl(name string) string {
	if w.cfg.Sysctl == nil {
		return ""
	}
	return strings.TrimSpace(w.cfg.Sysctl(name))
}

// numbers gives a sysctl's values; nil when one of them is no number.
func (w *World) numbers(name string) (ns []int) {
	for _, f := range strings.Fields(w.sysctl(name)) {
		n, err := strconv.Atoi(f)
		if err != nil {
			return nil
		}
		ns = append(ns, n)
	}
	return ns
}
