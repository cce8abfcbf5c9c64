package tlssock

import (
	"encoding/hex"
	"fmt"
)

// logKey writes a secret in the NSS key log format, if there is a KeyLogWriter.
func (h *handshake) logKey(label string, secret []byte) error {
	w := h.e.cfg.KeyLogWriter
	if w == nil {
		return nil
	}
	line := append([]byte(label), ' ')
	line = hex.AppendEncode(line, h.random[:])
	line = append(line, ' ')
	line = hex.AppendEncode(line, secret)
	if _, err := w.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("key log: %w", err)
	}
	return nil
}
