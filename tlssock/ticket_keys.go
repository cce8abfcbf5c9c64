package tlssock

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha512"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"time"
)

// A ticket is the name of a key, a nonce, and a session sealed under that key with AES-256-GCM.
const (
	ticketNameLen  = 16
	ticketNonceLen = 12
	ticketOverhead = ticketNameLen + ticketNonceLen + 16
)

// Times of the keys that a Config makes by itself.
const (
	ticketKeyRotation = 24 * time.Hour // a new key seals
	maxTicketKeys     = 8              // of which tickets are opened: one for each day that a ticket lives, and one more
)

// ticketKey seals and opens tickets. It may be used by several goroutines.
type ticketKey struct {
	name [ticketNameLen]byte
	aead cipher.AEAD
	made time.Time // of a key of our own making
}

// newTicketKey makes a key from 32 secret bytes; the same from the same, on every machine.
func newTicketKey(secret *[32]byte, now time.Time) (*ticketKey, error) {
	name := sha512.Sum512(append([]byte("smoltls ticket key name\x00"), secret[:]...))
	key := sha512.Sum512(append([]byte("smoltls ticket key seal\x00"), secret[:]...))
	defer clear(key[:])
	block, err := aes.NewCipher(key[:32])
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	k := &ticketKey{aead: aead, made: now}
	copy(k.name[:], name[:])
	return k, nil
}

// seal appends a ticket with s in it.
func (k *ticketKey) seal(b []byte, rand io.Reader, s *session) ([]byte, error) {
	at := len(b)
	b = append(b, k.name[:]...)
	b = append(b, make([]byte, ticketNonceLen)...)
	nonce := b[at+ticketNameLen:]
	if _, err := io.ReadFull(rand, nonce); err != nil {
		return nil, err
	}
	plain, err := s.append(nil)
	if err != nil {
		return nil, err
	}
	defer clear(plain)
	return k.aead.Seal(b, nonce, plain, b[at:at+ticketNameLen]), nil
}

var errNoTicketKeys = fmt.Errorf("%w: no session ticket key", ErrConfig)

var errTicket = errors.New("tls: not a ticket of ours")

// openTicket opens a ticket with the one of the keys that has its name. The session aliases memory of its own.
func openTicket(keys []*ticketKey, ticket []byte, s *session) error {
	if len(ticket) < ticketOverhead {
		return errTicket
	}
	name, nonce, sealed := ticket[:ticketNameLen], ticket[ticketNameLen:ticketNameLen+ticketNonceLen], ticket[ticketNameLen+ticketNonceLen:]
	for _, k := range keys {
		if subtle.ConstantTimeCompare(k.name[:], name) != 1 {
			continue
		}
		plain, err := k.aead.Open(nil, nonce, sealed, name)
		if err != nil {
			return errTicket
		}
		return s.parse(plain)
	}
	return errTicket
}

// SetSessionTicketKeys makes a server use these keys for its tickets, as crypto/tls does: the first seals new ones, all
// of them open. Servers that have the same keys resume each other's connections. The keys should be random, and new
// every few days or less: who gets one can read the resumed connections that used no fresh key exchange, and pass for
// their clients. It may be called while c is in use, by any goroutine. No key at all is an error that wraps
// [ErrConfig], and changes nothing.
func (c *Config) SetSessionTicketKeys(keys [][32]byte) error {
	if len(keys) == 0 {
		return errNoTicketKeys
	}
	set := make([]*ticketKey, 0, len(keys))
	for i := range keys {
		k, err := newTicketKey(&keys[i], time.Time{})
		if err != nil {
			return err
		}
		set = append(set, k)
	}
	c.ticketKeys.Store(&set)
	return nil
}

// keysForTickets gives the keys, the one that seals first. When none were given it makes some, and a new one each day.
// Two goroutines that find at the same moment that one is due may both make one; one of them stays.
func (c *Config) keysForTickets(now time.Time, rand io.Reader) ([]*ticketKey, error) {
	if set := c.ticketKeys.Load(); set != nil {
		return *set, nil
	}
	old := c.ownTicketKeys.Load()
	if old != nil && now.Sub((*old)[0].made) < ticketKeyRotation {
		return *old, nil
	}
	var secret [32]byte
	defer clear(secret[:])
	if _, err := io.ReadFull(rand, secret[:]); err != nil {
		return nil, err
	}
	k, err := newTicketKey(&secret, now)
	if err != nil {
		return nil, err
	}
	set := []*ticketKey{k}
	if old != nil {
		for _, k := range *old {
			if len(set) < maxTicketKeys && now.Sub(k.made) < maxSessionLife+ticketKeyRotation {
				set = append(set, k)
			}
		}
	}
	if !c.ownTicketKeys.CompareAndSwap(old, &set) {
		return *c.ownTicketKeys.Load(), nil
	}
	return set, nil
}
