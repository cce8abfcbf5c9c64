package suite

import (
	"encoding/binary"
	"errors"
)

// ErrDerivation says that a label, a context or an output length is outside what
// HKDF-Expand-Label can express (RFC 8446 §7.1, RFC 5869 §2.3).
var ErrDerivation = errors.New("suite: label, context or length out of range for HKDF-Expand-Label")

// Extract appends to dst HKDF-Extract(salt, ikm) (RFC 5869 §2.2), h.Size() bytes.
// An empty salt stands for one of h.Size() zero bytes.
func (h Hash) Extract(sc *Scratch, dst, salt, ikm []byte) []byte {
	return h.HMAC(sc, dst, salt, ikm)
}

// Expand appends to dst HKDF-Expand(prk, info, length) (RFC 5869 §2.3). The length
// is in bytes, at most 255 × h.Size(). It fails with ErrDerivation.
func (h Hash) Expand(sc *Scratch, dst, prk, info []byte, length int) ([]byte, error) {
	if length < 0 || length > 255*h.Size() {
		return dst, ErrDerivation
	}
	return h.expand(sc, dst, prk, info, length), nil
}

// expand is Expand for a length that is known to be in range.
func (h Hash) expand(sc *Scratch, dst, prk, info []byte, length int) []byte {
	sc.setKey(h, prk)
	for i := 1; length > 0; i++ {
		m := sc.begin(h)
		if i > 1 {
			m.Write(sc.block[:h.Size()]) // T(i-1)
		}
		sc.counter[0] = byte(i)
		m.Write(info)
		m.Write(sc.counter[:])
		t := sc.finish(h, m, sc.block[:0])
		t = t[:min(len(t), length)]
		dst = append(dst, t...)
		length -= len(t)
	}
	return dst
}

// ExpandLabel appends to dst HKDF-Expand-Label(secret, label, context, length)
// (RFC 8446 §7.1), where label comes without its "tls13 " and length is in bytes.
// dst may overlap secret if length is at most h.Size(). It fails with ErrDerivation.
func (h Hash) ExpandLabel(sc *Scratch, dst, secret []byte, label string, context []byte, length int) ([]byte, error) {
	if len(label) > MaxLabel || len(context) > MaxContext || length < 0 || length > min(255*h.Size(), 1<<16-1) {
		return dst, ErrDerivation
	}
	return h.expandLabel(sc, dst, secret, label, context, length), nil
}

// expandLabel is ExpandLabel for arguments that are known to be in range.
func (h Hash) expandLabel(sc *Scratch, dst, secret []byte, label string, context []byte, length int) []byte {
	info := binary.BigEndian.AppendUint16(sc.info[:0], uint16(length))
	info = append(info, byte(len(labelPrefix)+len(label)))
	info = append(info, labelPrefix...)
	info = append(info, label...)
	info = append(info, byte(len(context)))
	info = append(info, context...)
	return h.expand(sc, dst, secret, info, length)
}

// deriveSecret appends Derive-Secret (RFC 8446 §7.1) with the transcript hash
// already taken.
func (h Hash) deriveSecret(sc *Scratch, dst, secret []byte, label string, transcript []byte) []byte {
	return h.expandLabel(sc, dst, secret, label, transcript, h.Size())
}
