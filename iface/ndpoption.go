package iface

import "iter"

// Options of neighbour discovery messages (RFC 4861 §4.6).
const (
	optSourceLinkAddr = 1
	optTargetLinkAddr = 2
	optPrefixInfo     = 3
	optMTU            = 5
	optNonce          = 14 // RFC 3971 §5.3.2
)

// wellFormedOptions: each is as long as it says, and none is empty (RFC 4861 §4.6).
func wellFormedOptions(b []byte) bool {
	for len(b) > 0 {
		if len(b) < 2 || b[1] == 0 || int(b[1])*8 > len(b) {
			return false
		}
		b = b[int(b[1])*8:]
	}
	return true
}

// ndpOptions gives the type and the content of each option, up to one that is cut off.
func ndpOptions(b []byte) iter.Seq2[byte, []byte] {
	return func(yield func(byte, []byte) bool) {
		for len(b) >= 2 && b[1] != 0 && int(b[1])*8 <= len(b) {
			n := int(b[1]) * 8
			if !yield(b[0], b[2:n]) {
				return
			}
			b = b[n:]
		}
	}
}

// linkAddrOption finds the link-layer address option of that type. ok: the options are well formed.
func linkAddrOption(b []byte, want byte) (mac [6]byte, found, ok bool) {
	if !wellFormedOptions(b) {
		return mac, false, false
	}
	for kind, v := range ndpOptions(b) {
		if kind == want && len(v) == len(mac) {
			mac, found = [6]byte(v), true
			if mac[0]&1 != 0 {
				return mac, false, false
			}
		}
	}
	return mac, found, true
}
