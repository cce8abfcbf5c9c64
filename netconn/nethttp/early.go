package nethttp

import "net/http"

// safe reports whether r asks for nothing that does harm when it is done twice (RFC 9110 §9.2.1): it may be sent, and
// answered, as early data (RFC 8470 §3, §4).
func safe(r *http.Request) bool {
	switch r.Method {
	case "", http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		return true
	}
	return false
}
