package ech

import "strings"

const (
	maxLabel = 63  // bytes; RFC 9499 §2
	maxName  = 253 // bytes; RFC 1035 §2.3.4
)

// validPublicName reports whether a client should connect by that name: a host name that can't be taken for an IPv4
// address (RFC 9849 §6.1.7).
func validPublicName(name string) bool {
	if len(name) > maxName {
		return false
	}
	last := ""
	for label := range strings.SplitSeq(name, ".") {
		if !validLabel(label) {
			return false
		}
		last = label
	}
	return !numeric(last)
}

// validLabel reports whether a label consists of letters, digits and hyphens, with none of those at an end (RFC 5890
// §2.3.1).
func validLabel(label string) bool {
	if label == "" || len(label) > maxLabel || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	for _, c := range []byte(label) {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || isDigit(c) || c == '-') {
			return false
		}
	}
	return true
}

// numeric reports whether an address could end with the label: digits, or hexadecimal ones after "0x".
func numeric(label string) bool {
	rest, hex := strings.CutPrefix(strings.ToLower(label), "0x")
	for _, c := range []byte(rest) {
		if !isDigit(c) && !(hex && 'a' <= c && c <= 'f') {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
