package tunserver

import (
	"io"
	"strings"
	"testing"
	"time"

	"smoltls/tlssock"
)

// A guard that never answers costs a request its early data and nothing else.
func TestAGuardThatIsSlowHoldsNobodyUp(t *testing.T) {
	g := &slowGuard{asked: make(chan struct{}, 10), closed: make(chan struct{})}
	r := startWith(t, Options{Guard: func(io.Writer) (Guard, error) { return g, nil }}, "-serve", "http", "-early-data", "1000")
	cfg := r.resuming()
	s := r.early(cfg, getBytes)
	<-g.asked
	if got, err := r.read(s, 1<<20); err != io.EOF || strings.Count(string(got), "HTTP/1.1 200") != 1 || s.ConnectionState().EarlyData != tlssock.EarlyDataDeclined {
		t.Errorf("%d bytes, %v, early data %v", len(got), err, s.ConnectionState().EarlyData)
	}
	r.server.Stderr.Await(t, "early data undecided whether a replay")
	if err := r.stop(); err != nil {
		t.Error(err)
	}
	<-g.closed
}

// slowGuard answers when it is closed.
type slowGuard struct{ asked, closed chan struct{} }

func (g *slowGuard) Accept(time.Time, tlssock.EarlyHello) bool {
	g.asked <- struct{}{}
	<-g.closed
	return true
}

func (g *slowGuard) Close() error {
	close(g.closed)
	return nil
}
