package main

import (
	"crypto/tls"
	"net"
	"strings"
	"testing"
)

func TestExpectationsThatDoNotHoldEndWithAStatusOfTheirOwn(t *testing.T) {
	for _, c := range []struct {
		flags  []string
		status int
	}{
		{[]string{"-curves", "29", "-expect-curve-id", "29", "-expect-version", "772", "-expect-no-hrr", "-expect-alpn", "h2", "-advertise-alpn", "\x02h2"}, 0},
		{[]string{"-curves", "29", "-expect-curve-id", "23"}, exitUnexpected},
		{[]string{"-expect-hrr"}, exitUnexpected},
		{[]string{"-expect-cipher", "1"}, exitUnexpected},
		{[]string{"-expect-peer-cert-file", "CERT"}, 0},
		{[]string{"-resume-count", "1", "-no-ticket", "-expect-session-miss"}, 0},
		{[]string{"-resume-count", "1", "-no-ticket"}, exitUnexpected},
	} {
		r := newTestRunner(t, 2, func(r *testRunner, conn net.Conn) error {
			_ = echoes(tls.Server(conn, r.server(&tls.Config{NextProtos: []string{"h2"}})))
			return nil
		})
		for k := range c.flags {
			c.flags[k] = strings.Replace(c.flags[k], "CERT", r.certFile, 1)
		}
		if status, said := r.shim(c.flags...); status != c.status {
			t.Errorf("%q: status %d, %s", c.flags, status, said)
		}
		r.listener.Close()
		<-r.done
	}
}
