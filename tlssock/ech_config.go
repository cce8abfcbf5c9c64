package tlssock

import (
	"errors"
	"fmt"

	"smoltls/tlssock/internal/ech"
)

// What is wrong with the fields of a [Config] about Encrypted ClientHello. They come wrapped beside ErrConfig.
var (
	// ErrECHConfigList: EncryptedClientHelloConfigList is no ECHConfigList (RFC 9849 §4). From a peer, in its retry
	// configurations, it ends the connection.
	ErrECHConfigList = ech.ErrConfigList
	// ErrECHUnusable: none of its configurations can be used. A client that would rather go on without ECH leaves
	// EncryptedClientHelloConfigList nil.
	ErrECHUnusable = ech.ErrUnusable
	// ErrECHKey: the PrivateKey of one of EncryptedClientHelloKeys is not the one of its Config.
	ErrECHKey = ech.ErrKey
)

// preparedECH is what a Config comes to in matters of Encrypted ClientHello.
type preparedECH struct {
	recipient *ech.Recipient // to whom a client encrypts; nil: it does not
	keys      *echKeys       // a server's; nil: none
	given     *givenECHKeys  // by a callback; nil: there is none

	clientErr, serverErr error // why it cannot be used in a role
}

func (p *prepared) fillECH(c *Config) {
	if c.GetEncryptedClientHelloKeys != nil {
		p.ech.given = &givenECHKeys{}
	}
	p.ech.clientErr = p.fillRecipient(c)
	if p.ech.keys, p.ech.serverErr = newECHKeys(c.EncryptedClientHelloKeys); p.ech.serverErr != nil {
		p.ech.serverErr = fmt.Errorf("EncryptedClientHelloKeys%w", p.ech.serverErr)
	}
}

func (p *prepared) fillRecipient(c *Config) error {
	if c.EncryptedClientHelloConfigList == nil {
		return nil
	}
	var configs []*ech.Config
	var err error
	if len(c.EncryptedClientHelloConfigList) > 0 {
		configs, err = ech.ParseList(c.EncryptedClientHelloConfigList)
	}
	if err == nil {
		p.ech.recipient, err = ech.Choose(configs)
	}
	if err != nil {
		return fmt.Errorf("EncryptedClientHelloConfigList: %w", err)
	}
	return nil
}

// checkRole says why a Config cannot be used in a role.
func (p *preparedECH) checkRole(role Role) error {
	if role == RoleClient {
		return p.clientErr
	}
	return p.serverErr
}

// What an ECH peer does wrong. They come wrapped in an AlertError.
var (
	// ErrECHInner: the inner ClientHello is not one that a client may send (RFC 9849 §7.1).
	ErrECHInner = errors.New("invalid inner ClientHello")
	// ErrECHInconsistent: a server takes the inner ClientHello of the first flight and not that of the second (RFC 9849
	// §6.1.5).
	ErrECHInconsistent = errors.New("server confirms encrypted ClientHello in HelloRetryRequest only")
	// ErrECHSecond: a client's second ClientHello is encrypted otherwise than its first (RFC 9849 §7.1.1).
	ErrECHSecond = errors.New("second ClientHello is encrypted otherwise than the first")
)
