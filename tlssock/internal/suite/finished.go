package suite

import "crypto/subtle"

// FinishedMAC appends to dst the verify_data of a Finished message, h.Size() bytes
// (RFC 8446 §4.4.4). base is the sender's handshake traffic secret, or, after the
// handshake, its application traffic secret; for a PSK binder (§4.2.11.2) it is the
// binder key. transcript is the transcript hash before the message.
func (h Hash) FinishedMAC(sc *Scratch, dst, base, transcript []byte) []byte {
	// setKey consumes the key before HMAC writes anything else to the block.
	key := h.expandLabel(sc, sc.block[:0], base, "finished", nil, h.Size())
	return h.HMAC(sc, dst, key, transcript)
}

// VerifyFinished reports, in time that does not depend on their contents, whether
// mac is what FinishedMAC gives for base and transcript.
func (h Hash) VerifyFinished(sc *Scratch, base, transcript, mac []byte) bool {
	want := h.FinishedMAC(sc, sc.block[:0], base, transcript)
	return subtle.ConstantTimeCompare(want, mac) == 1
}
