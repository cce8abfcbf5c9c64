package top

import (
	"bytes"
	"io"
	"slices"
	"strconv"
	"sync"
)

// Bounds of what a Log keeps.
const (
	mostLogLines = 1000
	mostLogLine  = 1000 // bytes
)

// Log holds what a command says on standard error while its terminal shows a table: the last lines stand under the
// table, and all that is kept, [mostLogLines] of them, is said when the table is gone. It may be used by several
// goroutines.
type Log struct {
	mu     sync.Mutex
	to     io.Writer
	lines  []string
	part   []byte
	lost   int
	closed bool
}

// NewLog makes a log that speaks to w in the end.
func NewLog(w io.Writer) *Log { return &Log{to: w} }

// Write keeps p, or passes it on once the log is closed.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return l.to.Write(p)
	}
	rest := p
	for {
		line, more, whole := bytes.Cut(rest, []byte("\n"))
		l.part = append(l.part, line[:min(len(line), mostLogLine-len(l.part))]...)
		if !whole {
			return len(p), nil
		}
		l.lines, l.part = append(l.lines, string(l.part)), l.part[:0]
		if len(l.lines) > mostLogLines {
			l.lines = slices.Delete(l.lines, 0, 1)
			l.lost++
		}
		rest = more
	}
}

// tail gives the last n lines.
func (l *Log) tail(n int) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.lines[max(0, len(l.lines)-n):])
}

// Close says what was kept, and from then on the log only passes on. Closing twice does nothing.
func (l *Log) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil
	}
	l.closed = true
	var b bytes.Buffer
	if l.lost > 0 {
		b.WriteString("(" + strconv.Itoa(l.lost) + " lines before these were not kept)\n")
	}
	for _, line := range l.lines {
		b.WriteString(line + "\n")
	}
	b.Write(l.part)
	_, err := l.to.Write(b.Bytes())
	l.lines, l.part = nil, nil
	return err
}
