package tlssock

import (
	"bytes"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"testing"

	"smoltls/tlssock/internal/ech"
	"smoltls/tlssock/internal/wire"
)

// forgedHello is a hello of a client that can encrypt and does not keep to the protocol.
type forgedHello struct {
	inner   func(m *wire.ClientHello)
	encoded func(b []byte) []byte
	outer   func(m *wire.ClientHello, e *wire.ECHClientHello)
	sealed  func(body []byte)
}

// echForger sends such hellos to a pair's server.
type echForger struct {
	p      *pair
	c      *clientHandshake
	enc    []byte
	sealer *ech.Sealer
}

func newECHForger(p *pair) *echForger {
	p.t.Helper()
	if err := p.client.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.take(p.client)
	f := &echForger{p: p, c: p.client.hs.client}
	var err error
	if f.enc, f.sealer, err = f.c.ech.recipient.NewSealer(rand.Reader); err != nil {
		p.t.Fatal(err)
	}
	return f
}

// send sends a hello, and then the second that is asked for.
func (f *echForger) send(h forgedHello) {
	t := f.p.t
	t.Helper()
	inner := f.c.hello
	if h.inner != nil {
		h.inner(&inner)
	}
	raw, err := inner.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := ech.EncodeInner(nil, raw[wire.HeaderLen:], 64)
	if err != nil {
		t.Fatal(err)
	}
	if h.encoded != nil {
		encoded = h.encoded(encoded)
	}
	if err := f.c.fillOuter(1); err != nil {
		t.Fatal(err)
	}
	outer := f.c.ech.outer
	e := wire.ECHClientHello{KDF: 1, AEAD: 1, ConfigID: 42, Enc: f.enc, Payload: make([]byte, len(encoded)+ech.Overhead)}
	outer.ECH = []byte{}
	if h.outer != nil {
		h.outer(&outer, &e)
	}
	if outer.ECH != nil && len(outer.ECH) == 0 {
		outer.ECH, _ = e.Append(nil)
	}
	msg, err := outer.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.sealer.SealOuter(msg[wire.HeaderLen:], encoded); err != nil && outer.ECH != nil && outer.ECH[0] == wire.ECHOuter {
		t.Fatal(err)
	}
	if h.sealed != nil {
		h.sealed(msg[wire.HeaderLen:])
	}
	f.enc = nil
	f.p.feed(f.p.server, handshakeRecord(msg), &f.p.serverGot)
}

// retry sends a good first hello, and then this one with the share that is asked for.
func (f *echForger) retry(h forgedHello) {
	f.p.t.Helper()
	f.send(forgedHello{})
	if err := f.p.server.Err(); err != nil || !f.p.server.facts.retried {
		f.p.t.Fatalf("no HelloRetryRequest: %v", err)
	}
	if err := f.c.generateShares([]uint16{uint16(tls.CurveP256)}); err != nil {
		f.p.t.Fatal(err)
	}
	f.c.hello.KeyShares = f.c.keyShares
	f.send(h)
}

