package main

import (
	"bytes"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smoltls/x509lite"
)

// testRunner is what the shim calls: for each connection, serve is what happens after the shim has said who it is.
type testRunner struct {
	listener net.Listener
	cert     tls.Certificate
	certFile string
	keyFile  string
	done     chan error
}

const testShimID = 0x0102030405060708

func newTestRunner(t *testing.T, connections int, serve func(r *testRunner, conn net.Conn) error) *testRunner {
	t.Helper()
	id, err := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: time.Now(), Names: []string{"shim"}})
	if err != nil {
		t.Fatal(err)
	}
	key, err := id.PrivateKeyPEM()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	r := &testRunner{
		cert: tls.Certificate{Certificate: id.Chain, PrivateKey: id.Key}, certFile: filepath.Join(dir, "cert"), keyFile: filepath.Join(dir, "key"), done: make(chan error, 1),
	}
	if err := errors.Join(os.WriteFile(r.certFile, id.CertificatePEM(), 0o600), os.WriteFile(r.keyFile, key, 0o600)); err != nil {
		t.Fatal(err)
	}
	if r.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.listener.Close() })
	go func() { r.done <- r.accept(connections, serve) }()
	return r
}

func (r *testRunner) accept(connections int, serve func(r *testRunner, conn net.Conn) error) error {
	for range connections {
		conn, err := r.listener.Accept()
		if err != nil {
			return err
		}
		conn.SetDeadline(time.Now().Add(30 * time.Second))
		var id uint64
		if err := binary.Read(conn, binary.LittleEndian, &id); err != nil || id != testShimID {
			return fmt.Errorf("shim %#x: %v", id, err)
		}
		err = serve(r, conn)
		conn.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// shim runs the shim with these flags more, and gives its exit status and what it said.
func (r *testRunner) shim(args ...string) (status int, said string) {
	var stderr strings.Builder
	port := r.listener.Addr().(*net.TCPAddr).Port
	all := append([]string{"-port", fmt.Sprint(port), "-shim-id", fmt.Sprint(testShimID)}, args...)
	status = run(all, io.Discard, &stderr)
	return status, stderr.String()
}

// echoes wants what it sends back, each byte inverted, and that more is not said.
func echoes(c *tls.Conn) error {
	defer c.Close()
	text := []byte("a few bytes")
	if _, err := c.Write(text); err != nil {
		return err
	}
	got := make([]byte, len(text))
	if _, err := io.ReadFull(c, got); err != nil {
		return err
	}
	for k := range got {
		got[k] ^= 0xff
	}
	if !bytes.Equal(got, text) {
		return fmt.Errorf("%q came back", got)
	}
	return nil
}

// ends are crypto/tls in both roles.
func (r *testRunner) server(cfg *tls.Config) *tls.Config {
	c := cfg.Clone()
	c.Certificates = []tls.Certificate{r.cert}
	return c
}
