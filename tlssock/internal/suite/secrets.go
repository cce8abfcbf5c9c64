package suite

// NextTraffic appends to dst the traffic secret that follows secret after a
// KeyUpdate (RFC 8446 §7.2). dst may overlap secret.
func (h Hash) NextTraffic(sc *Scratch, dst, secret []byte) []byte {
	return h.expandLabel(sc, dst, secret, "traffic upd", nil, h.Size())
}

// ResumptionPSK appends to dst the PSK of a ticket (RFC 8446 §4.6.1) for the
// resumption secret and the ticket's nonce. It fails with ErrDerivation if the
// nonce is longer than the 255 bytes that the protocol allows.
func (h Hash) ResumptionPSK(sc *Scratch, dst, resumption, nonce []byte) ([]byte, error) {
	return h.ExpandLabel(sc, dst, resumption, "resumption", nonce, h.Size())
}

// ImportPSK appends the PSK of target.Size() bytes that comes from an external one, whose hash is h, for the
// ImportedIdentity that is given in its wire form (RFC 9258 §5.1).
func (h Hash) ImportPSK(sc *Scratch, dst, external, identity []byte, target Hash) []byte {
	var secret [MaxHashSize]byte
	defer clear(secret[:])
	epskx := h.Extract(sc, secret[:0], nil, external)
	m := sc.hashes.reset(h)
	m.Write(identity)
	return h.expandLabel(sc, dst, epskx, "derived psk", m.Sum(sc.inner[:0]), target.Size())
}

// Export appends to dst length bytes of keying material (RFC 8446 §7.5, RFC 5705
// §4) for a label and a context of the caller's. exporter is the exporter secret or
// the early exporter secret. An absent context and an empty one are the same in
// TLS 1.3. It fails with ErrDerivation if label or length is out of range.
func (h Hash) Export(sc *Scratch, dst, exporter []byte, label string, context []byte, length int) ([]byte, error) {
	if len(label) > MaxLabel || length < 0 || length > min(255*h.Size(), 1<<16-1) {
		return dst, ErrDerivation
	}
	secret := h.expandLabel(sc, sc.block[:0], exporter, label, h.empty(), h.Size())
	m := sc.hashes.reset(h)
	m.Write(context)
	return h.expandLabel(sc, dst, secret, "exporter", m.Sum(sc.inner[:0]), length), nil
}
