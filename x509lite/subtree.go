package x509lite

import (
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/crypto/cryptobyte/asn1"
)

// validBase reports whether a constraint is one that is understood (RFC 5280 §4.2.1.10). An empty one means every name
// of a dNSName, and what it means of other forms is not said anywhere.
func validBase(tag asn1.Tag, base []byte) bool {
	text := string(base)
	switch tag {
	case tagDNSName:
		return text == "" || validHostname(strings.TrimPrefix(text, "."), false)
	case tagURI:
		return validHostname(strings.TrimPrefix(text, "."), false)
	case tagEmail:
		if strings.Contains(text, "@") {
			_, _, ok := splitMailbox(text)
			return ok
		}
		return validHostname(strings.TrimPrefix(text, "."), false)
	case tagIPAddress:
		_, ok := parseRange(base)
		return ok
	}
	return tag == tagDirectoryName
}

// dnsWithin reports whether every name that a valid dNSName stands for is in the subtree: those that have the base at
// their end, label by label. A base that begins with a dot, which the RFC does not know and practice does, leaves
// itself out.
func dnsWithin(name, base string) bool {
	switch {
	case base == "":
		return true
	case base[0] == '.':
		return len(name) > len(base) && equalFold(name[len(name)-len(base):], base)
	case len(name) > len(base):
		return name[len(name)-len(base)-1] == '.' && equalFold(name[len(name)-len(base):], base)
	}
	return equalFold(name, base)
}

// dnsTouches reports whether any name that a valid dNSName stands for is in the subtree: of "*.a.example" one is in
// b.a.example.
func dnsTouches(name, base string) bool {
	if rest, wild := strings.CutPrefix(name, "*."); wild {
		if dot := strings.IndexByte(base, '.'); dot > 0 && equalFold(base[dot+1:], rest) {
			return true
		}
	}
	return dnsWithin(name, base)
}

// hostWithin is for the hosts of URIs and mailboxes: the base is that host, or begins with a dot and is any host below.
func hostWithin(host, base string) bool {
	if strings.HasPrefix(base, ".") {
		return dnsWithin(host, base)
	}
	return equalFold(host, base)
}

// uriHost gives the host of a URI; false where there is none that is a DNS name, as RFC 5280 §4.2.1.10 wants it for a
// constraint.
func uriHost(uri string) (host string, ok bool) {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme == "" {
		return "", false
	}
	host = strings.TrimSuffix(u.Hostname(), ".")
	return host, validHostname(host, false) && !looksLikeIP(host)
}

// splitMailbox gives the parts of a mailbox (RFC 5321 §4.1.2), a quoted local part without its quotes; false when it is
// none, or its host is an address.
func splitMailbox(mailbox string) (local, host string, ok bool) {
	at := strings.LastIndexByte(mailbox, '@')
	if at <= 0 {
		return "", "", false
	}
	local, host = mailbox[:at], mailbox[at+1:]
	if local[0] == '"' {
		if local, ok = unquote(local); !ok {
			return "", "", false
		}
	} else if strings.ContainsAny(local, " \"(),:;<>@[\\]") {
		return "", "", false
	}
	return local, host, validHostname(host, false)
}

// unquote reads a Quoted-string (RFC 5321 §4.1.2).
func unquote(quoted string) (text string, ok bool) {
	var b strings.Builder
	for i := 1; i < len(quoted); i++ {
		switch quoted[i] {
		case '"':
			return b.String(), i == len(quoted)-1
		case '\\':
			if i++; i == len(quoted) {
				return "", false
			}
		}
		b.WriteByte(quoted[i])
	}
	return "", false
}

// mailboxWithin compares a mailbox with a base: a mailbox, a host, or a domain with a dot before it. Local parts are
// told apart by case (RFC 5280 §7.5).
func mailboxWithin(local, host, base string) bool {
	if !strings.Contains(base, "@") {
		return hostWithin(host, base)
	}
	l, h, ok := splitMailbox(base)
	return ok && l == local && equalFold(h, host)
}

// parseRange reads an address followed by a mask, as iPAddress has it in constraints: a prefix, so that the mask's ones
// come first.
func parseRange(b []byte) (p netip.Prefix, ok bool) {
	if len(b) != 8 && len(b) != 32 {
		return p, false
	}
	addr, _ := netip.AddrFromSlice(b[:len(b)/2])
	ones, zero := 0, false
	for _, octet := range b[len(b)/2:] {
		for bit := range 8 {
			switch {
			case octet&(0x80>>bit) == 0:
				zero = true
			case zero:
				return p, false
			default:
				ones++
			}
		}
	}
	return netip.PrefixFrom(addr, ones), true
}
