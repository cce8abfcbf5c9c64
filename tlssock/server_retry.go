package tlssock

import (
	"smoltls/tlssock/internal/wire"
)

// askForShare sends a HelloRetryRequest for the group that was chosen (RFC 8446 §4.1.4).
func (h *serverHandshake) askForShare(m message, msg *wire.ClientHello) (state, error) {
	h.transcript.Retry()
	retry := wire.ServerHello{
		LegacyVersion: wire.VersionTLS12, Random: []byte(wire.RetryRandom), SessionID: msg.SessionID, CipherSuite: h.suite.ID,
		Has:              wire.SetOf(wire.ExtSupportedVersions, wire.ExtKeyShare),
		SupportedVersion: wire.VersionTLS13, Group: h.group,
	}
	if err := h.offerRetryConfirmation(&retry); err != nil {
		return nil, err
	}
	flight, err := retry.Append(h.flight)
	if err != nil {
		return nil, err
	}
	if err := h.confirmRetryECH(flight[len(h.flight):], msg); err != nil {
		return nil, err
	}
	if err := h.push(flight, nil); err != nil {
		return nil, err
	}
	if err := h.send(); err != nil {
		return nil, err
	}
	h.e.queueCCS() // RFC 8446 §D.4
	h.e.facts.retried = true
	if msg.Has.Has(wire.ExtEarlyData) && h.prep.maxEarly > 0 { // RFC 8446 §4.2.10
		h.e.facts.earlyStatus = EarlyDataRetried
		h.e.env.Stats.EarlyDataRejected++
		h.e.logEarlyData(EarlyDataRetried)
	}
	h.firstHello = append(h.firstHello[:0], m.body()...)
	return serverExpectSecondClientHello{h}, nil
}
