package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
)

func TestShimWritesFirstExportsAndShutsDown(t *testing.T) {
	r := newTestRunner(t, 1, func(r *testRunner, conn net.Conn) error {
		c := tls.Server(conn, r.server(&tls.Config{}))
		if err := c.Handshake(); err != nil {
			return err
		}
		cs := c.ConnectionState()
		want, err := cs.ExportKeyingMaterial("label", []byte("context"), 40)
		if err != nil {
			return err
		}
		got, err := io.ReadAll(c)
		if err != nil || string(got) != string(want)+"hellohello" {
			return fmt.Errorf("%q, %v", got, err)
		}
		return c.CloseWrite()
	})
	status, said := r.shim("-export-label", "label", "-use-export-context", "-export-context", "context", "-export-keying-material", "40",
		"-shim-writes-first", "-repeat-shim-initial-write", "2", "-shim-shuts-down", "-check-close-notify")
	if err := <-r.done; err != nil || status != 0 {
		t.Errorf("status %d, %s, %v", status, said, err)
	}
}

func TestShimWantsCloseNotifyWhereItIsToldTo(t *testing.T) {
	for _, flags := range []string{"", "-check-close-notify"} {
		r := newTestRunner(t, 1, func(r *testRunner, conn net.Conn) error {
			c := tls.Server(conn, r.server(&tls.Config{}))
			return c.Handshake() // and the connection is closed
		})
		status, said := r.shim(strings.Fields(flags)...)
		if want := btoi(flags != ""); status != want {
			t.Errorf("%q: status %d, %s", flags, status, said)
		}
		<-r.done
	}
}
