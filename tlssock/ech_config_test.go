package tlssock

import (
	"crypto/tls"
	"errors"
	"testing"
)

func TestECHConfigsThatCannotWork(t *testing.T) {
	key, list := newECHKey(t, ECHKeyOptions{PublicName: testPublicName})
	other, _ := newECHKey(t, ECHKeyOptions{PublicName: testPublicName})
	unknown := append([]byte(nil), list...)
	unknown[7], unknown[8] = 0x66, 0x66 // kem_id
	wrong := tls.EncryptedClientHelloKey{Config: key.Config, PrivateKey: other.PrivateKey}
	id := makeID(t, "Ed25519", testServerName)
	for what, c := range map[string]struct {
		list []byte
		keys []tls.EncryptedClientHelloKey
		role Role
		err  error
	}{
		"malformed":         {list[1:], nil, RoleClient, ErrECHConfigList},
		"nothing usable":    {unknown, nil, RoleClient, ErrECHUnusable},
		"empty":             {[]byte{}, nil, RoleClient, ErrECHUnusable},
		"another key":       {nil, []tls.EncryptedClientHelloKey{key, wrong}, RoleServer, ErrECHKey},
		"no configuration":  {nil, []tls.EncryptedClientHelloKey{{PrivateKey: key.PrivateKey}}, RoleServer, ErrECHConfigList},
		"list for a server": {list[1:], nil, RoleServer, nil},
		"keys for a client": {nil, []tls.EncryptedClientHelloKey{wrong}, RoleClient, nil},
		"good":              {list, nil, RoleClient, nil},
		"good keys":         {nil, []tls.EncryptedClientHelloKey{key, other}, RoleServer, nil},
	} {
		cfg := &Config{Trust: id.pin(), Certificates: []tls.Certificate{id.cert}, EncryptedClientHelloConfigList: c.list, EncryptedClientHelloKeys: c.keys}
		if err := cfg.Check(c.role); !errors.Is(err, c.err) || err != nil && !errors.Is(err, ErrConfig) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// Handshakes without any of it have nothing of it.
func TestECHCostsNothingWhenItIsOff(t *testing.T) {
	p := newPair(t)
	p.handshake()
	p.mustBeOpen()
	if c := p.env.clients[0]; c.ech != nil || c.hello.ECH != nil {
		t.Error("a client has an inner hello")
	}
	if p.env.servers[0].ech != nil || p.client.ConnectionState().ECHAccepted || p.server.ConnectionState().ECHAccepted {
		t.Error("a server has an inner hello")
	}
}
