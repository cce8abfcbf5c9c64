package nethttp

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"smoltls/netconn"
	"smoltls/phy"
	"smoltls/tlssock"
)

// earlyWorld is one whose server takes early data, and a client that has a session for it.
func earlyWorld(t *testing.T, version string, h http.HandlerFunc) (*Transport, *http.Client) {
	t.Helper()
	a, b := phy.NewSharedPipe(phy.PipeConfig{})
	slow := phy.Impairment{Delay: 10 * time.Millisecond} // so that a handshake is seen to go on
	w := worldOver(t, phy.Fault(a, phy.FaultConfig{In: slow, Out: slow}), b)
	cfg := w.serverTLS(version)
	cfg.MaxEarlyData = 10_000
	l, err := w.server.ListenWith("tcp", ":443", netconn.ListenConfig{TLS: cfg, AcceptEarly: true})
	if err != nil {
		t.Fatal(err)
	}
	serve(t, h, l)
	d := w.dialer()
	d.EarlyData, d.TLS.ClientSessionCache = true, tlssock.NewLRUClientSessionCache(0)
	transport := NewTransport(d, nil)
	t.Cleanup(transport.CloseIdleConnections)
	return transport, &http.Client{Transport: transport}
}

// Safe requests come as early data, all others when the handshake is over, and what the server finds too early is asked
// for again.
func TestOnlySafeRequestsAreEarly(t *testing.T) {
	for _, version := range []string{"h2", "http/1.1"} {
		synctest.Test(t, func(t *testing.T) {
			transport, client := earlyWorld(t, version, func(rw http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/late" && !r.TLS.HandshakeComplete {
					rw.WriteHeader(http.StatusTooEarly)
					return
				}
				body, _ := io.ReadAll(r.Body)
				fmt.Fprintf(rw, "%s early %v %s%s", r.Method, !r.TLS.HandshakeComplete, body, r.TLS.PeerCertificates[0].DNSNames[0])
			})
			for _, c := range []struct{ method, path, body, want string }{
				{"GET", "", "", "GET early false " + clientName}, // no session yet
				{"GET", "", "", "GET early true " + clientName},
				{"GET", "late", "", "GET early false " + clientName},
				{"POST", "", "a body", "POST early false a body" + clientName},
				{"GET", "", "a body", "GET early false a body" + clientName},
				{"DELETE", "", "", "DELETE early false " + clientName},
			} {
				r, _ := http.NewRequest(c.method, page+c.path, nil)
				if c.body != "" {
					r, _ = http.NewRequest(c.method, page+c.path, strings.NewReader(c.body))
				}
				resp, err := client.Do(r)
				if err != nil {
					t.Fatal(err)
				}
				if got, err := io.ReadAll(resp.Body); string(got) != c.want || err != nil {
					t.Errorf("%s: %q, %v; want %q", version, got, err, c.want)
				}
				resp.Body.Close()
				transport.CloseIdleConnections()
				time.Sleep(time.Second)
			}
		})
	}
}

// A client that sends what it should not as early data is made to wait.
func TestARequestThatIsNotSafeWaitsForTheHandshake(t *testing.T) {
	for _, version := range []string{"h2", "http/1.1"} {
		synctest.Test(t, func(t *testing.T) {
			var handled atomic.Int32
			transport, client := earlyWorld(t, version, func(_ http.ResponseWriter, r *http.Request) {
				if handled.Add(1); !r.TLS.HandshakeComplete {
					t.Errorf("%s: handled early", version)
				}
			})
			for range 2 {
				r, _ := http.NewRequest("DELETE", page, nil)
				resp, err := transport.roundTrip(r) // by the transport that is not careful
				if err != nil {
					t.Fatal(err)
				}
				resp.Body.Close()
				client.CloseIdleConnections()
				time.Sleep(time.Second)
			}
			if handled.Load() != 2 {
				t.Errorf("%s: %d requests", version, handled.Load())
			}
		})
	}
}

// A session is for the version that was agreed on with it, and the server may have gone over to another one.
func TestAServerMayGoOverToAnotherVersionThoughTheRequestIsEarly(t *testing.T) {
	for _, c := range [][2]string{{"h2", "http/1.1"}, {"http/1.1", "h2"}} {
		synctest.Test(t, func(t *testing.T) {
			a, b := phy.NewSharedPipe(phy.PipeConfig{})
			slow := phy.Impairment{Delay: 10 * time.Millisecond}
			w := worldOver(t, phy.Fault(a, phy.FaultConfig{In: slow, Out: slow}), b)
			d := w.dialer()
			d.EarlyData, d.TLS.ClientSessionCache = true, tlssock.NewLRUClientSessionCache(0)
			transport := NewTransport(d, nil)
			defer transport.CloseIdleConnections()
			for _, version := range c {
				cfg := w.serverTLS(version)
				cfg.MaxEarlyData = 10_000
				cfg.SetSessionTicketKeys([][32]byte{{1}})
				l, err := w.server.ListenWith("tcp", ":443", netconn.ListenConfig{TLS: cfg, AcceptEarly: true})
				if err != nil {
					t.Fatal(err)
				}
				srv := &http.Server{Handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { fmt.Fprint(rw, r.TLS.NegotiatedProtocol) })}
				go Serve(srv, l)
				begin := time.Now()
				for k := range 4 {
					body, _, err := get(&http.Client{Transport: transport}, page)
					if k > 0 && (body != version || err != nil) {
						t.Errorf("%v: request %d: %q, %v", c, k, body, err)
					}
					transport.CloseIdleConnections()
					time.Sleep(time.Second)
				}
				if d := time.Since(begin); d > 5*time.Second {
					t.Errorf("%v: they took %v", c, d)
				}
				srv.Close()
			}
		})
	}
}
