package x509lite

import (
	"net/netip"
	"strings"
)

// Bounds of DNS names (RFC 1035 §2.3.4), without the root's dot.
const (
	maxHostname = 253
	maxLabel    = 63
)

// A refName is the name a caller asks for (RFC 9525 §6.1), ready for comparison: an IP address, or a DNS name.
type refName struct {
	ip  netip.Addr
	dns string // without the root's dot
}

// parseRefName reads a DNS name or an IP literal, with or without brackets or a zone. It allocates nothing. ok is false
// for what is neither: such a name matches nothing.
func parseRefName(s string) (n refName, ok bool) {
	if len(s) > 2 && s[0] == '[' && s[len(s)-1] == ']' { // RFC 3986 §3.2.2
		s = s[1 : len(s)-1]
		if strings.IndexByte(s, ':') < 0 {
			return n, false
		}
	}
	if looksLikeIP(s) {
		ip, err := netip.ParseAddr(s)
		return refName{ip: ip.WithZone("")}, err == nil // a zone is this machine's matter, no certificate has one
	}
	s = strings.TrimSuffix(s, ".")
	return refName{dns: s}, validHostname(s, false)
}

// looksLikeIP reports whether s can only be meant as an address: it has a colon, or consists of digits and dots.
func looksLikeIP(s string) bool {
	digits := true
	for i := 0; i < len(s); i++ {
		if s[i] == ':' {
			return true
		}
		if s[i] != '.' && (s[i] < '0' || s[i] > '9') {
			digits = false
		}
	}
	return digits
}

// validHostname reports whether s consists of DNS labels of letters, digits, hyphens and underscores (which RFC 9525
// §6.3 does not know and practice does), and begins with "*." at most where a wildcard may.
func validHostname(s string, wildcard bool) bool {
	if wildcard && strings.HasPrefix(s, "*.") {
		s = s[2:]
	}
	if len(s) == 0 || len(s) > maxHostname {
		return false
	}
	label := 0
	for i := 0; i < len(s); i++ {
		switch c := lower(s[i]); {
		case c == '.':
			if label == 0 {
				return false
			}
			label = 0
			continue
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '_', c == '-' && label > 0:
		default:
			return false
		}
		if label++; label > maxLabel {
			return false
		}
	}
	return label > 0
}

// lower folds ASCII letters (RFC 4343).
func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func equalFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := 0; i < len(a); i++ {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

// matchDNS compares a name from a certificate with a valid name asked for (RFC 9525 §6.3): label by label, and "*" as
// the whole left-most label stands for exactly one.
func matchDNS(presented, asked string) bool {
	if rest, ok := strings.CutPrefix(presented, "*."); ok {
		dot := strings.IndexByte(asked, '.')
		return dot > 0 && equalFold(rest, asked[dot+1:])
	}
	return equalFold(presented, asked)
}

// MatchName reports whether a subjectAltName of the certificate is the name: a DNS name (RFC 9525 §6.3, with "*" as the
// whole left-most label, internationalised names as A-labels) or an IP address in text, which only an iPAddress matches
// (§6.4). The common name is not looked at. It allocates nothing.
func (c *Certificate) MatchName(name string) bool {
	n, ok := parseRefName(name)
	if !ok {
		return false
	}
	if n.dns == "" {
		for _, ip := range c.IPAddresses {
			if ip == n.ip {
				return true
			}
		}
		return false
	}
	for _, d := range c.DNSNames {
		if matchDNS(d, n.dns) {
			return true
		}
	}
	return false
}