func TestInnerHellosThatAServerRefuses(t *testing.T) {
	for what, c := range map[string]struct {
		h     forgedHello
		alert Alert
		err   error
	}{
		"good":                {forgedHello{}, 0, nil},
		"no word of it":       {forgedHello{inner: func(m *wire.ClientHello) { m.ECH = nil }}, AlertIllegalParameter, ErrECHInner},
		"encrypted again":     {forgedHello{inner: func(m *wire.ClientHello) { m.ECH = []byte{0, 0, 1, 0, 1, 42, 0, 0, 0, 1, 0} }}, AlertIllegalParameter, ErrECHInner},
		"TLS 1.2":             {forgedHello{inner: func(m *wire.ClientHello) { m.SupportedVersions = wire.MakeUint16s[uint16](0x0304, 0x0303) }, encoded: uncompressed}, AlertIllegalParameter, ErrECHInner},
		"padding":             {forgedHello{encoded: func(b []byte) []byte { return append(b, 1) }}, AlertIllegalParameter, ech.ErrPadding},
		"cut":                 {forgedHello{encoded: func(b []byte) []byte { return b[:50] }}, AlertIllegalParameter, ech.ErrInner},
		"session ID":          {forgedHello{encoded: func(b []byte) []byte { b[34] = 1; return b }}, AlertIllegalParameter, ech.ErrInner},
		"reference to itself": {forgedHello{encoded: func(b []byte) []byte { return refer(b, wire.ExtEncryptedClientHello) }}, AlertIllegalParameter, ech.ErrOuterExtensions},
		"missing reference":   {forgedHello{encoded: func(b []byte) []byte { return refer(b, 0xfafa) }}, AlertIllegalParameter, ech.ErrOuterExtensions},
		"twice the same":      {forgedHello{encoded: func(b []byte) []byte { return refer(b, wire.ExtSupportedVersions) }}, AlertIllegalParameter, ech.ErrOuterExtensions},
		"nothing":             {forgedHello{encoded: func(b []byte) []byte { return nil }}, AlertIllegalParameter, ech.ErrInner},
		"no extension":        {forgedHello{encoded: func(b []byte) []byte { return append(b[:37+6], 0, 0) }}, AlertIllegalParameter, ech.ErrInner},
	} {
		for _, retried := range []bool{false, true} {
			p := newECHPair(t, func(c, s *Config) {
				if retried {
					s.CurvePreferences = []tls.CurveID{tls.CurveP256}
				}
			})
			f := newECHForger(p)
			if retried {
				f.retry(c.h)
			} else {
				f.send(c.h)
			}
			if err := p.server.Err(); c.alert == 0 && err != nil {
				t.Errorf("%s: %v", what, err)
			} else if a := alertOf(err); c.alert != 0 && (a == nil || a.FromPeer || a.Alert != c.alert || !errors.Is(a, c.err)) {
				t.Errorf("%s, second %v: %v", what, retried, err)
			}
		}
	}
}

// references gives where ech_outer_extensions stands in an encoded hello, without a look at what is random there.
func references(b []byte) int {
	at := 34 + 1 // version, random, and no session ID
	at += 2 + int(b[at])<<8 + int(b[at+1])
	at += 1 + int(b[at])
	at += 2
	for b[at] != 0xfd || b[at+1] != 0 {
		at += 4 + int(b[at+2])<<8 + int(b[at+3])
	}
	return at
}

// uncompressed says of an encoded hello of ours the versions that it has, and not that the outer one has them.
func uncompressed(b []byte) []byte {
	list := references(b)
	at := list + 5
	for b[at] != 0 || b[at+1] != 43 {
		at += 2
	}
	b = append(b[:at:at], b[at+2:]...) // of the references
	b[list+3] -= 2
	b[list+4] -= 2
	versions := []byte{0, 43, 0, 5, 4, 3, 4, 3, 3}
	b = append(b[:list:list], append(versions, b[list:]...)...)
	block := 34 + 1
	block += 2 + int(b[block])<<8 + int(b[block+1])
	block += 1 + int(b[block])
	size := int(b[block])<<8 + int(b[block+1]) + len(versions) - 2
	b[block], b[block+1] = byte(size>>8), byte(size)
	return b
}

// refer changes the second of the references of an encoded hello.
func refer(b []byte, t wire.ExtensionType) []byte {
	list := references(b)
	b[list+7], b[list+8] = byte(t>>8), byte(t)
	return b
}

