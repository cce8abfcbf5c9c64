package tlssock

import (
	"bytes"

	"smoltls/tlssock/internal/wire"
)

// serverExpectSecondClientHello is a server that has sent a HelloRetryRequest.
type serverExpectSecondClientHello struct{ *serverHandshake }

func (s serverExpectSecondClientHello) handle(m message) (state, error) {
	var first, msg wire.ClientHello
	m, err := s.readClientHello(m, &msg)
	if err != nil {
		return nil, err
	}
	if err := first.Parse(s.firstHello); err != nil {
		return nil, err
	}
	if !unchanged(&first, &msg) {
		return nil, faultf(AlertIllegalParameter, "second ClientHello differs from the first")
	}
	s.e.passOver = 0 // early data went before this, if the client keeps to RFC 8446 §4.1.2
	if first.Has.Has(wire.ExtPreSharedKey) && (s.resuming.found || s.external.ExternalPSK != nil) && !msg.Has.Has(wire.ExtPreSharedKey) {
		return nil, faultf(AlertMissingExtension, "second ClientHello withdraws its pre-shared keys")
	}
	share, twice := msg.KeyShares.Find(s.group)
	if twice || len(share)+4 != len(msg.KeyShares) { // RFC 8446 §4.2.8: this share and no other
		return nil, faultf(AlertIllegalParameter, "second ClientHello has not the one key share that was asked for")
	}
	if err := s.findSession(&msg); err != nil {
		return nil, err
	}
	if err := s.findExternalAgain(&msg); err != nil {
		return nil, err
	}
	return s.answer(m, &msg)
}

// mayChange are the extensions of a second ClientHello that need not be as they were in the first (RFC 8446 §4.1.2).
var mayChange = wire.SetOf(wire.ExtKeyShare, wire.ExtEarlyData, wire.ExtCookie, wire.ExtPreSharedKey, wire.ExtPadding)

// unchanged reports whether the second hello is the first but for what may change. A cookie must not appear: none was
// given.
func unchanged(first, second *wire.ClientHello) bool {
	if first.LegacyVersion != second.LegacyVersion || !bytes.Equal(first.Random, second.Random) ||
		!bytes.Equal(first.SessionID, second.SessionID) || !bytes.Equal(first.CipherSuites, second.CipherSuites) ||
		!bytes.Equal(first.CompressionMethods, second.CompressionMethods) || second.Has.Has(wire.ExtCookie) {
		return false
	}
	a, b := fixedExtensions(first.Extensions), fixedExtensions(second.Extensions)
	for {
		ta, bodyA, okA := a()
		tb, bodyB, okB := b()
		if okA != okB || ta != tb || !bytes.Equal(bodyA, bodyB) {
			return false
		}
		if !okA {
			return true
		}
	}
}

// fixedExtensions steps through the extensions that may not change.
func fixedExtensions(e wire.Extensions) func() (wire.ExtensionType, []byte, bool) {
	return func() (wire.ExtensionType, []byte, bool) {
		for len(e) > 0 {
			t, body, rest := e.First()
			e = rest
			// RFC 9849 §7.1.1: what has not been decrypted is not looked at, and what has been is known to be the same.
			if !mayChange.Has(t) && t != wire.ExtEncryptedClientHello {
				return t, body, true
			}
		}
		return 0, nil, false
	}
}
