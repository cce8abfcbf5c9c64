package nethttp

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

func TestServersThatAreKnownAreBounded(t *testing.T) {
	var s servers
	for i := range 2 * maxServers {
		s.learn(fmt.Sprint(i), http2)
	}
	if len(s.agreed) != maxServers || s.protocol(fmt.Sprint(2*maxServers-1)) != http2 {
		t.Errorf("%d are known", len(s.agreed))
	}
}

// Who waits for the first connection of another request does not fail with it, and does not wait longer than it wants.
func TestAFirstRequestThatIsGivenUpHoldsUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		l, err := w.server.Listen("tcp", ":443") // says nothing, for now
		if err != nil {
			t.Fatal(err)
		}
		transport := NewTransport(w.dialer(), nil)
		defer transport.CloseIdleConnections()
		results := make(chan error, 3)
		for _, patience := range []time.Duration{time.Second, 500 * time.Millisecond, time.Hour} {
			go func() {
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				r, _ := http.NewRequestWithContext(ctx, "GET", page, nil)
				resp, err := transport.RoundTrip(r)
				if err == nil {
					resp.Body.Close()
				}
				results <- err
			}()
			synctest.Wait()
		}
		for range 2 {
			if err := <-results; !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("got %v", err)
			}
		}
		l.Close()
		serve(t, whoAsks, w.listenTLS(t, "h2"))
		<-results // its connection was to the one that is closed
		if body, _, err := get(&http.Client{Transport: transport}, page); body != "HTTP/2.0 "+clientName || err != nil {
			t.Errorf("%q, %v", body, err)
		}
		if len(transport.known.asking) != 0 {
			t.Errorf("%d still ask", len(transport.known.asking))
		}
	})
}

// A connection that was opened to learn what the server speaks, and that its request did not use, is closed.
func TestAConnectionThatNobodyWantsIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		serve(t, whoAsks, w.listenTLS(t, "h2"))
		var s servers
		protocol, f, err := s.ask(t.Context(), "192.0.2.2:443", w.dialer("h2"))
		if err != nil || protocol != http2 {
			t.Fatal(protocol, err)
		}
		c := f.conn
		f.abandon()
		if _, err := c.Write([]byte("x")); err == nil {
			t.Error("it is open")
		}
		if f.take() != nil {
			t.Error("it was taken after that")
		}
	})
}
