package suite

// The key schedule of RFC 8446 §7.1 is a ladder of three secrets, and each of them
// is a type of its own, so that a key can't be taken from the wrong rung:
//
//	PSK or 0  ─▶ EarlySecret ─▶ HandshakeSecret ─▶ MainSecret
//	(EC)DHE or KEM secret ────────────┘
//
// A secret derived from a rung is h.Size() bytes, appended to dst. transcript is
// the transcript hash at the point that the method names.

// rung is what the three secrets have in common.
type rung struct {
	hash   Hash
	secret [MaxHashSize]byte
}

func (r *rung) bytes() []byte { return r.secret[:r.hash.Size()] }

func (r *rung) derive(sc *Scratch, dst []byte, label string, transcript []byte) []byte {
	return r.hash.deriveSecret(sc, dst, r.bytes(), label, transcript)
}

// climb makes r the rung above from, which takes in the input secret ikm; none
// means h.Size() zero bytes.
func (r *rung) climb(sc *Scratch, from *rung, ikm []byte) {
	h := from.hash
	if ikm == nil {
		ikm = zeros[:h.Size()]
	}
	salt := from.derive(sc, r.secret[:0], "derived", h.empty())
	h.Extract(sc, r.secret[:0], salt, ikm)
	r.hash = h
}

// Wipe overwrites the secret. What is derived from it afterwards is worthless.
func (r *rung) Wipe() { clear(r.secret[:]) }

// zeros is the input secret of a rung that takes none in.
var zeros [MaxHashSize]byte

// EarlySecret is the first rung: from it come the binder keys and the secrets of
// early data.
type EarlySecret struct{ rung }

// Set starts the ladder for the hash h, which must not be NoHash, with a pre-shared
// key; a nil psk stands for no PSK.
func (e *EarlySecret) Set(sc *Scratch, h Hash, psk []byte) {
	if psk == nil {
		psk = zeros[:h.Size()]
	}
	e.hash = h
	h.Extract(sc, e.secret[:0], nil, psk)
}

// ExternalBinderKey appends the binder key of a PSK that was provisioned outside
// TLS; FinishedMAC makes the binder of it (RFC 8446 §4.2.11.2).
func (e *EarlySecret) ExternalBinderKey(sc *Scratch, dst []byte) []byte {
	return e.derive(sc, dst, "ext binder", e.hash.empty())
}

// ImportedBinderKey appends the binder key of a PSK that was imported (RFC 9258 §5.2).
func (e *EarlySecret) ImportedBinderKey(sc *Scratch, dst []byte) []byte {
	return e.derive(sc, dst, "imp binder", e.hash.empty())
}

// ResumptionBinderKey appends the binder key of a PSK that came from a ticket.
func (e *EarlySecret) ResumptionBinderKey(sc *Scratch, dst []byte) []byte {
	return e.derive(sc, dst, "res binder", e.hash.empty())
}

// ClientTraffic appends client_early_traffic_secret; transcript: ClientHello.
func (e *EarlySecret) ClientTraffic(sc *Scratch, dst, transcript []byte) []byte {
	return e.derive(sc, dst, "c e traffic", transcript)
}

// Exporter appends early_exporter_master_secret; transcript: ClientHello.
func (e *EarlySecret) Exporter(sc *Scratch, dst, transcript []byte) []byte {
	return e.derive(sc, dst, "e exp master", transcript)
}

// HandshakeSecret is the second rung: from it come the secrets that protect the
// handshake.
type HandshakeSecret struct{ rung }

// Set climbs from early with the secret that the key exchange gave; nil stands for
// none (psk_ke).
func (s *HandshakeSecret) Set(sc *Scratch, early *EarlySecret, shared []byte) {
	s.climb(sc, &early.rung, shared)
}

// ClientTraffic appends client_handshake_traffic_secret; transcript:
// ClientHello...ServerHello.
func (s *HandshakeSecret) ClientTraffic(sc *Scratch, dst, transcript []byte) []byte {
	return s.derive(sc, dst, "c hs traffic", transcript)
}

// ServerTraffic appends server_handshake_traffic_secret; transcript:
// ClientHello...ServerHello.
func (s *HandshakeSecret) ServerTraffic(sc *Scratch, dst, transcript []byte) []byte {
	return s.derive(sc, dst, "s hs traffic", transcript)
}

// MainSecret is the last rung, RFC 8446's Master Secret: from it come the secrets
// of application data, exporters and resumption.
type MainSecret struct{ rung }

// Set climbs from s.
func (m *MainSecret) Set(sc *Scratch, s *HandshakeSecret) { m.climb(sc, &s.rung, nil) }

// ClientTraffic appends client_application_traffic_secret_0; transcript:
// ClientHello...server Finished.
func (m *MainSecret) ClientTraffic(sc *Scratch, dst, transcript []byte) []byte {
	return m.derive(sc, dst, "c ap traffic", transcript)
}

// ServerTraffic appends server_application_traffic_secret_0; transcript:
// ClientHello...server Finished.
func (m *MainSecret) ServerTraffic(sc *Scratch, dst, transcript []byte) []byte {
	return m.derive(sc, dst, "s ap traffic", transcript)
}

// Exporter appends exporter_master_secret; transcript: ClientHello...server
// Finished.
func (m *MainSecret) Exporter(sc *Scratch, dst, transcript []byte) []byte {
	return m.derive(sc, dst, "exp master", transcript)
}

// Resumption appends resumption_master_secret; transcript: ClientHello...client
// Finished.
func (m *MainSecret) Resumption(sc *Scratch, dst, transcript []byte) []byte {
	return m.derive(sc, dst, "res master", transcript)
}
