package main

import (
	"fmt"
	"syscall/js"
	"time"

	"smoltls/internal/demo"
)

// transferred is how much is sent each way: enough for a line to look at, at a browser's speed.
const transferred = 32 << 20

func main() {
	page := js.Global()
	err := demo.Run(demo.Options{
		Bytes: transferred,
		Out:   transcript{page},
		Progress: func(what string, total int64) demo.Progress {
			return &line{page: page, what: what, total: total, begun: time.Now()}
		},
	})
	if err != nil {
		fmt.Fprintf(transcript{page}, "\nfailed: %v\n", err)
	}
	page.Call("finished", err == nil)
}

// transcript writes to the page.
type transcript struct{ page js.Value }

func (t transcript) Write(p []byte) (int, error) {
	t.page.Call("transcript", string(p))
	return len(p), nil
}

// line draws how fast a transfer is.
type line struct {
	page                js.Value
	what                string
	total, done, before int64
	begun, last         time.Time
}

// drawEvery is the time between two points. The page is painted while this program sleeps.
const drawEvery = 50 * time.Millisecond

func (l *line) Add(n int) {
	l.done += int64(n)
	now := time.Now()
	if l.last.IsZero() {
		l.last = l.begun
	}
	if d := now.Sub(l.last); d >= drawEvery || l.done == l.total {
		l.page.Call("throughput", l.what, float64(l.done)/float64(l.total), float64(l.done-l.before)/1e6/max(d, time.Millisecond).Seconds())
		time.Sleep(time.Millisecond)
		l.last, l.before = time.Now(), l.done
	}
}

func (l *line) Finish() {}
