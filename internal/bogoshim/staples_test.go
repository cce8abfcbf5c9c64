package main

import (
	"crypto/tls"
	"net"
	"testing"
)

func TestStaplesAreExpected(t *testing.T) {
	for _, c := range []struct {
		flags  []string
		status int
	}{
		{[]string{"-enable-ocsp-stapling", "-expect-ocsp-response", "AQI="}, 0},
		{[]string{"-enable-signed-cert-timestamps", "-expect-signed-cert-timestamps", "AAMAAQc="}, 0},
		{[]string{"-enable-ocsp-stapling", "-expect-ocsp-response", "AQM="}, exitUnexpected},
		{[]string{"-expect-ocsp-response", "AQI="}, exitUnexpected}, // not asked for
		{[]string{"-enable-ocsp-stapling", "-use-ocsp-callback", "-fail-ocsp-callback"}, exitFailed},
	} {
		r := newTestRunner(t, 1, func(r *testRunner, conn net.Conn) error {
			cfg := r.server(&tls.Config{})
			cfg.Certificates[0].OCSPStaple, cfg.Certificates[0].SignedCertificateTimestamps = []byte{1, 2}, [][]byte{{7}}
			_ = echoes(tls.Server(conn, cfg))
			return nil
		})
		if status, said := r.shim(c.flags...); status != c.status {
			t.Errorf("%q: status %d, %s", c.flags, status, said)
		}
		<-r.done
	}
}

func TestServersOCSPHook(t *testing.T) {
	r := newTestRunner(t, 0, func(*testRunner, net.Conn) error { return nil })
	flags := []string{"-server", "-cert-file", r.certFile, "-key-file", r.keyFile, "-ocsp-response", "AQI=", "-use-ocsp-callback"}
	for hook, want := range map[string]string{"-set-ocsp-in-callback": "\x01\x02", "-decline-ocsp-callback": "", "-fail-ocsp-callback": "error"} {
		o, err := parseFlags(append(flags[:len(flags):len(flags)], hook))
		if err != nil {
			t.Fatal(err)
		}
		cfg, err := o[initial].config(newShim(o))
		if want == "error" {
			if err == nil {
				t.Error("the hook does not fail")
			}
		} else if err != nil || string(cfg.Certificates[0].OCSPStaple) != want {
			t.Errorf("%s: %v", hook, err)
		}
	}
}
