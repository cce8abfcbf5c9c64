package tlssock

import (
	"slices"

	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
)

// earlyOut is what a client's handshake notes of the early data that it sends.
type earlyOut struct {
	open   bool   // more can be sent: our records are under the keys of early data
	left   int    // bytes that can still be sent
	budget int64  // bytes that the records of them may have
	sent   int    // bytes
	kept   []byte // what was sent, if it may have to be sent again
}

// offerEarly decides whether early data goes with the hello, and says so in it (RFC 8446 §4.2.10).
func (h *clientHandshake) offerEarly() {
	if !h.e.cfg.EnableEarlyData {
		return
	}
	f, s := h.e.facts, h.offering.session
	switch {
	case s == nil:
		f.earlyStatus = EarlyDataNoSession
	case s.maxEarly == 0 || !h.prep.suiteList.Contains(s.suite):
		f.earlyStatus = EarlyDataUnsupported
	case s.protocol != "" && !slices.Contains(h.e.cfg.NextProtos, s.protocol):
		f.earlyStatus = EarlyDataProtocol
	default:
		f.suite = suite.ByID(s.suite)
		f.peer[0], f.peerKey = h.offering.leaf, h.offering.key // whom it is for
		f.earlyStatus, f.protocol, h.offering.protocol = EarlyDataOffered, s.protocol, s.protocol
		h.hello.Has.Add(wire.ExtEarlyData)
		h.earlyOut = earlyOut{open: true, left: int(min(int64(s.maxEarly), int64(h.prep.limits.EarlyData))), budget: earlyBudget(s.maxEarly)}
	}
}

// startEarly goes over to the keys of early data, when the hello that offers some has been queued.
func (h *clientHandshake) startEarly() error {
	if !h.earlyOut.open {
		return nil
	}
	if len(h.hello.SessionID) > 0 { // RFC 8446 §D.4
		h.e.queueCCS()
	}
	st := suite.ByID(h.offering.session.suite)
	var secret [suite.MaxHashSize]byte
	defer clear(secret[:])
	h.early.Set(h.scratch(), st.Hash, h.offering.session.secret)
	sum := h.transcript.SumWith(h.scratch(), h.sum[:0], st.Hash, nil)
	traffic, err := h.deriveEarly(st, secret[:0], sum)
	if err != nil {
		return err
	}
	h.e.out.SetSecret(st, traffic)
	return nil
}

// countEarly notes that plain is sent, in a record of so many bytes.
func (h *clientHandshake) countEarly(plain []byte, record int) {
	o := &h.earlyOut
	o.left -= len(plain)
	o.budget -= int64(record)
	o.sent += len(plain)
	if h.e.cfg.ResendEarlyData {
		o.kept = append(o.kept, plain...)
	}
}

// closeEarly ends early data that was not accepted.
func (h *clientHandshake) closeEarly(why EarlyDataStatus) {
	h.earlyOut.open = false
	h.e.facts.earlyStatus = why
	h.e.env.Stats.EarlyDataRejected++
	h.e.logEarlyData(why)
}

// withdrawEarly takes the offer back, because a HelloRetryRequest has come (RFC 8446 §4.2.10). Our records are in the
// clear again.
func (h *clientHandshake) withdrawEarly() {
	if !h.earlyOut.open {
		return
	}
	h.closeEarly(EarlyDataRetried)
	h.hello.Has &^= wire.SetOf(wire.ExtEarlyData)
	h.forgetPrediction()
	h.e.facts.suite = nil
	h.e.out.Wipe()
}

// forgetPrediction ends what was assumed for early data: what is so the server says.
func (h *clientHandshake) forgetPrediction() {
	f := h.e.facts
	f.protocol, f.peer[0], f.peerKey = "", nil, nil
}

// keepEarly ends early data with a server that has not taken the session.
func (h *clientHandshake) keepEarly() {
	if h.earlyOut.open && !h.e.facts.resumed {
		h.closeEarly(EarlyDataNotResumed)
	}
}

// takeEarlyAnswer takes what the server's EncryptedExtensions say of early data.
func (h *clientHandshake) takeEarlyAnswer(msg *wire.EncryptedExtensions) error {
	f, o := h.e.facts, &h.earlyOut
	if !msg.Has.Has(wire.ExtEarlyData) {
		if o.open {
			why := EarlyDataDeclined
			if f.protocol != h.offering.session.protocol {
				why = EarlyDataProtocol
			}
			h.closeEarly(why)
			h.installKeys(h.cut(&h.clientSecret), nil)
		}
		return nil
	}
	switch s := h.offering.session; {
	case !o.open: // RFC 8446 §4.2.10: with the first of our keys only
		return faultf(AlertUnsupportedExtension, "%w: early_data in EncryptedExtensions", ErrUnexpectedMessage)
	case s.suite != h.suite.ID:
		return fault(AlertIllegalParameter, ErrEarlyDataSuite)
	case s.protocol != f.protocol:
		return fault(AlertIllegalParameter, ErrEarlyDataProtocol)
	}
	f.earlyStatus = EarlyDataAccepted
	h.e.env.Stats.EarlyDataAccepted++
	h.e.logEarlyData(f.earlyStatus)
	return nil
}

// endOfEarlyData is the whole message (RFC 8446 §4.5).
var endOfEarlyData = []byte{byte(wire.TypeEndOfEarlyData), 0, 0, 0}

// endEarly sends EndOfEarlyData, and goes over to the keys of the handshake.
func (h *clientHandshake) endEarly() error {
	if !h.earlyOut.open {
		return nil
	}
	if err := h.push(append(h.flight, endOfEarlyData...), nil); err != nil {
		return err
	}
	if err := h.send(); err != nil {
		return err
	}
	h.earlyOut.open = false
	h.installKeys(h.cut(&h.clientSecret), nil)
	return nil
}

// resendEarly sends early data that was rejected again, or sees to it that the caller hears of it. Our records are
// under the keys of application data.
func (h *clientHandshake) resendEarly() error {
	o, f := &h.earlyOut, h.e.facts
	if o.sent == 0 || f.earlyStatus == EarlyDataAccepted {
		return nil
	}
	if len(o.kept) < o.sent || f.protocol != h.offering.protocol {
		h.e.flags |= flagEarlyLost
		return nil
	}
	err := h.e.queueRecords(wire.ApplicationData, o.kept)
	clear(o.kept)
	return err
}
