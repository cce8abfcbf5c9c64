package phy

import (
	"bytes"
	"errors"
	"sync"
)

// MaxKeyLogLine is how many bytes a line of a key log may have: TLS 1.3's have under 230.
const MaxKeyLogLine = 1024

// ErrKeyLogLine is the error of a capture that was given a key log line longer than MaxKeyLogLine.
var ErrKeyLogLine = errors.New("phy: key log line too long")

// keyLog hands whole lines to the capture, however they were cut into writes.
type keyLog struct {
	mu   sync.Mutex
	out  *pcapngWriter
	part []byte // a line that has not ended
}

// Write implements io.Writer. Its error would fail a handshake, so there is none.
func (k *keyLog) Write(p []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	begun := len(k.part)
	for line := range bytes.Lines(p) {
		if begun+len(bytes.TrimSuffix(line, newline)) > MaxKeyLogLine {
			k.out.fail(ErrKeyLogLine)
			k.part = k.part[:0]
			return len(p), nil
		}
		begun = 0
	}
	end := bytes.LastIndexByte(p, '\n') + 1
	if end > 0 {
		k.part = append(k.part, p[:end]...)
		k.out.keys(k.part)
		k.part = k.part[:0]
	}
	k.part = append(k.part, p[end:]...)
	return len(p), nil
}

var newline = []byte("\n")
