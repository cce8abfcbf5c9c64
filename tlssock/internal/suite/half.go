package suite

import (
	"crypto/cipher"
	"encoding/binary"
	"errors"
)

// Sizes of RFC 8446 §5.1, §5.2 and §5.4, in bytes.
const (
	// HeaderLen is the length of a record's header.
	HeaderLen = 5
	// MaxPlaintext is the most content that a record carries.
	MaxPlaintext = 1 << 14
	// MaxInner is the greatest length of a TLSInnerPlaintext: content, content type
	// and padding.
	MaxInner = MaxPlaintext + 1
	// MaxCiphertext is the greatest value of a protected record's length field.
	MaxCiphertext = MaxPlaintext + 256

	ivLen = 12 // of every AEAD here: max(8, N_MIN) of RFC 8446 §5.3
)

const typeApplicationData = 23

// Errors of a Half. The alert that RFC 8446 prescribes is named with each.
var (
	// ErrBadRecordMAC: the record is not authentic (bad_record_mac).
	ErrBadRecordMAC = errors.New("suite: record is not authentic")
	// ErrRecordOverflow: the inner plaintext is longer than MaxInner
	// (record_overflow).
	ErrRecordOverflow = errors.New("suite: record is too long")
	// ErrNoContent: the record is authentic, but there is no content type in it,
	// only padding (unexpected_message).
	ErrNoContent = errors.New("suite: record has no content type")
	// ErrRecordLength: the slice is not exactly one record (decode_error).
	ErrRecordLength = errors.New("suite: record's length field does not match")
	// ErrRoom: the slice is too short for the record to be sealed.
	ErrRoom = errors.New("suite: no room for the sealed record")
	// ErrSequence: all sequence numbers of this secret are used up (RFC 8446 §5.3).
	ErrSequence = errors.New("suite: record sequence numbers exhausted")
	// ErrNoKey: no traffic secret was set, or one that does not fit the suite.
	ErrNoKey = errors.New("suite: no traffic secret")
)

// A Half protects the records of one direction under one traffic secret at a time
// (RFC 8446 §5.2, §5.3). It is 64 bytes and can be embedded; the AEAD, which weighs
// twenty times that, is gone between Sleep and the next use, and so are key and IV, which
// the secret gives again.
//
// The zero Half has no secret and answers ErrNoKey.
type Half struct {
	awake  *keys // nil while asleep
	secret [MaxHashSize]byte
	// Number of the next record and, in the top byte, index of the Suite, 0 for none, which
	// by itself would cost 8 bytes an idle socket.
	next uint64
}

// suiteShift is where the index of the Suite stands.
const suiteShift = 56

// maxRecords is where the numbers of the records under one secret end: before RFC 8446's
// 2^64, and beyond what anybody sends.
const maxRecords = 1<<suiteShift - 1

// keys are what a secret leads to.
type keys struct {
	aead cipher.AEAD
	iv   [ivLen]byte
}

// SetSecret installs a traffic secret, which must be s.Hash.Size() bytes long and is
// copied, and starts at sequence number 0. What was there before is wiped.
func (h *Half) SetSecret(s *Suite, secret []byte) {
	h.Wipe()
	if len(secret) != s.Hash.Size() {
		return
	}
	h.next = uint64(s.index) << suiteShift
	copy(h.secret[:], secret)
}

// Update moves on to the next traffic secret, after a KeyUpdate (RFC 8446 §7.2),
// and starts again at sequence number 0. It does nothing to a Half without secret.
func (h *Half) Update(sc *Scratch) {
	s := h.Suite()
	if s == nil {
		return
	}
	s.Hash.NextTraffic(sc, h.secret[:0], h.secret[:s.Hash.Size()])
	sc.Wipe() // who has the next secret must not come by this one (RFC 8446 §E.1.2)
	h.next, h.awake = uint64(s.index)<<suiteShift, nil
}

// Wake makes the AEAD, for a new secret or after Sleep, with memory of sc's: Seal and Open
// do it, too, but with memory of their own. It does nothing to a Half that is awake or has
// no secret.
func (h *Half) Wake(sc *Scratch) {
	if s := h.Suite(); s != nil && h.awake == nil {
		_ = h.deriveKeys(sc, s) // Seal and Open try again, and say why not
	}
}

// deriveKeys derives key and IV from the traffic secret (RFC 8446 §7.3). The key is nowhere
// but in the AEAD afterwards.
func (h *Half) deriveKeys(sc *Scratch, s *Suite) error {
	k := &keys{}
	secret := h.secret[:s.Hash.Size()]
	s.Hash.expandLabel(sc, k.iv[:0], secret, "iv", nil, ivLen)
	// newAEAD consumes the key before anything else is written to the block.
	key := s.Hash.expandLabel(sc, sc.block[:0], secret, "key", nil, s.KeyLen)
	aead, err := s.newAEAD(key)
	sc.Wipe()
	if err != nil {
		return err
	}
	k.aead = aead
	h.awake = k
	return nil
}

// Suite returns the suite of the secret, nil if there is no secret.
func (h *Half) Suite() *Suite {
	i := h.next >> suiteShift
	if i == 0 {
		return nil
	}
	return &suites[i-1]
}

// Secret returns the traffic secret, nil if there is none. It is h's and only to be
// read: a Finished after the handshake is made with it (RFC 8446 §4.4).
func (h *Half) Secret() []byte {
	s := h.Suite()
	if s == nil {
		return nil
	}
	return h.secret[:s.Hash.Size()]
}

