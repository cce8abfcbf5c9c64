package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"smoltls/netconn"
	"smoltls/netconn/nethttp"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

func testWorld(t *testing.T) *world {
	t.Helper()
	w, err := newWorld()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.close)
	return w
}

func TestThePageComesByTheProtocolThatBothSpeak(t *testing.T) {
	w := testWorld(t)
	for want, protocols := range map[string][]string{
		"HTTP/2.0": {"h2", "http/1.1"}, "HTTP/1.1": {"http/1.1"}, "HTTP/2.0 ": {"h2"},
	} {
		page, err := w.fetch(context.Background(), protocols)
		if want := "hello, client.example, over " + strings.TrimSpace(want) + " and TLS 1.3"; page != want || err != nil {
			t.Errorf("%q, %v; want %q", page, err, want)
		}
	}
}

// client gives an http.Client of the world's.
func (w *world) newClient(protocols ...string) (*http.Client, *nethttp.Transport) {
	transport := nethttp.NewTransport(&netconn.Dialer{Runner: w.client, Resolver: names{}, TLS: &tlssock.Config{
		Certificates: tlssock.Certificates(w.clientID), Trust: x509lite.Pin(w.serverID.Leaf), NextProtos: protocols,
	}}, nil)
	return &http.Client{Transport: transport}, transport
}

func TestLargeBodiesGoBothWaysAtOnce(t *testing.T) {
	w := testWorld(t)
	w.page = func(rw http.ResponseWriter, r *http.Request) {
		http.NewResponseController(rw).EnableFullDuplex()
		rw.WriteHeader(200)
		io.Copy(rw, r.Body)
	}
	body := bytes.Repeat([]byte("0123456789abcdef"), 1<<14)
	for _, protocol := range []string{"h2", "http/1.1"} {
		client, transport := w.newClient(protocol)
		var group sync.WaitGroup
		for i := range 8 {
			group.Go(func() {
				resp, err := client.Post(fmt.Sprintf("https://server.example/%d", i), "application/octet-stream", bytes.NewReader(body))
				if err != nil {
					t.Error(err)
					return
				}
				defer resp.Body.Close()
				if got, err := io.ReadAll(resp.Body); !bytes.Equal(got, body) || err != nil {
					t.Errorf("%s: %d bytes, %v", protocol, len(got), err)
				}
			})
		}
		group.Wait()
		transport.CloseIdleConnections()
	}
}

func TestAConnectionIsUsedAgain(t *testing.T) {
	w := testWorld(t)
	seen := make(map[string]bool)
	w.page = func(_ http.ResponseWriter, r *http.Request) { seen[r.RemoteAddr] = true }
	for _, protocol := range []string{"h2", "http/1.1"} {
		client, transport := w.newClient(protocol)
		for range 5 {
			resp, err := client.Get("https://server.example/")
			if err != nil {
				t.Fatal(err)
			}
			io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
		transport.CloseIdleConnections()
	}
	if len(seen) != 2 {
		t.Errorf("%d connections for two protocols", len(seen))
	}
}

func TestWhoIsNotKnownGetsNoPage(t *testing.T) {
	w := testWorld(t)
	w.clientID, _ = x509lite.SelfSigned(x509lite.SelfSignedOptions{NotBefore: w.clientID.Leaf.NotBefore, NotAfter: w.clientID.Leaf.NotAfter})
	for _, protocol := range []string{"h2", "http/1.1"} {
		if page, err := w.fetch(context.Background(), []string{protocol}); err == nil {
			t.Errorf("%s: %q", protocol, page)
		}
	}
}
