package nethttp

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"smoltls/netconn"
)

// stdClient is net/http over crypto/tls over our TCP.
func (w *world) stdClient(protocols ...string) *http.Client {
	return &http.Client{Transport: &http.Transport{
		DialContext: w.dialer().DialContext, TLSClientConfig: stdTLS(w.clientID, w.serverID, protocols...), ForceAttemptHTTP2: true,
	}}
}

func TestClientsOfCryptoTLSAreServedInBothVersions(t *testing.T) {
	for want, spoken := range map[string][]string{"HTTP/2.0": {"h2", "http/1.1"}, "HTTP/1.1": {"http/1.1"}} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			serve(t, whoAsks, w.listenTLS(t, spoken...))
			client := w.stdClient()
			defer client.CloseIdleConnections()
			for range 3 {
				if body, _, err := get(client, page); body != want+" "+clientName || err != nil {
					t.Errorf("%q, %v; want %s", body, err, want)
				}
			}
		})
	}
}

// Shutdown waits for what is under way, and then ends every connection, as with crypto/tls.
func TestShutdownIsGraceful(t *testing.T) {
	for _, version := range []string{"h2", "http/1.1"} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			srv := serve(t, func(rw http.ResponseWriter, _ *http.Request) {
				time.Sleep(3 * time.Second)
				io.WriteString(rw, "late")
			}, w.listenTLS(t, version))
			client := &http.Client{Transport: NewTransport(w.dialer(), nil)}
			answered := make(chan string)
			go func() { body, _, err := get(client, page); answered <- body; _ = err }()
			synctest.Wait()
			time.Sleep(time.Second)
			begin, down := time.Now(), make(chan error)
			go func() { down <- srv.Shutdown(context.Background()) }()
			if body := <-answered; body != "late" {
				t.Errorf("%s: %q", version, body)
			}
			if err := <-down; err != nil || time.Since(begin) < 2*time.Second {
				t.Errorf("%s: after %v: %v", version, time.Since(begin), err)
			}
			if _, _, err := get(client, page); err == nil {
				t.Errorf("%s: it still serves", version)
			}
		})
	}
}

// What a program has set on its server stays in force.
func TestHooksOfTheServerAreCalled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		type key struct{}
		var mu sync.Mutex
		var states []http.ConnState
		srv := &http.Server{
			Handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				c := r.Context().Value(key{}).(*netconn.TLSConn)
				io.WriteString(rw, c.State().NegotiatedProtocol)
			}),
			ConnContext: func(ctx context.Context, c net.Conn) context.Context { return context.WithValue(ctx, key{}, c) },
			ConnState: func(c net.Conn, s http.ConnState) {
				if _, ok := c.(interface{ NetConn() net.Conn }).NetConn().(*netconn.TLSConn); ok {
					mu.Lock()
					defer mu.Unlock()
					states = append(states, s)
				}
			},
		}
		for range 2 { // several listeners
			l, err := w.server.ListenTLS("tcp", ":0", w.serverTLS("h2"))
			if err != nil {
				t.Fatal(err)
			}
			go Serve(srv, l)
			client := &http.Client{Transport: NewTransport(w.dialer(), nil)}
			_, port, _ := net.SplitHostPort(l.Addr().String())
			if body, _, err := get(client, "https://192.0.2.2:"+port); body != "h2" || err != nil {
				t.Errorf("%q, %v", body, err)
			}
			client.CloseIdleConnections()
		}
		srv.Close()
		synctest.Wait()
		if len(states) < 4 || states[0] != http.StateNew {
			t.Errorf("states %v", states)
		}
		if h := srv.Handler.(*handler); h == h.next {
			t.Error("wrapped in itself")
		} else if _, twice := h.next.(*handler); twice {
			t.Error("wrapped twice")
		}
	})
}

func TestAServerWithoutHTTP2SpeaksNone(t *testing.T) {
	only1 := new(http.Protocols)
	only1.SetHTTP1(true)
	for name, srv := range map[string]*http.Server{
		"by Protocols": {Protocols: only1}, "by TLSNextProto": {TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){}},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			l := w.listenTLS(t, "h2") // which promises too much
			go Serve(srv, l)
			defer srv.Close()
			if body, _, err := get(&http.Client{Transport: NewTransport(w.dialer(), nil)}, page); err == nil {
				t.Errorf("%s: %q", name, body)
			}
		})
	}
}

// A request without a handler of ours is the default one's business.
func TestWithoutAHandlerTheDefaultServes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		srv := &http.Server{}
		go Serve(srv, w.listenTLS(t, "h2"))
		defer srv.Close()
		_, resp, err := get(&http.Client{Transport: NewTransport(w.dialer(), nil)}, page+"nowhere")
		if err != nil || resp.StatusCode != http.StatusNotFound {
			t.Errorf("%v, %v", resp, err)
		}
	})
}
