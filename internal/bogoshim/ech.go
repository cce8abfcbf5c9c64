package main

import (
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"

	"smoltls/tlssock"
)

// echOptions are the flags about Encrypted ClientHello. That one is accepted, or none is, is checked when the handshake
// is over, even where the runner has early data before that: nobody can know before the server has confirmed it.
type echOptions struct {
	list           []byte
	keys           []tls.EncryptedClientHelloKey
	grease         bool
	greaseAll      bool // RFC 8701: of everything
	rejectUnusable bool
	decline        bool // the first hello that GetConfigForClient sees
	accept         bool // expected
	override       *string
}

func init() {
	decoded := func(name string, set func(o *options, b []byte)) {
		with(name, func(o *options, v string) error {
			b, err := base64.StdEncoding.DecodeString(v)
			set(o, b)
			return err
		})
	}
	decoded("-ech-config-list", func(o *options, b []byte) { o.ech.list = b })
	decoded("-ech-server-config", func(o *options, b []byte) { o.ech.keys = append(o.ech.keys, tls.EncryptedClientHelloKey{Config: b}) })
	decoded("-ech-server-key", func(o *options, b []byte) {
		if k := o.ech.lastKey(); k != nil {
			k.PrivateKey = b
		}
	})
	with("-ech-is-retry-config", func(o *options, v string) error {
		if k := o.ech.lastKey(); k != nil {
			k.SendAsRetry = v == "1"
		}
		return nil
	})
	on("-enable-ech-grease", func(o *options) { o.ech.grease = true })
	on("-reject-unusable-ech-config", func(o *options) { o.ech.rejectUnusable = true })
	on("-fail-early-callback-ech-rewind", func(o *options) { o.ech.decline = true })
	on("-expect-ech-accept", func(o *options) { o.ech.accept = true })
	on("-expect-no-ech-name-override", func(o *options) { o.ech.override = new(string) })
	with("-expect-ech-name-override", func(o *options, v string) error { o.ech.override = &v; return nil })
	expect("-expect-no-server-name", func(cs tlssock.ConnectionState) bool { return cs.ServerName == "" })
	decoded("-expect-ech-retry-configs", func(o *options, b []byte) { o.failed = append(o.failed, expectRetryConfigs(b)) })
	on("-expect-no-ech-retry-configs", func(o *options) { o.failed = append(o.failed, expectRetryConfigs(nil)) })
	for _, name := range []string{"-select-next-proto", "-send-channel-id"} { // NPN is not of TLS 1.3, and Channel ID is not spoken
		with(name, func(*options, string) error { return nil })
	}
	on("-enable-grease", func(o *options) { o.ech.greaseAll = true })
}

// lastKey is the one that further flags are about; nil: there is none.
func (o *echOptions) lastKey() *tls.EncryptedClientHelloKey {
	if len(o.keys) == 0 {
		return nil
	}
	return &o.keys[len(o.keys)-1]
}

// expectRetryConfigs wants a connection to fail because the server has other keys, which it tells.
func expectRetryConfigs(want []byte) func(c *connection, err error) error {
	return func(_ *connection, err error) error {
		var rejected *tls.ECHRejectionError
		return wanted(fmt.Sprintf("retry configurations %x", want), errors.As(err, &rejected) && bytes.Equal(rejected.RetryConfigList, want))
	}
}

// configureECH puts the flags into the configuration. Who wants to go on without ECH where no configuration is usable
// leaves it out.
func (s *shim) configureECH(o *options, cfg *tlssock.Config) error {
	e := &o.ech
	cfg.EncryptedClientHelloKeys, cfg.EncryptedClientHelloGREASE = e.keys, e.grease
	cfg.EncryptedClientHelloConfigList = e.list
	cfg.GREASE = e.greaseAll || o.server // the runner wants it of every server
	if e.rejectUnusable && e.list == nil {
		cfg.EncryptedClientHelloConfigList = []byte{}
	}
	probe := tlssock.Config{InsecureSkipVerify: true, EncryptedClientHelloConfigList: e.list}
	if !e.rejectUnusable && errors.Is(probe.Check(tlssock.RoleClient), tlssock.ErrECHUnusable) {
		cfg.EncryptedClientHelloConfigList = nil
	}
	verify := cfg.VerifyConnection
	cfg.VerifyConnection = func(cs tlssock.ConnectionState) error { return s.verifyNamed(o, cs, "", verify) }
	cfg.EncryptedClientHelloRejectionVerify = func(cs tlssock.ConnectionState) error { return s.verifyNamed(o, cs, cs.ServerName, verify) }
	if e.decline {
		declined := false
		cfg.GetConfigForClient = func(*tls.ClientHelloInfo) (*tlssock.Config, error) {
			if declined {
				return nil, nil
			}
			declined = true
			return nil, tlssock.ErrDeclineECH
		}
	}
	return nil
}

// verifyNamed is the hook, for a server that must go by another name than the one it was called by, or by none.
func (s *shim) verifyNamed(o *options, cs tlssock.ConnectionState, override string, verify func(tlssock.ConnectionState) error) error {
	if !o.server && cs.EarlyData > tlssock.EarlyDataAccepted {
		o = &s.options[retry]
	}
	if want := o.ech.override; want != nil && *want != override {
		return wanted(fmt.Sprintf("name override %q", override), false)
	}
	return verify(cs)
}
