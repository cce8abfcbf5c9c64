package main

import (
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"testing"

	"smoltls/tlssock"
)

func testECHKey(t *testing.T) (key tls.EncryptedClientHelloKey, list []byte) {
	t.Helper()
	key, err := tlssock.NewECHKey(tlssock.ECHKeyOptions{PublicName: "public.example"})
	if err == nil {
		list, err = tlssock.ECHConfigList(key)
	}
	if err != nil {
		t.Fatal(err)
	}
	return key, list
}

func encoded(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

// The shim as a client, with the key that the server has and with another one.
func TestShimEncryptsItsHello(t *testing.T) {
	key, list := testECHKey(t)
	_, other := testECHKey(t)
	for _, c := range []struct {
		list   []byte
		flags  []string
		status int
	}{
		{list, []string{"-expect-ech-accept", "-expect-no-ech-name-override"}, 0},
		{list, nil, exitUnexpected},
		{other, []string{"-expect-ech-retry-configs", encoded(list), "-expect-ech-name-override", "public.example"}, exitFailed},
		{other, []string{"-expect-no-ech-retry-configs"}, exitUnexpected},
		{other, []string{"-expect-ech-name-override", "other.example"}, exitUnexpected},
		{nil, []string{"-enable-ech-grease", "-enable-grease"}, 0},
		{nil, []string{"-reject-unusable-ech-config"}, exitFailed},
	} {
		r := newTestRunner(t, 1, func(r *testRunner, conn net.Conn) error {
			cfg := r.server(&tls.Config{MinVersion: tls.VersionTLS13, EncryptedClientHelloKeys: []tls.EncryptedClientHelloKey{key}})
			if err := echoes(tls.Server(conn, cfg)); err != nil && c.status == 0 {
				return err
			}
			_, _ = io.Copy(io.Discard, conn)
			return nil
		})
		args := append([]string{"-host-name", "shim"}, c.flags...)
		if c.list != nil {
			args = append(args, "-ech-config-list", encoded(c.list))
		}
		status, said := r.shim(args...)
		if status != c.status {
			t.Errorf("%q: status %d: %s", c.flags, status, said)
		}
		r.listener.Close()
		if err := <-r.done; err != nil && c.status == 0 {
			t.Errorf("%q: %v", c.flags, err)
		}
	}
}

// And as a server, with a key that clients know, and with one that they learn.
func TestShimDecryptsHellos(t *testing.T) {
	key, list := testECHKey(t)
	_, other := testECHKey(t)
	for _, c := range []struct {
		list  []byte
		flags []string
		retry []byte // nil: accepted
	}{
		{list, []string{"-ech-is-retry-config", "0", "-expect-ech-accept", "-expect-server-name", "shim"}, nil},
		{other, []string{"-ech-is-retry-config", "1", "-expect-server-name", "public.example"}, list},
		{other, []string{"-ech-is-retry-config", "0", "-expect-server-name", "public.example"}, []byte{}},
		{list, []string{"-ech-is-retry-config", "1", "-fail-early-callback-ech-rewind", "-expect-server-name", "public.example"}, []byte{}},
	} {
		r := newTestRunner(t, 1, func(_ *testRunner, conn net.Conn) error {
			err := echoes(tls.Client(conn, &tls.Config{
				MinVersion: tls.VersionTLS13, ServerName: "shim", InsecureSkipVerify: true, EncryptedClientHelloConfigList: c.list,
				EncryptedClientHelloRejectionVerify: func(tls.ConnectionState) error { return nil },
			}))
			var rejected *tls.ECHRejectionError
			if errors.As(err, &rejected) != (c.retry != nil) {
				return err
			}
			if c.retry != nil && !bytes.Equal(rejected.RetryConfigList, c.retry) {
				t.Errorf("%q: retry configurations %x", c.flags, rejected.RetryConfigList)
			}
			return nil
		})
		args := append([]string{"-server", "-cert-file", r.certFile, "-key-file", r.keyFile, "-ech-server-config", encoded(key.Config), "-ech-server-key", encoded(key.PrivateKey)}, c.flags...)
		status, said := r.shim(args...)
		if (status == 0) != (c.retry == nil) || status == exitUnexpected {
			t.Errorf("%q: status %d: %s", c.flags, status, said)
		}
		if err := <-r.done; err != nil {
			t.Errorf("%q: %v", c.flags, err)
		}
	}
}
