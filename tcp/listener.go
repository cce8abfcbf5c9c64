package tcp

import "time"

// ListenConfig bounds a listener. The zero value of each field is its default.
type ListenConfig struct {
	Config      *Config // of the connections; nil: defaults
	SYNQueue    int     // connections whose handshake is under way; default [DefaultSYNQueue]; negative: none, every SYN is answered by a cookie
	AcceptQueue int     // established ones that nobody accepted yet; default [DefaultAcceptQueue]

	SYNTimeout time.Duration // how long SYN+ACK may go unanswered; default [DefaultSYNTimeout]

	// NoSYNCookies drops the SYNs that the queue has no room for. By default they are answered by SYN cookies, and
	// nothing is kept of them until the peer has shown that it is where it says it is (RFC 4987 §3.6). Such a peer that
	// lost its last segment of the handshake is not asked for it: its first data brings it, which a protocol in which
	// the server speaks first may wait for in vain.
	NoSYNCookies bool
}

// Defaults of [ListenConfig].
const (
	DefaultSYNQueue    = 256
	DefaultAcceptQueue = 128
	DefaultSYNTimeout  = time.Minute // five retransmissions
)

// Listener counts and queues the connections of one port that were not accepted yet. Its host makes the sockets and
// gives it SYNs.
type Listener struct {
	env   *Env
	cfg   ListenConfig
	half  []*Socket // in SYN-RECEIVED, in no order; each knows its place
	queue acceptQueue
	ended bool

	cookies  bool    // one was sent, last
	cookieAt Instant // at
	spent    spentCookies
}

// Init prepares a listener.
func (l *Listener) Init(env *Env, cfg ListenConfig) {
	if cfg.SYNQueue == 0 {
		cfg.SYNQueue = DefaultSYNQueue
	}
	if cfg.AcceptQueue <= 0 {
		cfg.AcceptQueue = DefaultAcceptQueue
	}
	cfg.SYNTimeout = orDefault(cfg.SYNTimeout, DefaultSYNTimeout)
	*l = Listener{env: env, cfg: cfg}
}

// Config gives what the sockets of this listener are to be Init-ed with.
func (l *Listener) Config() *Config { return l.cfg.Config }

// config is Config, never nil.
func (l *Listener) config() *Config {
	if l.cfg.Config == nil {
		return &defaultConfig
	}
	return l.cfg.Config
}

// Admission is what is to become of a SYN.
type Admission uint8

// What [Listener.Admit] says.
const (
	AdmitNone   Admission = iota // the host drops it: the peer will repeat it
	AdmitOpen                    // it opens a connection: [Listener.Open]
	AdmitCookie                  // it is answered and forgotten: [Listener.Cookie]
)

// Admit tells what is to become of a SYN: whether there is room for one more connection. A SYN that is to be dropped is
// counted.
func (l *Listener) Admit() Admission {
	switch {
	case l.ended:
		return AdmitNone
	case l.queue.live >= l.cfg.AcceptQueue:
		l.env.Stats.DropAcceptQueueFull++
		return AdmitNone
	case len(l.half) < l.cfg.SYNQueue:
		return AdmitOpen
	case l.cfg.NoSYNCookies:
		l.env.Stats.DropSYNQueueFull++
		return AdmitNone
	}
	return AdmitCookie
}

// Open begins a connection in SYN-RECEIVED (RFC 9293 §3.10.7.2): s was Init-ed with Config, syn is the SYN, iss and
// pathMSS are as in [Socket.Connect]. SYN+ACK is what Emit gives next. Errors: [ErrInUse], [ErrNotOpen] when the
// listener has closed or syn is not a SYN that opens a connection, and that of [Env].Rand.
func (l *Listener) Open(now Instant, s *Socket, syn *Segment, iss Seq, pathMSS int) error {
	if l.ended || syn.Flags&(SYN|ACK|RST|FIN) != SYN {
		return ErrNotOpen
	}
	if err := s.open(now, syn.DstPort, syn.SrcPort, iss, pathMSS); err != nil {
		return err
	}
	s.state = StateSynReceived
	s.takeSYN(now, syn)
	if len(syn.Payload) > 0 {
		l.env.Stats.DropSYNData++ // nobody has shown yet that it is not forged; the peer sends it again
	}
	s.listener = l
	s.startTimer(now)
	s.listenPos = uint32(len(l.half))
	l.half = append(l.half, s)
	l.env.Stats.PassiveOpens++
	s.host.Wake()
	return nil
}

// admit moves s, whose handshake is complete, into the accept queue if there is room.
func (l *Listener) admit(s *Socket) bool {
	if l.queue.live >= l.cfg.AcceptQueue {
		return false
	}
	l.dropHalf(s)
	s.flags |= flagQueued
	l.queue.push(s)
	return true
}

// dropHalf takes s out of those in SYN-RECEIVED.
func (l *Listener) dropHalf(s *Socket) {
	last := len(l.half) - 1
	l.half[s.listenPos] = l.half[last]
	l.half[s.listenPos].listenPos = s.listenPos
	l.half[last] = nil
	l.half = l.half[:last]
}

// remove takes out a socket that has closed before anybody accepted it.
func (l *Listener) remove(s *Socket) {
	s.listener = nil
	if s.flags&flagQueued == 0 {
		l.dropHalf(s)
		return
	}
	s.flags &^= flagQueued
	l.queue.remove(s)
}

// Accept gives the connection that has waited longest. One that has failed while it waited is not seen here.
func (l *Listener) Accept() (*Socket, bool) {
	s := l.queue.pop()
	if s == nil {
		return nil, false
	}
	s.listener = nil
	s.flags &^= flagQueued
	return s, true
}

// Close ends the listener and resets what nobody has accepted, established or not.
func (l *Listener) Close() {
	l.ended = true
	for len(l.half) > 0 {
		l.half[len(l.half)-1].Abort()
	}
	for s, ok := l.Accept(); ok; s, ok = l.Accept() {
		s.Abort()
	}
}
