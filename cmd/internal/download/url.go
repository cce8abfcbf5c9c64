package download

import (
	"errors"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// What is wrong with a URL. errors.Is finds them.
var (
	ErrScheme = errors.New("the scheme is neither http nor https")
	ErrHost   = errors.New("the host is none that there can be")
	ErrPort   = errors.New("the port is not one of 1 to 65535")
)

// Normalize gives u in the form in which it is asked for: the host in lower case, and in ASCII if it is of other
// letters (RFC 5891 §4), without the fragment, which is not the server's business (RFC 9110 §7.1), and without the zone
// of an address, because there is one device and nothing to choose.
func Normalize(u *url.URL) (*url.URL, error) {
	n := *u
	n.Scheme = strings.ToLower(u.Scheme)
	n.Fragment, n.RawFragment = "", ""
	if n.Scheme != "http" && n.Scheme != "https" {
		return nil, ErrScheme
	}
	host, err := asciiHost(u.Hostname())
	if err != nil || u.Opaque != "" {
		return nil, ErrHost
	}
	n.Host = host
	if strings.HasSuffix(u.Host, ":") { // an empty port is the scheme's own (RFC 3986 §3.2.3)
		return &n, nil
	}
	if port := u.Port(); port != "" {
		if p, err := strconv.ParseUint(port, 10, 16); err != nil || p == 0 {
			return nil, ErrPort
		}
		n.Host += ":" + port
	}
	return &n, nil
}

// asciiHost gives a host as it stands in a URL.
func asciiHost(host string) (string, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		if a = a.WithZone(""); a.Is6() {
			return "[" + a.String() + "]", nil
		}
		return a.String(), nil
	}
	if host == "" || strings.ContainsAny(host, ":%/ ") {
		return "", ErrHost
	}
	if strings.ContainsFunc(host, func(r rune) bool { return r > '~' }) {
		return idna.Lookup.ToASCII(host)
	}
	return strings.ToLower(host), nil // an underscore, say, is a matter between it and its DNS server
}
