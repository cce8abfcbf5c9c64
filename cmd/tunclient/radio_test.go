package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"strings"
	"testing"

	"smoltls/cmd/internal/cli"
	"smoltls/phy"
)

// An endless stream plays through, to standard output, in memory that does not grow.
func TestAnEndlessStreamPlaysInFlatMemory(t *testing.T) {
	const warmUp, total, mayGrow = 32 << 20, 128 << 20, 16 << 20 // the buffers of both ends may still be finding their size
	chunked := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "audio/mpeg")
		play(w)
	}
	old := func(w http.ResponseWriter, _ *http.Request) { // as Icecast does: HTTP/1.0, and nothing about a length
		c, b, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer c.Close()
		fmt.Fprint(b, "HTTP/1.0 200 OK\r\nServer: Icecast 2.4.4\r\nContent-Type: audio/mpeg\r\nicy-name: A Station\r\nicy-br: 128\r\n\r\n")
		b.Flush()
		play(c)
	}
	for name, c := range map[string]struct {
		serve http.HandlerFunc
		url   string
	}{
		"HTTP/2":            {chunked, "https://web.example/"},
		"HTTP/1.1, chunked": {chunked, "http://web.example/"},
		"HTTP/1.0":          {old, "http://web.example/"},
	} {
		w := newWeb(t, c.serve)
		signals := make(chan os.Signal, 1)
		listener := &listener{t: t, at: map[int64]func(){}}
		var before, after runtime.MemStats
		listener.at[warmUp] = func() { settle(&before) }
		listener.at[total] = func() {
			settle(&after)
			signals <- os.Interrupt
		}
		err := run(&cli.Env{
			Args: append(append(strings.Fields("-tap none -addr 192.0.2.1/24"), w.trusted()...), c.url), Stdout: listener, Stderr: io.Discard,
			Open:    func(*cli.Common, io.Writer) (phy.Device, error) { return w.wire, nil },
			Signals: func() (<-chan os.Signal, func()) { return signals, func() {} },
		})
		if !oneLine(err, "interrupted") || listener.n < total {
			t.Errorf("%s: %d bytes, %v", name, listener.n, err)
		}
		if after.HeapAlloc > before.HeapAlloc+mayGrow {
			t.Errorf("%s: %d bytes of heap became %d", name, before.HeapAlloc, after.HeapAlloc)
		}
	}
}

func settle(m *runtime.MemStats) {
	runtime.GC()
	runtime.ReadMemStats(m)
}

// play writes without end.
func play(w io.Writer) {
	music := make([]byte, 64<<10)
	for {
		if _, err := w.Write(music); err != nil {
			return
		}
	}
}

// listener counts what it hears, and does something at certain times.
type listener struct {
	t  *testing.T
	n  int64
	at map[int64]func()
}

// Write implements io.Writer.
func (l *listener) Write(p []byte) (int, error) {
	l.n += int64(len(p))
	for at, do := range l.at {
		if l.n >= at {
			delete(l.at, at)
			do()
		}
	}
	return len(p), nil
}
