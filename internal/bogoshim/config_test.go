package main

import (
	"crypto/tls"
	"net"
	"strings"
	"testing"
)

func TestVerifyHookFailsWithTheAlertThatItShould(t *testing.T) {
	for flags, alert := range map[string]string{
		"-verify-peer -verify-fail":                             "handshake_failure",
		"-verify-peer -verify-fail -use-custom-verify-callback": "certificate_unknown",
		"-verify-peer": "",
	} {
		r := newTestRunner(t, 1, func(r *testRunner, conn net.Conn) error {
			_ = echoes(tls.Server(conn, r.server(&tls.Config{})))
			return nil
		})
		status, said := r.shim(strings.Fields(flags)...)
		if alert == "" && status != 0 || alert != "" && (status != exitFailed || !strings.Contains(said, alert)) {
			t.Errorf("%s: status %d, %s", flags, status, said)
		}
		<-r.done
	}
}
