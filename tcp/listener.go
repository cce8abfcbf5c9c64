package tcp

// ListenConfig bounds a listener. The zero value of each field is its default.
type ListenConfig struct {
	Config      *Config // of the connections; nil: defaults
	SYNQueue    int     // connections whose handshake is under way; default [DefaultSYNQueue]
	AcceptQueue int     // established ones that nobody accepted yet; default [DefaultAcceptQueue]
}

// Defaults of [ListenConfig].
const (
	DefaultSYNQueue    = 256
	DefaultAcceptQueue = 128
)

// Listener counts and queues the connections of one port that were not accepted yet. Its host makes the sockets and gives it SYNs.
type Listener struct {
	env   *Env
	cfg   ListenConfig
	half  int       // sockets in SYN-RECEIVED
	queue []*Socket // established, oldest first, from head on
	head  int
	ended bool
}

// Init prepares a listener.
func (l *Listener) Init(env *Env, cfg ListenConfig) {
	if cfg.SYNQueue <= 0 {
		cfg.SYNQueue = DefaultSYNQueue
	}
	if cfg.AcceptQueue <= 0 {
		cfg.AcceptQueue = DefaultAcceptQueue
	}
	*l = Listener{env: env, cfg: cfg}
}

// Config gives what the sockets of this listener are to be Init-ed with.
func (l *Listener) Config() *Config { return l.cfg.Config }

// Admit reports whether there is room for one more connection; if there is none the SYN is counted, and the host drops it: the peer will repeat it.
func (l *Listener) Admit() bool {
	switch {
	case l.ended:
		return false
	case l.half >= l.cfg.SYNQueue:
		l.env.Stats.DropSYNQueueFull++
		return false
	case l.waiting() >= l.cfg.AcceptQueue:
		l.env.Stats.DropAcceptQueueFull++
		return false
	}
	return true
}

func (l *Listener) waiting() int { return len(l.queue) - l.head }

// Open begins a connection in SYN-RECEIVED (RFC 9293 §3.10.7.2): s was Init-ed with Config, syn is the SYN, iss and pathMSS are as in
// [Socket.Connect]. SYN+ACK is what Emit gives next. The error is [ErrInUse].
func (l *Listener) Open(now Instant, s *Socket, syn *Segment, iss Seq, pathMSS int) error {
	if s.state != StateClosed || s.err != nil {
		return ErrInUse
	}
	s.open(now, syn.DstPort, syn.SrcPort, iss, pathMSS)
	s.listener = l
	s.state = StateSynReceived
	s.irs = syn.Seq
	s.rcvNxt = syn.Seq + 1
	s.openWindow()
	s.synOptions(now, syn)
	if syn.WScale < 0 {
		s.flags |= flagNoWScale
	}
	s.sndWnd = uint32(syn.Window)
	s.maxSndWnd = s.sndWnd
	s.sndWl1 = syn.Seq
	l.half++
	l.env.Stats.PassiveOpens++
	s.host.Wake()
	return nil
}

// admit moves s, whose handshake is complete, into the accept queue if there is room.
func (l *Listener) admit(s *Socket) bool {
	if l.ended || l.waiting() >= l.cfg.AcceptQueue {
		return false
	}
	l.half--
	s.flags |= flagQueued
	if l.head > 0 && len(l.queue) == cap(l.queue) {
		n := copy(l.queue, l.queue[l.head:])
		clear(l.queue[n:])
		l.queue, l.head = l.queue[:n], 0
	}
	l.queue = append(l.queue, s)
	return true
}

// closed: a socket that nobody accepted has closed.
func (l *Listener) closed(s *Socket) {
	s.listener = nil
	if s.flags&flagQueued == 0 {
		l.half--
	}
}

// Accept gives the connection that has waited longest. Those that failed while they waited are passed over.
func (l *Listener) Accept() (*Socket, bool) {
	for l.head < len(l.queue) {
		s := l.queue[l.head]
		l.queue[l.head] = nil
		l.head++
		if l.head == len(l.queue) {
			l.queue, l.head = l.queue[:0], 0
		}
		if s.state != StateClosed {
			s.listener = nil
			s.flags &^= flagQueued
			return s, true
		}
	}
	return nil, false
}

// Close ends the listener: what waits in the accept queue is reset, and so is each handshake when it completes.
func (l *Listener) Close() {
	l.ended = true
	for s, ok := l.Accept(); ok; s, ok = l.Accept() {
		s.Abort()
	}
}
