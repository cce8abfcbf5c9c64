package tlssock

import (
	"time"

	"smoltls/internal/bufpool"
	"smoltls/tlssock/internal/suite"
)

// DefaultMaxHandshakes bounds the concurrent handshakes of an Env that names no bound.
const DefaultMaxHandshakes = 1024

// Env is what the engines of one poll loop share. It belongs to one goroutine, as they do. The zero Env is ready to
// use.
type Env struct {
	// Now is the present time, for the validity of certificates. Whoever polls keeps it up to date.
	Now time.Time
	// Pool lends sockets their buffers; nil: one is made on first use.
	Pool *bufpool.Pool
	// MaxHandshakes bounds the handshakes under way at one time; 0 is DefaultMaxHandshakes. A server's counts from its
	// peer's first record.
	MaxHandshakes int
	// Stats counts what happens. It is only to be read.
	Stats Stats

	scratch    suite.Scratch
	handshakes int // under way
	clients    []*clientHandshake
	servers    []*serverHandshake
	buffers    []*buffer
	copies     []*wrappedRecord
}

// Stats counts what the engines of an Env did.
type Stats struct {
	HandshakesStarted, HandshakesCompleted, HandshakesFailed uint64
	HandshakesRefused                                        uint64 // by MaxHandshakes

	RecordsIn, RecordsOut uint64 // all of them
	BytesIn, BytesOut     uint64 // application data, without record overhead
	RecordsDropped        uint64 // after the peer's close_notify, and rejected early data
	KeyUpdatesIn          uint64
	KeyUpdatesOut         uint64
	TicketsIn, TicketsOut uint64
	Resumptions           uint64 // handshakes completed that went on from an earlier one

	ClientAnswers uint64 // taken by servers, to requests for a certificate after the handshake

	EarlyDataAccepted, EarlyDataRejected uint64 // handshakes in which some was offered, by outcome
	ECHAccepted, ECHRejected             uint64 // handshakes with an encrypted hello, by outcome. A server with keys can't tell one that only looks so from one for other keys

	AlertsSent, AlertsReceived [256]uint64 // by Alert
}

// Handshakes gives the number of handshakes under way.
func (v *Env) Handshakes() int { return v.handshakes }

// What is kept for the next one when it is given back.
const (
	keepHandshakes = 64
	keepBuffers    = 64
	keepBuffer     = 32 << 10 // bytes
)

// admit counts one more handshake, or refuses it.
func (v *Env) admit() error {
	limit := v.MaxHandshakes
	if limit <= 0 {
		limit = DefaultMaxHandshakes
	}
	if v.handshakes >= limit {
		v.Stats.HandshakesRefused++
		return fault(AlertInternalError, ErrTooManyHandshakes)
	}
	v.handshakes++
	v.Stats.HandshakesStarted++
	return nil
}

// pop takes the last of a free list, nil if it is empty.
func pop[T any](list *[]*T) *T {
	last := len(*list) - 1
	if last < 0 {
		return nil
	}
	x := (*list)[last]
	(*list)[last] = nil
	*list = (*list)[:last]
	return x
}

// beginClient admits a client's handshake and lends it memory.
func (v *Env) beginClient(e *Engine, p *prepared) (*clientHandshake, error) {
	if err := v.admit(); err != nil {
		return nil, err
	}
	hs := v.lendClient()
	hs.begin(e, p)
	return hs, nil
}

func (v *Env) lendClient() *clientHandshake {
	hs := pop(&v.clients)
	if hs == nil {
		hs = &clientHandshake{}
		hs.client = hs
	}
	return hs
}

// beginServer admits a server's handshake and lends it memory.
func (v *Env) beginServer(e *Engine, p *prepared) (*serverHandshake, error) {
	if err := v.admit(); err != nil {
		return nil, err
	}
	hs := v.lendServer()
	hs.begin(e, p)
	return hs, nil
}

func (v *Env) lendServer() *serverHandshake {
	hs := pop(&v.servers)
	if hs == nil {
		hs = &serverHandshake{}
		hs.server = hs
	}
	return hs
}

// end takes a handshake's memory back, and counts it no more.
func (v *Env) end(hs *handshake) {
	v.handshakes--
	v.takeBack(hs)
	if v.handshakes == 0 {
		v.scratch.Wipe()
	}
}

// takeBack takes a handshake's memory back.
func (v *Env) takeBack(hs *handshake) {
	switch {
	case hs.client != nil:
		hs.client.wipe()
		if len(v.clients) < keepHandshakes {
			v.clients = append(v.clients, hs.client)
		}
	case hs.server != nil:
		hs.server.wipe()
		if len(v.servers) < keepHandshakes {
			v.servers = append(v.servers, hs.server)
		}
	}
}

// buffer is pooled memory for protocol output and for the parts of a handshake message.
type buffer struct {
	b   []byte
	off int // what has been sent
}

func (v *Env) getBuffer() *buffer {
	if b := pop(&v.buffers); b != nil {
		return b
	}
	return &buffer{}
}

func (v *Env) putBuffer(b *buffer) {
	if cap(b.b) > keepBuffer || len(v.buffers) >= keepBuffers {
		return
	}
	b.b, b.off = b.b[:0], 0
	v.buffers = append(v.buffers, b)
}
