package nethttp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"smoltls/x509lite"
)

var versions = []struct {
	offered, spoken []string
	want            string
}{
	{nil, []string{"h2", "http/1.1"}, "HTTP/2.0"},
	{nil, []string{"http/1.1"}, "HTTP/1.1"},
	{nil, nil, "HTTP/1.1"},
	{[]string{"h2"}, []string{"h2"}, "HTTP/2.0"},
	{[]string{"http/1.1"}, []string{"h2", "http/1.1"}, "HTTP/1.1"},
	{[]string{"http/1.1", "h2"}, []string{"http/1.1", "h2"}, "HTTP/1.1"},
}

// The same with our server and with crypto/tls's and net/http's own.
func TestTheVersionIsTheOneAgreedOn(t *testing.T) {
	for _, v := range versions {
		for _, std := range []bool{false, true} {
			t.Run(fmt.Sprintf("%v to %v, crypto/tls %v", v.offered, v.spoken, std), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(t)
					var l net.Listener = w.listenTLS(t, v.spoken...)
					if std {
						l.Close()
						l = w.listenStd(t, v.spoken...)
					}
					serve(t, whoAsks, l)
					transport := NewTransport(w.dialer(v.offered...), nil)
					defer transport.CloseIdleConnections()
					for range 3 {
						body, resp, err := get(&http.Client{Transport: transport}, page)
						if err != nil || body != v.want+" "+clientName || resp.Proto != v.want {
							t.Fatalf("%q, %v; want %s", body, err, v.want)
						}
						if v.want == "HTTP/2.0" && resp.TLS.Version != tls.VersionTLS13 {
							t.Errorf("Response.TLS: %+v", resp.TLS)
						}
						if resp.Request.URL.String() != page {
							t.Errorf("Response.Request: %v", resp.Request.URL)
						}
					}
				})
			})
		}
	}
}

func TestAConnectionCarriesManyRequests(t *testing.T) {
	for _, version := range []string{"h2", "http/1.1"} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			var mu sync.Mutex
			seen := make(map[string]bool)
			serve(t, func(_ http.ResponseWriter, r *http.Request) { mu.Lock(); seen[r.RemoteAddr] = true; mu.Unlock() }, w.listenTLS(t, version))
			transport := NewTransport(w.dialer(), nil)
			defer transport.CloseIdleConnections()
			for range 5 {
				if _, _, err := get(&http.Client{Transport: transport}, page); err != nil {
					t.Fatal(err)
				}
			}
			if len(seen) != 1 {
				t.Errorf("%s: %d connections", version, len(seen))
			}
		})
	}
}

func TestManyFirstRequestsAtOnce(t *testing.T) {
	for _, version := range []string{"h2", "http/1.1"} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			serve(t, func(rw http.ResponseWriter, r *http.Request) { body, _ := io.ReadAll(r.Body); rw.Write(body) }, w.listenTLS(t, version))
			transport := NewTransport(w.dialer(), nil)
			defer transport.CloseIdleConnections()
			var users sync.WaitGroup
			for i := range 20 {
				users.Go(func() {
					sent := strings.Repeat(fmt.Sprint(i), 50_000)
					resp, err := (&http.Client{Transport: transport}).Post(page, "text/plain", strings.NewReader(sent))
					if err != nil {
						t.Error(err)
						return
					}
					defer resp.Body.Close()
					if got, err := io.ReadAll(resp.Body); string(got) != sent || err != nil {
						t.Errorf("%s: %d bytes, %v", version, len(got), err)
					}
				})
			}
			users.Wait()
		})
	}
}

// What was agreed on once need not be agreed on again: the server may be another one.
func TestAServerMayGoOverToAnotherVersion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		transport := NewTransport(w.dialer(), nil)
		client := &http.Client{Transport: transport}
		for k, c := range []struct{ spoken, want string }{{"h2", "HTTP/2.0"}, {"http/1.1", "HTTP/1.1"}, {"h2", "HTTP/1.1"}, {"h2", "HTTP/2.0"}} {
			srv := serve(t, func(rw http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				fmt.Fprintf(rw, "%s %s", r.Proto, body)
			}, w.listenTLS(t, c.spoken, "http/1.1"))
			resp, err := client.Post(page, "text/plain", strings.NewReader("whole"))
			if err != nil {
				t.Fatalf("%d: %v", k, err)
			}
			if body, err := io.ReadAll(resp.Body); string(body) != c.want+" whole" || err != nil {
				t.Errorf("%d: %q, %v; want %s", k, body, err, c.want)
			}
			resp.Body.Close()
			srv.Close()
			transport.CloseIdleConnections()
			time.Sleep(time.Minute)
		}
	})
}

