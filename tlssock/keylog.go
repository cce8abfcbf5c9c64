package tlssock

import (
	"encoding/hex"
	"fmt"
)

// logKey writes a secret of the handshake in the form of RFC 9850, if there is a KeyLogWriter. It is under the random
// of the hello that the handshake is about and, when that was encrypted, under the outer one's too, which is all that a
// tool that does not open hellos has to find it by.
func (h *handshake) logKey(label string, secret []byte) error {
	if err := h.logLine(label, h.random[:], secret); err != nil {
		return err
	}
	if outer := h.outerRandom(); outer != nil {
		return h.logLine(label, outer, secret)
	}
	return nil
}

// outerRandom is that of the outer hello, if the handshake is about the inner one; otherwise nil.
func (h *handshake) outerRandom() []byte {
	switch {
	case h.client != nil && h.client.ech != nil && h.client.ech.status != echRejected:
		return h.client.ech.random[:]
	case h.server != nil && h.server.ech != nil && h.server.ech.role == echOpened:
		return h.server.ech.random[:]
	}
	return nil
}

// logECH writes what opens an encrypted hello (RFC 9850 §2.2), if there is a KeyLogWriter: what the KEM has both sides
// share, and the ECHConfig. It is under the outer hello's random, whatever becomes of it.
func (h *handshake) logECH(random, secret, config []byte) error {
	if err := h.logLine("ECH_SECRET", random, secret); err != nil {
		return err
	}
	return h.logLine("ECH_CONFIG", random, config)
}

// logLine writes a line. It goes in one piece, as others may write to the same place.
func (h *handshake) logLine(label string, random, value []byte) error {
	w := h.e.cfg.KeyLogWriter
	if w == nil {
		return nil
	}
	line := append([]byte(label), ' ')
	line = hex.AppendEncode(line, random)
	line = append(line, ' ')
	line = hex.AppendEncode(line, value)
	if _, err := w.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("key log: %w", err)
	}
	return nil
}