func TestSecondHellosThatAServerRefuses(t *testing.T) {
	for what, c := range map[string]struct {
		h     forgedHello
		alert Alert
		err   error
	}{
		"good":          {forgedHello{}, 0, nil},
		"not encrypted": {forgedHello{outer: func(m *wire.ClientHello, _ *wire.ECHClientHello) { m.ECH = nil }}, AlertMissingExtension, ErrECHSecond},
		"inner":         {forgedHello{outer: func(m *wire.ClientHello, _ *wire.ECHClientHello) { m.ECH = wire.ECHInnerExtension }}, AlertIllegalParameter, ErrECHSecond},
		"another key":   {forgedHello{outer: func(_ *wire.ClientHello, e *wire.ECHClientHello) { e.ConfigID++ }}, AlertIllegalParameter, ErrECHSecond},
		"another suite": {forgedHello{outer: func(_ *wire.ClientHello, e *wire.ECHClientHello) { e.AEAD++ }}, AlertIllegalParameter, ErrECHSecond},
		"another KDF":   {forgedHello{outer: func(_ *wire.ClientHello, e *wire.ECHClientHello) { e.KDF++ }}, AlertIllegalParameter, ErrECHSecond},
		"key again":     {forgedHello{outer: func(_ *wire.ClientHello, e *wire.ECHClientHello) { e.Enc = make([]byte, 32) }}, AlertIllegalParameter, ErrECHSecond},
		"corrupt":       {forgedHello{sealed: func(b []byte) { b[10]++ }}, AlertDecryptError, ech.ErrDecrypt},
		"another name":  {forgedHello{inner: func(m *wire.ClientHello) { m.ServerName = []byte("another.example") }}, AlertIllegalParameter, nil},
	} {
		p := newECHPair(t, func(c, s *Config) { s.CurvePreferences = []tls.CurveID{tls.CurveP256} })
		newECHForger(p).retry(c.h)
		if err := p.server.Err(); c.alert == 0 && err != nil {
			t.Errorf("%s: %v", what, err)
		} else if a := alertOf(err); c.alert != 0 && (a == nil || a.FromPeer || a.Alert != c.alert || c.err != nil && !errors.Is(a, c.err)) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// What can't be decrypted is the outer hello's, without an error (RFC 9849 §7.1).
func TestWhatCannotBeDecryptedIsPassedOver(t *testing.T) {
	for what, h := range map[string]forgedHello{
		"corrupt":       {sealed: func(b []byte) { b[10]++ }},
		"another key":   {outer: func(_ *wire.ClientHello, e *wire.ECHClientHello) { e.ConfigID++ }},
		"unknown suite": {outer: func(_ *wire.ClientHello, e *wire.ECHClientHello) { e.AEAD = 0xffff }},
		"short key":     {outer: func(_ *wire.ClientHello, e *wire.ECHClientHello) { e.Enc = e.Enc[1:] }},
		"no key":        {outer: func(_ *wire.ClientHello, e *wire.ECHClientHello) { e.Enc = nil }},
		"zero key":      {outer: func(_ *wire.ClientHello, e *wire.ECHClientHello) { e.Enc = make([]byte, 32) }},
	} {
		p := newECHPair(t)
		newECHForger(p).send(h)
		if cs := p.server.ConnectionState(); p.server.Err() != nil || cs.ServerName != testPublicName || cs.ECHAccepted {
			t.Errorf("%s: %v, %+v", what, p.server.Err(), cs)
		}
	}
}

func TestTypesOfEncryptedHellosThatNobodySends(t *testing.T) {
	for what, c := range map[string]struct {
		extension []byte
		keys      bool
		alert     Alert
	}{
		"unknown":                    {[]byte{2}, true, AlertIllegalParameter},
		"unknown, without keys":      {[]byte{2}, false, AlertIllegalParameter},
		"malformed":                  {[]byte{0, 0}, true, AlertDecodeError},
		"malformed, without keys":    {[]byte{1, 0}, false, AlertDecodeError},
		"inner, to who decrypts":     {wire.ECHInnerExtension, true, AlertIllegalParameter},
		"encrypted, to who does not": {[]byte{0, 0, 1, 0, 1, 42, 0, 0, 0, 1, 0}, false, 0},
	} {
		p := newECHPair(t, func(_, s *Config) {
			if !c.keys {
				s.EncryptedClientHelloKeys = nil
			}
		})
		p.feed(p.server, handshakeRecord(rawClientHello(t, func(h *clientHandshake) { h.hello.ECH = c.extension })), &p.serverGot)
		if a := alertOf(p.server.Err()); c.alert == 0 && a != nil || c.alert != 0 && (a == nil || a.Alert != c.alert) {
			t.Errorf("%s: %v", what, p.server.Err())
		}
	}
}

func TestTheKeyIsFoundAmongOthersOfItsNumber(t *testing.T) {
	p := newECHPair(t, func(_, s *Config) {
		var keys []tls.EncryptedClientHelloKey
		for _, id := range []uint8{42, 7, 42} {
			key, _ := newECHKey(t, ECHKeyOptions{PublicName: testPublicName, ConfigID: id})
			keys = append(keys, key)
		}
		s.EncryptedClientHelloKeys = append(keys, s.EncryptedClientHelloKeys...)
	})
	p.mustAccept()
}

// GetConfigForClient hears of the inner hello, may send the client away to come without ECH, and answers later if it
// must.
func TestGetConfigForClientOfAnEncryptedHello(t *testing.T) {
	for _, later := range []bool{false, true} {
		for _, decline := range []bool{false, true} {
			var asked []string
			p := newECHPair(t, func(_, s *Config) {
				s.ClientAuth = tls.VerifyClientCertIfGiven
				s.GetConfigForClient = func(info *tls.ClientHelloInfo) (*Config, error) {
					asked = append(asked, info.ServerName)
					switch {
					case later:
						return nil, ErrPending
					case decline && info.ServerName == testServerName:
						return nil, ErrDeclineECH
					}
					return nil, nil
				}
			})
			p.handshake()
			for pending := p.server.Pending(); pending != nil; pending = p.server.Pending() {
				var a Answer
				if decline && pending.ClientHello.ServerName == testServerName {
					a.Err = ErrDeclineECH
				}
				_ = p.server.Deliver(pending, a)
				p.run()
			}
			if !decline {
				p.mustBeOpen()
				if !p.server.ConnectionState().ECHAccepted || len(asked) != 1 {
					t.Errorf("later %v: asked about %q", later, asked)
				}
				continue
			}
			p.wantAlert(p.client, AlertECHRequired)
			var rejected *tls.ECHRejectionError
			if !errors.As(p.client.Err(), &rejected) || rejected.RetryConfigList != nil {
				t.Errorf("later %v: %v", later, p.client.Err())
			}
			if len(asked) != 2 || asked[0] != testServerName || asked[1] != testPublicName {
				t.Errorf("later %v: asked about %q", later, asked)
			}
		}
	}
}

func TestDecliningWhatIsNotEncryptedIsAnError(t *testing.T) {
	p := newECHPair(t, func(c, s *Config) {
		c.EncryptedClientHelloConfigList = nil
		s.GetConfigForClient = func(*tls.ClientHelloInfo) (*Config, error) { return nil, ErrDeclineECH }
	})
	p.handshake()
	p.wantAlert(p.server, AlertInternalError)
	if !errors.Is(p.server.Err(), ErrDeclineECH) {
		t.Error(p.server.Err())
	}
}

// Anything may stand in an encrypted hello.
func FuzzEncryptedHello(f *testing.F) {
	p := newECHPair(f)
	forger := newECHForger(p)
	forger.send(forgedHello{encoded: func(b []byte) []byte { f.Add(bytes.Clone(b), false); f.Add(bytes.Clone(b), true); return b }})
	f.Fuzz(func(t *testing.T, encoded []byte, retried bool) {
		if len(encoded) > 1<<14 {
			return
		}
		p.t = t
		p.restart()
		h := forgedHello{encoded: func([]byte) []byte { return encoded }}
		if retried {
			p.serverCfg = p.serverCfg.Clone()
			p.serverCfg.CurvePreferences = []tls.CurveID{tls.CurveP256}
			p.restart()
			newECHForger(p).retry(h)
		} else {
			newECHForger(p).send(h)
		}
		if err := p.server.Err(); err != nil && alertOf(err) == nil {
			t.Fatalf("%T %v", err, err)
		}
		p.take(p.server)
		p.server.Free()
		p.client.Free()
	})
}
