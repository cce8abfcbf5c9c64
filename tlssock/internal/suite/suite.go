package suite

import (
	"crypto/aes"
	"crypto/cipher"

	"golang.org/x/crypto/chacha20poly1305"

	"smoltls/internal/ccm"
)

// The cipher suites of RFC 8446 §B.4, by their code points.
const (
	AES128GCM        uint16 = 0x1301
	AES256GCM        uint16 = 0x1302
	ChaCha20Poly1305 uint16 = 0x1303
	AES128CCM        uint16 = 0x1304
	// AES128CCM8 has a tag of 8 bytes only: for peers that insist on it, and never
	// in a default list.
	AES128CCM8 uint16 = 0x1305
)

// A Suite is a cipher suite: an AEAD and a hash. Suites are made by this package
// only and never change.
type Suite struct {
	// ID is the code point of RFC 8446 §B.4.
	ID uint16
	// Name is the registered name, as in TLS_AES_128_GCM_SHA256.
	Name string
	// Hash is the hash of the key schedule and the transcript.
	Hash Hash
	// KeyLen is the length of the AEAD's key in bytes.
	KeyLen int
	// TagLen is what the AEAD adds to a record, in bytes.
	TagLen int
	// RecordLimit is how many full records may be sealed under one traffic secret
	// before it must be replaced (RFC 8446 §5.5).
	RecordLimit uint64

	index   uint8 // the place in suites, from 1
	newAEAD func(key []byte) (cipher.AEAD, error)
}

// RFC 8446 §5.5 gives 2^24.5 records for AES-GCM and says that ChaCha20-Poly1305
// exhausts its sequence numbers first. It is silent about CCM, for which RFC 9147
// §4.5.3 and its appendix B.1 derive 2^23 for records of the same size.
const (
	limitGCM      = 23726566 // 2^24.5
	limitCCM      = 1 << 23
	limitChaCha20 = maxRecords
)

var suites = [...]Suite{
	{ID: AES128GCM, Name: "TLS_AES_128_GCM_SHA256", Hash: SHA256, KeyLen: 16, TagLen: 16, RecordLimit: limitGCM, index: 1, newAEAD: newGCM},
	{ID: AES256GCM, Name: "TLS_AES_256_GCM_SHA384", Hash: SHA384, KeyLen: 32, TagLen: 16, RecordLimit: limitGCM, index: 2, newAEAD: newGCM},
	{ID: ChaCha20Poly1305, Name: "TLS_CHACHA20_POLY1305_SHA256", Hash: SHA256, KeyLen: 32, TagLen: 16, RecordLimit: limitChaCha20, index: 3, newAEAD: chacha20poly1305.New},
	{ID: AES128CCM, Name: "TLS_AES_128_CCM_SHA256", Hash: SHA256, KeyLen: 16, TagLen: 16, RecordLimit: limitCCM, index: 4, newAEAD: newCCM},
	{ID: AES128CCM8, Name: "TLS_AES_128_CCM_8_SHA256", Hash: SHA256, KeyLen: 16, TagLen: 8, RecordLimit: limitCCM, index: 5, newAEAD: newCCM8},
}

// ByID returns the suite with the given code point, nil if there is none. It knows
// AES128CCM8 too: what to offer and what to accept is the caller's list.
func ByID(id uint16) *Suite {
	for i := range suites {
		if suites[i].ID == id {
			return &suites[i]
		}
	}
	return nil
}

func newGCM(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func newCCM(key []byte) (cipher.AEAD, error)  { return newCCMWithTag(key, 16) }
func newCCM8(key []byte) (cipher.AEAD, error) { return newCCMWithTag(key, 8) }

func newCCMWithTag(key []byte, tagLen int) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return ccm.New(block, ivLen, tagLen)
}
