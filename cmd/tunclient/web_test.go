package main

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"smoltls/cmd/internal/cmdtest"
	"smoltls/netconn"
	"smoltls/netconn/nethttp"
	"smoltls/phy"
	"smoltls/tlssock"
)

// web is a server of net/http at the other end of the client's wire: https on port 443, http on port 80.
type web struct {
	id     *cmdtest.Identity
	roots  string
	wire   phy.Device
	runner *netconn.Runner
}

// newWeb starts one whose certificate is for web.example and 192.0.2.2.
func newWeb(t *testing.T, handler http.HandlerFunc) *web {
	t.Helper()
	w := &web{}
	id, roots := cmdtest.Certified(t, "web.example", "192.0.2.2")
	w.id, w.roots = id, roots
	var dev phy.Device
	w.wire, dev = phy.NewSharedPipe(phy.PipeConfig{})
	var err error
	if w.runner, err = netconn.Start(netconn.Config{Device: dev, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.2/24")}, Linger: -1}); err != nil {
		t.Fatal(err)
	}
	secure, err := w.runner.ListenTLS("tcp", ":443", &tlssock.Config{Certificates: tlssock.Certificates(w.id.Identity), NextProtos: []string{"h2", "http/1.1"}})
	if err != nil {
		t.Fatal(err)
	}
	plain, err := w.runner.Listen("tcp", ":80")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: handler}
	go nethttp.Serve(server, secure)
	go nethttp.Serve(server, plain)
	t.Cleanup(func() {
		server.Close()
		w.runner.Close()
	})
	return w
}

// trusted are flags by which the client accepts the server, and finds it.
func (w *web) trusted() []string {
	return []string{"-roots", w.roots, "-resolve", "web.example=192.0.2.2"}
}

// start starts the client with those arguments more.
func (w *web) start(t *testing.T, args ...string) *cmdtest.Process {
	t.Helper()
	return cmdtest.Start(t, run, w.wire, nil, append([]string{"-tap", "none", "-addr", "192.0.2.1/24"}, args...)...)
}

// run runs the client with those arguments more.
func (w *web) run(t *testing.T, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	p := w.start(t, args...)
	err = p.Wait()
	return p.Stdout.String(), p.Stderr.String(), err
}

// oneLine reports whether err is one line with all of that in it.
func oneLine(err error, all ...string) bool {
	if err == nil || strings.Contains(err.Error(), "\n") {
		return false
	}
	for _, s := range all {
		if !strings.Contains(err.Error(), s) {
			return false
		}
	}
	return true
}
