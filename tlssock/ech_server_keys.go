package tlssock

import (
	"crypto/tls"
	"fmt"
	"sync/atomic"

	"smoltls/tlssock/internal/ech"
	"smoltls/tlssock/internal/wire"
)

// echKeys are keys that a server can use at once.
type echKeys struct {
	from  *tls.EncryptedClientHelloKey // the first of those that they were made of
	keys  []*ech.Key
	retry []byte // the ECHConfigList of those that are sent to who has others; nil: none
}

// newECHKeys makes keys ready; nil for none. The error begins with which of them it is about.
func newECHKeys(from []tls.EncryptedClientHelloKey) (*echKeys, error) {
	if len(from) == 0 {
		return nil, nil
	}
	made := &echKeys{from: &from[0]}
	var retry [][]byte
	for i, k := range from {
		key, err := ech.NewKey(k.Config, k.PrivateKey)
		if err != nil {
			return nil, fmt.Errorf("[%d]: %w", i, err)
		}
		made.keys = append(made.keys, key)
		if k.SendAsRetry {
			retry = append(retry, k.Config)
		}
	}
	if len(retry) == 0 {
		return made, nil
	}
	var err error
	if made.retry, err = ech.MarshalList(retry...); err != nil {
		return nil, fmt.Errorf(": %w", err)
	}
	return made, nil
}

// givenECHKeys are those that a callback gave last.
type givenECHKeys struct{ last atomic.Pointer[echKeys] }

// of makes the keys that a callback gave ready, once while they are the last that were given.
func (g *givenECHKeys) of(from []tls.EncryptedClientHelloKey) (*echKeys, error) {
	if last := g.last.Load(); last != nil && len(from) == len(last.keys) && &from[0] == last.from {
		return last, nil
	}
	made, err := newECHKeys(from)
	if err == nil && made != nil {
		g.last.Store(made)
	}
	return made, err
}

// echKeys gives the keys for a client's hello, nil for none.
func (h *serverHandshake) echKeys(msg *wire.ClientHello) (*echKeys, error) {
	get := h.e.cfg.GetEncryptedClientHelloKeys
	if get == nil {
		return h.prep.ech.keys, nil
	}
	from, err := get(helloInfo(msg, false))
	if err != nil {
		return nil, fault(alertNamed(err, AlertInternalError), err)
	}
	keys, err := h.prep.ech.given.of(from)
	if err != nil {
		return nil, faultf(AlertInternalError, "%w: GetEncryptedClientHelloKeys gave%w", ErrConfig, err)
	}
	return keys, nil
}
