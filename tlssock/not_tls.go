package tlssock

import "bytes"

// notTLS says what a stream is that does not begin with a record of TLS, as far as its first bytes tell.
func notTLS(begin []byte) string {
	switch {
	case bytes.HasPrefix(begin, []byte("CONNE")):
		return "an HTTP proxy request"
	case bytes.HasPrefix(begin, []byte("GET ")), bytes.HasPrefix(begin, []byte("POST ")), bytes.HasPrefix(begin, []byte("HEAD ")), bytes.HasPrefix(begin, []byte("PUT ")):
		return "an HTTP request"
	case bytes.HasPrefix(begin, []byte("HTTP/")):
		return "an HTTP response"
	case bytes.HasPrefix(begin, []byte("SSH-")):
		return "SSH"
	}
	return ""
}
