package main

import (
	"crypto/tls"
	"net"
	"strings"
	"testing"
)

func TestShimIsAClientOrAServerThatResumes(t *testing.T) {
	for _, async := range []string{"-no-tls1", "-async"} {
		var shared *tls.Config
		client := newTestRunner(t, 3, func(r *testRunner, conn net.Conn) error {
			if shared == nil {
				shared = r.server(&tls.Config{})
			}
			return echoes(tls.Server(conn, shared))
		})
		if status, said := client.shim("-resume-count", "2", async); status != 0 || said != "" {
			t.Errorf("client %s: status %d, %s", async, status, said)
		}
		if err := <-client.done; err != nil {
			t.Error(err)
		}
		cfg := &tls.Config{InsecureSkipVerify: true, ServerName: "shim", ClientSessionCache: tls.NewLRUClientSessionCache(0)}
		server := newTestRunner(t, 3, func(r *testRunner, conn net.Conn) error { return echoes(tls.Client(conn, cfg)) })
		if status, said := server.shim("-server", "-cert-file", server.certFile, "-key-file", server.keyFile, "-resume-count", "2", async); status != 0 || said != "" {
			t.Errorf("server %s: status %d, %s", async, status, said)
		}
		if err := <-server.done; err != nil {
			t.Error(err)
		}
	}
}

func TestShimSaysWhyAConnectionFailed(t *testing.T) {
	r := newTestRunner(t, 1, func(r *testRunner, conn net.Conn) error {
		cfg := r.server(&tls.Config{MaxVersion: tls.VersionTLS12})
		if err := tls.Server(conn, cfg).Handshake(); err == nil {
			t.Error("TLS 1.2 worked")
		}
		return nil
	})
	if status, said := r.shim(); status != exitFailed || !strings.Contains(said, "alert protocol_version") {
		t.Errorf("status %d, %q", status, said)
	}
	<-r.done
}
