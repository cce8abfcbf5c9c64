package suite

// Limits of the HkdfLabel structure (RFC 8446 §7.1), whose label and context each
// have a length of one byte.
const (
	labelPrefix = "tls13 "
	// MaxLabel is the greatest length in bytes of a label, its "tls13 " not counted.
	MaxLabel = 255 - len(labelPrefix)
	// MaxContext is the greatest length in bytes of a context.
	MaxContext = 255

	maxHkdfLabel = 2 + 1 + 255 + 1 + MaxContext
)

// A Scratch is the working memory of key derivation: about 1.5 KiB with its hash
// states. The zero value is ready to use. One Scratch serves any number of
// connections, one call at a time; nothing is carried from one call to the next.
type Scratch struct {
	hashes hashes
	// The key of the HMAC under way, padded to a block and combined with ipad and
	// opad (RFC 2104 §2).
	ipad, opad [maxBlockSize]byte
	inner      [MaxHashSize]byte // the inner digest of an HMAC
	block      [MaxHashSize]byte // HKDF's T(i), or a key on its way to where it belongs
	counter    [1]byte           // HKDF's block number
	info       [maxHkdfLabel]byte
	state      [maxStateSize]byte // a transcript's state, copied
}

// Wipe overwrites the secrets that the last calls left behind. The hash states
// stay allocated and are reset.
func (sc *Scratch) Wipe() {
	for h := SHA256; h <= SHA384; h++ {
		if sc.hashes[h-1] != nil {
			sc.hashes.reset(h)
		}
	}
	clear(sc.ipad[:])
	clear(sc.opad[:])
	clear(sc.inner[:])
	clear(sc.block[:])
	clear(sc.info[:])
	clear(sc.state[:])
}
