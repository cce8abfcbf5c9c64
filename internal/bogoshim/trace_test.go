package main

import (
	"crypto/tls"
	"fmt"
	"net"
	"testing"
)

// What the shim tells of its handshakes, in both roles, and that another expectation does not hold.
func TestTraceTellsEveryMessage(t *testing.T) {
	key, list := testECHKey(t)
	const sent = "read hs 8\nread hs 11\nread hs 15\nread hs 20\nwrite ccs\nwrite hs 20\nread hs 4\n"
	for _, c := range []struct {
		flags []string
		want  string
	}{
		{nil, "write hs 1\nread hs 2\n" + sent},
		{[]string{"-ech-config-list", encoded(list), "-expect-ech-accept"}, "write clienthelloinner\nwrite hs 1\nread hs 2\n" + sent},
	} {
		for status, want := range map[int]string{0: c.want, exitUnexpected: c.want + "read hs 4\n"} {
			r := newTestRunner(t, 1, func(r *testRunner, conn net.Conn) error {
				return echoes(tls.Server(conn, r.server(&tls.Config{MinVersion: tls.VersionTLS13, EncryptedClientHelloKeys: []tls.EncryptedClientHelloKey{key}})))
			})
			got, said := r.shim(append([]string{"-host-name", "shim", "-expect-msg-callback", want}, c.flags...)...)
			if err := <-r.done; err != nil || got != status {
				t.Errorf("client %q: status %d: %s, %v", c.flags, got, said, err)
			}
		}
	}
	const answer = "write hs 2\nwrite ccs\nwrite hs 8\nwrite hs 11\nwrite hs 15\nwrite hs 20\nread hs 20\nwrite hs 4\nwrite hs 4\n"
	for _, encrypted := range []bool{false, true} {
		r := newTestRunner(t, 1, func(_ *testRunner, conn net.Conn) error {
			cfg := &tls.Config{MinVersion: tls.VersionTLS13, ServerName: "shim", InsecureSkipVerify: true, CurvePreferences: []tls.CurveID{tls.X25519}, ClientSessionCache: tls.NewLRUClientSessionCache(1)}
			if encrypted {
				cfg.EncryptedClientHelloConfigList = list
			}
			return echoes(tls.Client(conn, cfg))
		})
		flags := []string{"-server", "-cert-file", r.certFile, "-key-file", r.keyFile}
		want := "read hs 1\n" + answer
		if encrypted {
			want = "read hs 1\nread clienthelloinner\n" + answer
			flags = append(flags, "-ech-server-config", encoded(key.Config), "-ech-server-key", encoded(key.PrivateKey), "-expect-ech-accept")
		}
		status, said := r.shim(append(flags, "-expect-msg-callback", want)...)
		if err := <-r.done; err != nil || status != 0 {
			t.Errorf("server, encrypted %v: status %d: %s, %v", encrypted, status, said, err)
		}
	}
}

// Keys and IVs are those of RFC 8448 §3, for the server's handshake traffic.
func TestTraceDerivesKeysAsTheTracesDo(t *testing.T) {
	secret := []byte("\xb6\x7b\x7d\x69\x0c\xc1\x6c\x4e\x75\xe5\x42\x13\xcb\x2d\x37\xb4\xe9\xc9\x12\xbc\xde\xd9\x10\x5d\x42\xbe\xfd\x59\xd3\x91\xad\x38")
	key, err1 := expandLabel(secret, "key", 16)
	iv, err2 := expandLabel(secret, "iv", 12)
	if got := fmt.Sprintf("%x %x", key, iv); got != "3fce516009c21727d0f2e4e86ee403bc 5d313eb2671276ee13000b30" {
		t.Errorf("%s, %v, %v", got, err1, err2)
	}
}
