package cli

import (
	"context"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"smoltls/cmd/internal/top"
	"smoltls/netconn"
	"smoltls/phy"
)

// sharedPaper is paper that several goroutines look at.
type sharedPaper struct {
	mu sync.Mutex
	paper
}

func (p *sharedPaper) Show(lines []top.Line) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.paper.Show(lines)
}

func (p *sharedPaper) Key() top.Key {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.paper.Key()
}

func (p *sharedPaper) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.paper.Close()
}

// press presses a key.
func (p *sharedPaper) press(k top.Key) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keys = append(p.keys, k)
}

// is reports what is shown, and whether the terminal was given back.
func (p *sharedPaper) is() (shown string, closed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.shown, p.closed
}

func TestARunnerIsWatchedUntilTheUserQuits(t *testing.T) {
	dev, _ := phy.NewSharedPipe(phy.PipeConfig{})
	addrs := []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")}
	r, err := netconn.Start(netconn.Config{Device: dev, Addrs: addrs})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	p := &sharedPaper{}
	var wake func()
	env := &Env{Name: "command", Stdout: &strings.Builder{}, Stderr: &strings.Builder{}, Terminal: func(_ *Env, w func()) (top.Surface, error) { wake = w; return p, nil }}
	c := &Common{Top: true, TAP: "tap7", Addrs: addrs}
	ctx, leave, err := c.Watch(t.Context(), env, r)
	if err != nil {
		t.Fatal(err)
	}
	defer leave()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(time.Millisecond) {
		if shown, _ := p.is(); strings.Contains(shown, "command  tap7") {
			break
		}
		if time.Now().After(end) {
			t.Fatal("no table")
		}
	}
	p.press('q')
	wake()
	<-ctx.Done()
	if err := context.Cause(ctx); err != ErrInterrupted {
		t.Error(err)
	}
	leave()
	if _, closed := p.is(); !closed {
		t.Error("the terminal is not given back")
	}
}

func TestWithoutTopNothingIsWatched(t *testing.T) {
	dev, _ := phy.NewSharedPipe(phy.PipeConfig{})
	r, err := netconn.Start(netconn.Config{Device: dev, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")}})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	ctx, leave, err := (&Common{}).Watch(t.Context(), &Env{}, r)
	if err != nil || ctx.Err() != nil {
		t.Fatal(err, ctx.Err())
	}
	if leave(); ctx.Err() == nil {
		t.Error("the context goes on")
	}
}
