package tlssock

import (
	"fmt"
	"slices"

	"smoltls/tlssock/internal/wire"
)

// PSKMode is how a pre-shared key, of a session or an external one, is used (RFC 8446 §4.2.9).
type PSKMode uint8

// The modes. Without a key exchange, whoever learns the key later can read what was recorded before.
const (
	PSKWithoutDHE PSKMode = 0 // psk_ke
	PSKWithDHE    PSKMode = 1 // psk_dhe_ke
)

// pskDHEOnly is what is done by default.
var pskDHEOnly = []byte{byte(PSKWithDHE)}

// fillPSKModes takes the modes from the configuration.
func (p *prepared) fillPSKModes(modes []PSKMode) error {
	if modes == nil {
		p.pskModes = pskDHEOnly
		return nil
	}
	for _, m := range modes {
		if m > PSKWithDHE || slices.Contains(p.pskModes, byte(m)) {
			return fmt.Errorf("PSKModes: %d, or that twice", m)
		}
		p.pskModes = append(p.pskModes, byte(m))
	}
	if len(p.pskModes) == 0 {
		return fmt.Errorf("PSKModes: none; SessionTicketsDisabled turns resumption off")
	}
	return nil
}

// pskMode gives the first mode of our preference that the client offers; false: none.
func (h *serverHandshake) pskMode(msg *wire.ClientHello) (mode PSKMode, ok bool) {
	for _, m := range h.prep.pskModes {
		if slices.Contains(msg.PSKModes, m) {
			return PSKMode(m), true
		}
	}
	return 0, false
}

// withoutDHE reports whether the handshake goes on from a pre-shared key that was found, and without a key exchange.
func (h *serverHandshake) withoutDHE(msg *wire.ClientHello) bool {
	mode, ok := h.pskMode(msg)
	return ok && mode == PSKWithoutDHE && (h.resuming.found || h.external.ExternalPSK != nil)
}

// mayLackShares reports whether a hello may do without key_share and supported_groups, if its pre-shared key is good.
func (h *serverHandshake) mayLackShares(msg *wire.ClientHello) bool {
	mode, ok := h.pskMode(msg)
	return ok && mode == PSKWithoutDHE && msg.Has.Has(wire.ExtPreSharedKey)
}

// needShares is the answer to a hello that lacks them when its pre-shared key is not good (RFC 8446 §9.2).
func needShares(msg *wire.ClientHello) error {
	for _, t := range [...]wire.ExtensionType{wire.ExtSupportedGroups, wire.ExtKeyShare} {
		if !msg.Has.Has(t) {
			return faultf(AlertMissingExtension, "ClientHello without %v", t)
		}
	}
	return nil
}

// agree agrees on the shared secret with the server, or on none, where that was offered and the server takes a
// pre-shared key.
func (h *clientHandshake) agree(msg *wire.ServerHello) (err error) {
	psk := msg.Has.Has(wire.ExtPreSharedKey)
	if !msg.Has.Has(wire.ExtKeyShare) {
		if psk && slices.Contains(h.prep.pskModes, byte(PSKWithoutDHE)) {
			h.shared = h.shared[:0]
			return nil
		}
		return faultf(AlertMissingExtension, "ServerHello without key_share")
	}
	if psk && !slices.Contains(h.prep.pskModes, byte(PSKWithDHE)) {
		return faultf(AlertIllegalParameter, "ServerHello with key_share and pre_shared_key, whose mode was not offered")
	}
	if share, _ := h.hello.KeyShares.Find(msg.Group); share == nil || !slices.Contains(h.prep.groups, msg.Group) { // RFC 8446 §4.2.8
		return faultf(AlertIllegalParameter, "ServerHello has a share of group %#04x, for which none was offered", msg.Group)
	}
	h.shared, err = h.kex.Agree(msg.Group, msg.KeyShare, h.shared[:0])
	return err
}
