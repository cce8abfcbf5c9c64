package tlssock

import (
	"io"

	"smoltls/tlssock/internal/suite"
)

// EarlyDataStatus says what became of early data in a connection, and why.
type EarlyDataStatus uint8

// The values of EarlyDataStatus.
const (
	EarlyDataOff         EarlyDataStatus = iota // this side wants none
	EarlyDataNoSession                          // the client offered no session
	EarlyDataUnsupported                        // the session is not good for early data here: its ticket or its suite
	EarlyDataOffered                            // the server has not answered yet
	EarlyDataAccepted                           // it was accepted
	EarlyDataDeclined                           // the session was resumed, but the other side did without early data
	EarlyDataNotResumed                         // the session was not resumed
	EarlyDataRetried                            // a HelloRetryRequest came between
	EarlyDataProtocol                           // another application protocol was agreed to, or is all that the client offers
	EarlyDataRefused                            // by the ReplayGuard: a replay, or the ticket's age is wrong
	EarlyDataUndecided                          // the ReplayGuard's answer, which was to come later, was an error, or did not come in time
)

var earlyDataStatusNames = [...]string{"off", "no session", "unsupported by session", "offered", "accepted", "declined", "not resumed",
	"HelloRetryRequest", "other protocol", "refused as replay", "undecided whether a replay"}

// String gives it in words.
func (s EarlyDataStatus) String() string {
	if int(s) < len(earlyDataStatusNames) {
		return earlyDataStatusNames[s]
	}
	return "unknown"
}

// early is what an engine keeps of early data beyond the handshake.
type early struct {
	exporter [suite.MaxHashSize]byte // early_exporter_master_secret
	hash     suite.Hash
	held     []byte // that came and was not read
	off      int    // what of it was read
}

// ExportEarlyKeyingMaterial is ExportKeyingMaterial from the early exporter secret (RFC 8446 §7.5), from the moment
// when early data was offered or accepted. Of material that was exported for early data that is not accepted the server
// knows nothing, and material from a replayed hello is the same again. It fails with ErrNoExporter when there is no
// early data, and for a label or length out of range.
func (cs *ConnectionState) ExportEarlyKeyingMaterial(label string, context []byte, length int) ([]byte, error) {
	x := cs.facts.rarely().early
	if x == nil {
		return nil, ErrNoExporter
	}
	return x.hash.Export(&suite.Scratch{}, nil, x.exporter[:x.hash.Size()], label, context, length)
}

// deriveEarly gives the traffic secret of early data, in memory of its own, and keeps the exporter's. sum is the hash
// of the ClientHello.
func (h *handshake) deriveEarly(st *suite.Suite, secret, sum []byte) ([]byte, error) {
	sc := h.scratch()
	x := &early{hash: st.Hash}
	h.e.facts.note().early = x
	secret = h.early.ClientTraffic(sc, secret, sum)
	exporter := h.early.Exporter(sc, x.exporter[:0], sum)
	if err := h.logKey("CLIENT_EARLY_TRAFFIC_SECRET", secret); err != nil {
		return nil, err
	}
	return secret, h.logKey("EARLY_EXPORTER_SECRET", exporter)
}

// clientKeys gives the secret that the client's direction goes over to after ServerHello: nil where early data goes on
// there.
func (h *handshake) clientKeys(secret []byte) []byte {
	if h.client != nil && h.client.earlyOut.open || h.server != nil && h.server.earlyIn.open {
		return nil
	}
	return secret
}

// earlyLost reports once that early data was rejected.
func (e *Engine) earlyLost() bool {
	lost := e.flags&flagEarlyLost != 0
	e.flags &^= flagEarlyLost
	return lost
}

// EarlyDataRoom is how many bytes can be sealed by SealEarly now: on a client as much as is still allowed of early
// data; on a server that has accepted early data and waits for the end of the handshake, what a record holds. 0: none.
// What is allowed on a client counts what records add, too: one that sends many small ones, or pads them, has less room
// than the ticket says.
func (e *Engine) EarlyDataRoom() int {
	switch {
	case e.err != nil || e.hs == nil || e.flags&flagWriteClosed != 0:
		return 0
	case e.hs.client != nil && e.hs.client.earlyOut.open:
		return e.earlyRoom()
	case e.hs.server != nil && e.facts.earlyStatus == EarlyDataAccepted:
		return e.MaxPlaintext()
	}
	return 0
}

// SealEarly is Seal before the handshake is over. A client's data is early data, which somebody can bring to the server
// again; a server's is an answer to early data, to a client of which nobody knows yet whether it is there. Errors as
// Seal, and ErrNoEarlyData when len(plain) is more than EarlyDataRoom.
func (e *Engine) SealEarly(dst, plain []byte) (n int, err error) {
	if e.err != nil {
		return 0, e.err
	}
	if room := e.EarlyDataRoom(); room == 0 || len(plain) > room {
		return 0, ErrNoEarlyData
	}
	if err := e.cantSealNow(dst, plain); err != nil {
		return 0, err
	}
	if len(dst) < e.SealedLen(len(plain)) {
		return 0, io.ErrShortBuffer
	}
	return e.sealEarlyFitting(dst, plain)
}

// sealEarlyFitting is SealEarly for a dst that has room for the record, and perhaps not for all its padding, and for as
// much as may be sent.
func (e *Engine) sealEarlyFitting(dst, plain []byte) (n int, err error) {
	if err := e.cantSealNow(dst, plain); err != nil {
		return 0, err
	}
	if n, err = e.sealData(dst, plain); err == nil && e.hs.client != nil {
		e.hs.client.countEarly(plain, n)
	}
	return n, err
}

// EarlyBuffered is how many bytes of early data have come and were not read.
func (e *Engine) EarlyBuffered() int {
	if e.facts == nil || e.facts.rare == nil || e.facts.rare.early == nil {
		return 0
	}
	x := e.facts.rare.early
	return len(x.held) - x.off
}

// ReadEarly reads early data that a server has accepted into p, and gives how much. Before HandshakeComplete it may be
// a replay of what another connection sent; afterwards it is as good as all other data, and goes before what Receive
// gave since.
func (e *Engine) ReadEarly(p []byte) int {
	if e.EarlyBuffered() == 0 {
		return 0
	}
	x := e.facts.rare.early
	n := copy(p, x.held[x.off:])
	if x.off += n; x.off == len(x.held) {
		e.dropEarly()
	}
	return n
}

// earlyHeld is the early data that was not read.
func (e *Engine) earlyHeld() []byte {
	if e.EarlyBuffered() == 0 {
		return nil
	}
	x := e.facts.rare.early
	return x.held[x.off:]
}

// dropEarly forgets early data that came.
func (e *Engine) dropEarly() {
	if x := e.facts.rarely().early; x != nil {
		clear(x.held)
		x.held, x.off = nil, 0
	}
}
