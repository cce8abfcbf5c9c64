package tlssock

import (
	"time"

	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
)

// earlyIn is what a server's handshake notes of the early data that it gets.
type earlyIn struct {
	open  bool       // accepted: the client's records are under the keys of early data
	left  int64      // bytes that may still come
	hello EarlyHello // for the guard
}

// noteAge notes what the client says about the age of its ticket (RFC 8446 §4.2.11.1).
func (h *serverHandshake) noteAge(s *session, obfuscated uint32) {
	age := time.Duration(obfuscated-s.ageAdd) * time.Millisecond
	h.earlyIn.hello.Issued = s.issued
	h.earlyIn.hello.Expected = s.issued.Add(age)
	h.e.facts.note().ageSkew = age - h.e.env.Now.Sub(s.issued)
}

// chooseEarly accepts the client's early data, or not; or its ReplayGuard answers later. The transcript ends with
// ClientHello.
func (h *serverHandshake) chooseEarly(msg *wire.ClientHello) (*Pending, error) {
	status := h.judgeEarly(msg)
	if status == EarlyDataAccepted {
		p, ok := h.askGuard()
		if p != nil {
			return p, nil
		}
		if !ok {
			status = EarlyDataRefused
		}
	}
	return nil, h.settleEarly(msg, status)
}

// settleEarly does what follows from what became of the client's early data.
func (h *serverHandshake) settleEarly(msg *wire.ClientHello, status EarlyDataStatus) error {
	f := h.e.facts
	f.earlyStatus = status
	if status != EarlyDataAccepted {
		if msg.Has.Has(wire.ExtEarlyData) {
			h.e.env.Stats.EarlyDataRejected++
			h.e.logEarlyData(f.earlyStatus)
		}
		return nil
	}
	h.e.env.Stats.EarlyDataAccepted++
	h.e.logEarlyData(f.earlyStatus)
	h.e.passOver = 0
	h.earlyIn.open, h.earlyIn.left = true, int64(h.resuming.session.maxEarly)
	var secret [suite.MaxHashSize]byte
	defer clear(secret[:])
	traffic, err := h.deriveEarly(h.suite, secret[:0], h.transcriptHash())
	if err != nil {
		return err
	}
	h.installKeys(traffic, nil)
	return nil
}

// judgeEarly makes the checks of RFC 8446 §4.2.10. That for a replay comes last, when all others are passed: what it
// records is spent.
func (h *serverHandshake) judgeEarly(msg *wire.ClientHello) EarlyDataStatus {
	f, s := h.e.facts, &h.resuming.session
	switch {
	case h.prep.maxEarly == 0:
		return EarlyDataOff
	case !msg.Has.Has(wire.ExtPreSharedKey):
		return EarlyDataNoSession
	case !f.resumed:
		return EarlyDataNotResumed
	case s.maxEarly == 0 || s.maxEarly > h.prep.maxEarly || s.suite != h.suite.ID:
		return EarlyDataUnsupported
	case f.earlyStatus == EarlyDataRetried, f.retried && msg.Has.Has(wire.ExtEarlyData): // RFC 8446 §4.1.2: it goes with a first hello only
		return EarlyDataRetried
	case !msg.Has.Has(wire.ExtEarlyData):
		return EarlyDataDeclined
	case h.selected != 0:
		return EarlyDataNotResumed
	case s.protocol != f.protocol:
		return EarlyDataProtocol
	}
	return EarlyDataAccepted
}

// takesEarly reports whether the client's records are under the keys of early data.
func (e *Engine) takesEarly() bool {
	return e.hs != nil && e.hs.server != nil && e.hs.server.earlyIn.open
}

// takeEarly holds early data until it is read.
func (h *serverHandshake) takeEarly(content []byte) error {
	e := h.e
	if err := e.notInterleaved(); err != nil {
		return err
	}
	if len(content) == 0 {
		return e.countEmpty()
	}
	if h.earlyIn.left -= int64(len(content)); h.earlyIn.left < 0 { // RFC 8446 §4.2.10
		return fault(AlertUnexpectedMessage, ErrTooMuchEarlyData)
	}
	e.empties = 0
	e.countBytesIn(len(content))
	x := e.facts.rare.early
	x.held = append(x.held, content...)
	return nil
}
