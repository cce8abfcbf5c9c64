package wire

import (
	"golang.org/x/crypto/cryptobyte"
)

// KeyShares is the list of a client's KeyShareEntry values in wire form, without its length (RFC 8446 §4.2.8).
type KeyShares []byte

// AppendKeyShare adds an entry to a list. key must have 1 to 65,535 bytes.
func AppendKeyShare(list KeyShares, group uint16, key []byte) KeyShares {
	w := builder{b: list}
	w.u16(group)
	w.vector(key, 2)
	return w.b
}

// Find gives the share of a group, nil if there is none. twice reports that there is more than one, which is not
// allowed.
func (k KeyShares) Find(group uint16) (key []byte, twice bool) {
	s := cryptobyte.String(k)
	for !s.Empty() {
		var g uint16
		var share cryptobyte.String
		if !s.ReadUint16(&g) || !s.ReadUint16LengthPrefixed(&share) {
			return nil, false
		}
		if g != group {
			continue
		}
		if key != nil {
			return key, true
		}
		key = share
	}
	return key, false
}

// check reports whether the list consists of whole entries with non-empty keys.
func (k KeyShares) check() bool {
	s := cryptobyte.String(k)
	for !s.Empty() {
		var group uint16
		var key cryptobyte.String
		if !s.ReadUint16(&group) || !s.ReadUint16LengthPrefixed(&key) || key.Empty() {
			return false
		}
	}
	return true
}