// Records returns how many records were sealed or opened under the current secret.
func (h *Half) Records() uint64 { return h.next & maxRecords }

// UpdateDue reports whether the current secret has protected all records but one that
// its suite allows (RFC 8446 §5.5): the next and last should be a KeyUpdate.
func (h *Half) UpdateDue() bool {
	s := h.Suite()
	return s != nil && h.Records() >= s.RecordLimit-1
}

// Overhead returns what a record is longer than its content, without padding: header,
// content type and tag; 0 if there is no secret.
func (h *Half) Overhead() int {
	s := h.Suite()
	if s == nil {
		return 0
	}
	return HeaderLen + 1 + s.TagLen
}

// Sleep drops the AEAD, about 1.2 KiB. The next record makes it again, for a microsecond
// or two.
func (h *Half) Sleep() { h.awake = nil }

// Wipe overwrites secret, key and IV and forgets the AEAD, which the garbage collector
// will take: its copy of the key can't be reached from here.
func (h *Half) Wipe() {
	if h.awake != nil {
		clear(h.awake.iv[:])
	}
	*h = Half{}
}

// wake makes sure that another record can be protected.
func (h *Half) wake() (*Suite, error) {
	s := h.Suite()
	if s == nil {
		return nil, ErrNoKey
	}
	if h.Records() == maxRecords {
		return nil, ErrSequence
	}
	if h.awake == nil {
		if err := h.deriveKeys(new(Scratch), s); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// toggleNonce turns the IV into the nonce of the record that is next, and back
// (RFC 8446 §5.3). A nonce in a variable of its own would be an allocation a record.
func (k *keys) toggleNonce(seq uint64) {
	tail := k.iv[ivLen-8:]
	binary.BigEndian.PutUint64(tail, binary.BigEndian.Uint64(tail)^seq)
}

// Seal protects the plainLen bytes of content at rec[HeaderLen:] in place and adds
// header, content type, padLen bytes of padding and tag. It returns the length of the
// record, which begins at rec[0]. It fails with ErrRoom, ErrRecordOverflow, ErrSequence
// or ErrNoKey, and has changed nothing then.
func (h *Half) Seal(rec []byte, typ byte, plainLen, padLen int) (int, error) {
	s, err := h.wake()
	if err != nil {
		return 0, err
	}
	if plainLen < 0 || plainLen > MaxPlaintext || padLen < 0 || padLen > MaxPlaintext-plainLen {
		return 0, ErrRecordOverflow
	}
	end := HeaderLen + plainLen + 1 + padLen
	n := end + s.TagLen
	if len(rec) < n {
		return 0, ErrRoom
	}
	rec[HeaderLen+plainLen] = typ
	clear(rec[HeaderLen+plainLen+1 : end])
	rec[0], rec[1], rec[2] = typeApplicationData, 3, 3 // opaque_type, legacy_record_version
	binary.BigEndian.PutUint16(rec[3:], uint16(n-HeaderLen))

	k := h.awake
	k.toggleNonce(h.Records())
	k.aead.Seal(rec[HeaderLen:HeaderLen:n], k.iv[:], rec[HeaderLen:end], rec[:HeaderLen])
	k.toggleNonce(h.Records())
	h.next++
	return n, nil
}

// Open opens the one record that rec is, header included, and returns the type and the
// content of what was in it, without padding. The content lies in dst if dst is at
// least as long as the inner plaintext, len(rec)-HeaderLen-TagLen, and in rec
// otherwise. dst may be nil; it must not overlap rec.
//
// A record that fails to open counts for nothing, but what lay in dst or rec is gone.
// The errors are ErrBadRecordMAC, ErrRecordOverflow, ErrNoContent, ErrRecordLength,
// ErrSequence and ErrNoKey.
func (h *Half) Open(dst, rec []byte) (typ byte, plain []byte, err error) {
	s, err := h.wake()
	if err != nil {
		return 0, nil, err
	}
	if len(rec) < HeaderLen || len(rec)-HeaderLen != int(binary.BigEndian.Uint16(rec[3:])) {
		return 0, nil, ErrRecordLength
	}
	sealed := rec[HeaderLen:]
	inner := len(sealed) - s.TagLen
	if inner < 0 {
		return 0, nil, ErrBadRecordMAC
	}
	if inner > MaxInner {
		return 0, nil, ErrRecordOverflow
	}
	out := sealed
	if len(dst) >= inner {
		out = dst
	}

	k := h.awake
	k.toggleNonce(h.Records())
	plain, err = k.aead.Open(out[:0:inner], k.iv[:], sealed, rec[:HeaderLen])
	k.toggleNonce(h.Records())
	if err != nil {
		return 0, nil, ErrBadRecordMAC
	}
	h.next++
	return unpad(plain)
}

// unpad splits a TLSInnerPlaintext: the last byte that is not zero is the content type
// (RFC 8446 §5.4). How long this takes tells the length of the padding, as §5.4 and
// appendix E.3 accept.
func unpad(inner []byte) (typ byte, content []byte, err error) {
	for n := len(inner) - 1; n >= 0; n-- {
		if inner[n] != 0 {
			return inner[n], inner[:n], nil
		}
	}
	return 0, nil, ErrNoContent
}