func TestABodyThatCannotBeHadAgainIsNotSentByHalves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		transport := NewTransport(w.dialer(), nil)
		transport.known.learn("192.0.2.2:443", http2)
		serve(t, whoAsks, w.listenTLS(t, "http/1.1"))
		_, err := (&http.Client{Transport: transport}).Post(page, "text/plain", io.MultiReader(strings.NewReader("once")))
		if !errors.Is(err, errNotHTTP2) {
			t.Errorf("got %v", err)
		}
	})
}

// A request for another protocol is HTTP/1.1's (RFC 9110 §7.8).
func TestARequestForAnotherProtocolGoesByHTTP1(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		serve(t, whoAsks, w.listenTLS(t, "h2", "http/1.1"))
		transport := NewTransport(w.dialer(), nil)
		defer transport.CloseIdleConnections()
		for range 2 {
			r, _ := http.NewRequest("GET", page, nil)
			r.Header.Set("Connection", "Upgrade")
			r.Header.Set("Upgrade", "websocket")
			resp, err := transport.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			if resp.Proto != "HTTP/1.1" {
				t.Errorf("by %s", resp.Proto)
			}
		}
	})
}

func TestPlainHTTPNeedsNoTLS(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		l, err := w.server.Listen("tcp", ":80")
		if err != nil {
			t.Fatal(err)
		}
		serve(t, func(rw http.ResponseWriter, r *http.Request) { fmt.Fprint(rw, r.Proto, " ", r.TLS == nil) }, l)
		d := w.dialer()
		d.TLS = nil
		transport := NewTransport(d, nil)
		defer transport.CloseIdleConnections()
		if body, _, err := get(&http.Client{Transport: transport}, "http://192.0.2.2/"); body != "HTTP/1.1 true" || err != nil {
			t.Errorf("%q, %v", body, err)
		}
	})
}

func TestWhyAServerIsNotTrustedIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		serve(t, whoAsks, w.listenTLS(t, "h2"))
		d := w.dialer()
		d.TLS.Trust = x509lite.Pin(identity(t, serverName).Leaf)
		closed := &closeCounter{Reader: strings.NewReader("body")}
		_, err := (&http.Client{Transport: NewTransport(d, nil)}).Post(page, "text/plain", closed)
		if _, ok := errors.AsType[*x509lite.VerifyError](err); !ok {
			t.Errorf("got %v", err)
		}
		if closed.n.Load() == 0 {
			t.Error("the body was not closed")
		}
	})
}

type closeCounter struct {
	io.Reader
	n atomic.Int32
}

func (c *closeCounter) Close() error { c.n.Add(1); return nil }

// Options of http.Transport hold for both versions.
func TestTheBaseHasTheTimeouts(t *testing.T) {
	for _, version := range []string{"h2", "http/1.1"} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, w.listenTLS(t, version))
			transport := NewTransport(w.dialer(), &http.Transport{ResponseHeaderTimeout: time.Minute})
			defer transport.CloseIdleConnections()
			begin := time.Now()
			_, _, err := get(&http.Client{Transport: transport}, page)
			if d := time.Since(begin); err == nil || d < time.Minute || d > time.Minute+time.Second {
				t.Errorf("%s: after %v: %v", version, d, err)
			}
		})
	}
}

// nameServer is a Resolver that knows where one name is.
type nameServer string

func (n nameServer) LookupNetIP(_ context.Context, network, host string) ([]netip.Addr, error) {
	if host != string(n) || network != "ip4" {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	return []netip.Addr{netip.MustParseAddr("192.0.2.2")}, nil
}

// DNS and certificates have names in ASCII (RFC 5891).
func TestANameOfOtherLettersIsAskedForInASCII(t *testing.T) {
	for _, version := range []string{"h2", "http/1.1"} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			w.serverID = identity(t, "xn--bcher-kva.test")
			serve(t, whoAsks, w.listenTLS(t, version))
			d := w.dialer()
			d.TLS.ServerName, d.Resolver = "", nameServer("xn--bcher-kva.test")
			transport := NewTransport(d, nil)
			defer transport.CloseIdleConnections()
			for range 2 {
				body, resp, err := get(&http.Client{Transport: transport}, "https://bücher.test/")
				if err != nil || !strings.HasSuffix(body, clientName) || resp.Request.URL.Host != "bücher.test" {
					t.Fatalf("%s: %q, %v", version, body, err)
				}
			}
		})
	}
}

func TestARequestWithoutAURLIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		transport := NewTransport(newWorld(t).dialer(), nil)
		if resp, err := transport.RoundTrip(&http.Request{Method: "GET", Header: http.Header{}}); err == nil {
			t.Errorf("%v", resp)
		}
	})
}
