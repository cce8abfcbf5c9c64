package tlssock

import (
	"slices"

	"smoltls/tlssock/internal/wire"
)

// greaseValue makes one of the 16 values that will never mean anything (RFC 8701 §2) of a random byte.
func greaseValue(random byte) uint16 { return 0x0a0a + 0x1010*uint16(random&15) }

// grease offers reserved values before the others, so that servers which can't pass over what they don't know are found
// (RFC 8701 §3.1). The second hello has them too.
func (h *clientHandshake) grease() error {
	if !h.e.cfg.GREASE {
		return nil
	}
	var b [6]byte
	if err := h.readRandom(b[:]); err != nil {
		return err
	}
	m := &h.hello
	before := func(random byte, list wire.Uint16s) wire.Uint16s {
		return slices.Concat(wire.MakeUint16s(greaseValue(random)), list)
	}
	m.CipherSuites = before(b[0], m.CipherSuites)
	m.SupportedVersions = before(b[1], m.SupportedVersions)
	m.SupportedGroups = before(b[2], m.SupportedGroups)
	if len(m.KeyShares) > 0 {
		m.KeyShares = append(wire.AppendKeyShare(nil, greaseValue(b[2]), []byte{0}), m.KeyShares...)
	}
	if m.Has.Has(wire.ExtSignatureAlgorithms) {
		m.SignatureAlgorithms = before(b[3], m.SignatureAlgorithms)
	}
	if b[5]&15 == b[4]&15 { // no extension twice
		b[5]++
	}
	m.GREASE = [2]wire.ExtensionType{wire.ExtensionType(greaseValue(b[4])), wire.ExtensionType(greaseValue(b[5]))}
	return nil
}

// greaseExtension gives a reserved extension for what a server asks for or gives (RFC 8701 §4.1); 0: none is wanted.
func (h *serverHandshake) greaseExtension() (wire.ExtensionType, error) {
	if !h.e.cfg.GREASE {
		return 0, nil
	}
	var b [1]byte
	err := h.readRandom(b[:])
	return wire.ExtensionType(greaseValue(b[0])), err
}
