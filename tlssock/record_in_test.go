package tlssock

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"testing"

	"smoltls/tlssock/internal/suite"
	"smoltls/tlssock/internal/wire"
)

// record makes an unprotected record.
func record(t wire.ContentType, content ...byte) []byte {
	return append(appendHeader(nil, t, wire.VersionTLS12, len(content)), content...)
}

func TestRecordsBeforeTheHandshake(t *testing.T) {
	for _, c := range []struct {
		name string
		rec  []byte
		want Alert
		err  error
	}{
		{"application data", record(wire.ApplicationData, 'x'), AlertUnexpectedMessage, ErrUnexpectedMessage},
		{"empty application data", record(wire.ApplicationData), AlertUnexpectedMessage, ErrUnexpectedMessage},
		{"change_cipher_spec", record(wire.ChangeCipherSpec, 1), AlertUnexpectedMessage, ErrUnexpectedMessage},
		{"unknown type", record(24, 'x'), AlertUnexpectedMessage, ErrNotTLS},
		{"HTTP", []byte("GET / HTTP/1.1\r\n\r\n"), AlertUnexpectedMessage, ErrNotTLS},
		{"version 2", []byte{22, 2, 0, 0, 1, 1}, AlertProtocolVersion, ErrNotTLS},
		{"version 4", []byte{22, 4, 0, 0, 1, 1}, AlertProtocolVersion, ErrNotTLS},
		{"too long", appendHeader(nil, wire.Handshake, 0x0303, suite.MaxPlaintext+1), AlertRecordOverflow, suite.ErrRecordOverflow},
		{"empty alert", record(wire.AlertRecord), AlertUnexpectedMessage, ErrUnexpectedMessage},
		{"two alerts", record(wire.AlertRecord, 1, 90, 1, 90), AlertDecodeError, wire.ErrAlert},
	} {
		p := newPair(t)
		if n, err := p.server.RecordLen(c.rec); err == nil && n <= len(c.rec) {
			p.server.Receive(nil, c.rec[:n])
		}
		if !errors.Is(p.server.Err(), c.err) {
			t.Errorf("%s: %v", c.name, p.server.Err())
		}
		wantFault(t, p.server, c.want)
	}
}

// RFC 8446 §5.1: legacy_record_version is ignored where there are no keys yet, and §5.2: has one value where there are.
func TestRecordVersionOfPlaintextIsIgnored(t *testing.T) {
	p := newPair(t)
	p.mangle = func(_ Role, rec []byte) []byte {
		if rec[0] != byte(wire.ApplicationData) {
			rec[2] = 0x7f
		}
		return rec
	}
	p.mustHandshake()
}

// a partial record panics in SaiTLS
func TestReceiveOfWhatIsNotOneRecord(t *testing.T) {
	for n := range 8 {
		p := newPair(t)
		p.mustHandshake()
		buf := make([]byte, 64)
		m, err := p.client.Seal(buf, []byte("data"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.server.Receive(nil, buf[:min(n, m-1)]); !errors.Is(err, suite.ErrRecordLength) {
			t.Errorf("%d bytes: %v", n, err)
		}
		wantFault(t, p.server, AlertDecodeError)
	}
}

func TestChangeCipherSpecOnlyWhereItMayCome(t *testing.T) {
	good, bad := record(wire.ChangeCipherSpec, 1), record(wire.ChangeCipherSpec, 2)
	long := record(wire.ChangeCipherSpec, 1, 1)
	inject := func(rec []byte) *pair {
		p := newPair(t)
		p.mangle = func(_ Role, r []byte) []byte {
			if r[0] == byte(wire.ApplicationData) {
				return append(bytes.Clone(rec), r...)
			}
			return r
		}
		p.handshake()
		return p
	}
	p := inject(good)
	p.mustBeOpen()
	p.mangle = nil
	if _, err := p.server.Receive(nil, bytes.Clone(good)); err == nil {
		t.Error("change_cipher_spec after the handshake is taken")
	}
	wantFault(t, p.server, AlertUnexpectedMessage)
	for _, rec := range [][]byte{bad, long, record(wire.ChangeCipherSpec)} {
		if p := inject(rec); alertOf(p.client.Err()) == nil || alertOf(p.client.Err()).Alert != AlertUnexpectedMessage {
			t.Errorf("%x: %v", rec, p.client.Err())
		}
	}
	p = newPair(t)
	p.mustHandshake()
	p.client.queueRecords(wire.ChangeCipherSpec, []byte{1})
	p.run()
	p.wantAlert(p.server, AlertUnexpectedMessage) // RFC 8446 §5: protected
}

func TestEmptyRecordsAreLimited(t *testing.T) {
	for name, send := range map[string]func(p *pair){
		"application data": func(p *pair) {
			buf := make([]byte, 64)
			n, err := p.client.Seal(buf, nil)
			if err != nil {
				t.Fatal(err)
			}
			p.toServer = append(p.toServer, buf[:n]...)
		},
	} {
		p := newPair(t, func(_, s *Config) { s.Limits.EmptyRecords = 5 })
		p.mustHandshake()
		for range 2 {
			for range 5 {
				send(p)
				p.run()
			}
			p.exchange("a record that carries something starts the count again")
		}
		for range 5 {
			send(p)
			p.run()
		}
		p.mustBeOpen()
		send(p)
		p.run()
		t.Log(name)
		p.wantAlert(p.server, AlertUnexpectedMessage)
		if !errors.Is(p.server.Err(), ErrTooManyEmptyRecords) {
			t.Error(p.server.Err())
		}
	}
	p := newPair(t)
	p.server.Receive(nil, handshakeRecord(rawClientHello(t, nil)))
	for i := range DefaultEmptyRecords + 1 {
		if _, err := p.server.Receive(nil, record(wire.ChangeCipherSpec, 1)); (err != nil) != (i == DefaultEmptyRecords) {
			t.Fatalf("change_cipher_spec %d: %v", i, err)
		}
	}
	if !errors.Is(p.server.Err(), ErrTooManyEmptyRecords) {
		t.Error(p.server.Err())
	}
}

func TestProtectedRecordDefects(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func(rec []byte) []byte
		want Alert
	}{
		{"content", func(r []byte) []byte { r[6] ^= 1; return r }, AlertBadRecordMAC},
		{"tag", func(r []byte) []byte { r[len(r)-1] ^= 1; return r }, AlertBadRecordMAC},
		{"header", func(r []byte) []byte { r[2] ^= 1; return r }, AlertProtocolVersion},
		{"type", func(r []byte) []byte { r[0] = 22; return r }, AlertBadRecordMAC},
		{"cut", func(r []byte) []byte { r[4]--; return r[:len(r)-1] }, AlertBadRecordMAC},
		{"shorter than a tag", func(r []byte) []byte { return []byte{23, 3, 3, 0, 1, 0} }, AlertBadRecordMAC},
		{"too long", func(r []byte) []byte { return append([]byte{23, 3, 3, 0x41, 0x01}, make([]byte, 0x4101)...) }, AlertRecordOverflow},
		{"repeated", func(r []byte) []byte { return append(bytes.Clone(r), r...) }, AlertBadRecordMAC},
	} {
		p := newPair(t)
		p.mustHandshake()
		buf := make([]byte, 64)
		n, err := p.client.Seal(buf, []byte("data"))
		if err != nil {
			t.Fatal(err)
		}
		p.toServer = c.edit(buf[:n])
		p.run()
		t.Log(c.name)
		p.wantAlert(p.server, c.want)
		if len(p.serverGot) > 0 && c.name != "repeated" || string(p.serverGot) != "data" && c.name == "repeated" {
			t.Errorf("%s: took %q", c.name, p.serverGot)
		}
	}
}

func TestRecordsWithoutContentTypeAndOfOtherTypes(t *testing.T) {
	for _, typ := range []byte{0, 1, 24, 255} {
		p := newPair(t)
		p.mustHandshake()
		p.client.queueRecords(wire.ContentType(typ), []byte{0})
		p.run()
		p.wantAlert(p.server, AlertUnexpectedMessage)
	}
}

// RFC 8446 §5.4: padding does not make up for content, neither in a handshake record nor in an alert.
func TestProtectedRecordsOfNothing(t *testing.T) {
	for _, typ := range []wire.ContentType{wire.Handshake, wire.AlertRecord} {
		for _, padding := range []int{0, 1, 30} {
			p := newPair(t)
			p.mustHandshake()
			rec := make([]byte, p.client.out.Overhead()+padding)
			n, err := p.client.out.Seal(rec, byte(typ), 0, padding)
			if err != nil {
				t.Fatal(err)
			}
			p.toServer = rec[:n]
			p.run()
			p.wantAlert(p.server, AlertUnexpectedMessage)
		}
	}
}

// a record too large for the caller's slice is lost in SaiTLS
func TestDataGoesIntoDstOrStaysWhereItIs(t *testing.T) {
	p := newPair(t)
	p.mustHandshake()
	for _, c := range []struct {
		size   int
		inside bool
	}{{0, false}, {3, false}, {4, false}, {5, true}, {100, true}} {
		buf := make([]byte, 64)
		n, err := p.client.Seal(buf, []byte("data"))
		if err != nil {
			t.Fatal(err)
		}
		dst := make([]byte, c.size)
		app, err := p.server.Receive(dst, buf[:n])
		if err != nil || string(app) != "data" {
			t.Fatalf("dst of %d bytes: %q, %v", c.size, app, err)
		}
		if inside := c.size > 0 && &app[0] == &dst[0]; inside != c.inside {
			t.Errorf("dst of %d bytes: in dst %v", c.size, inside)
		}
		if !c.inside && &app[0] != &buf[suite.HeaderLen] {
			t.Errorf("dst of %d bytes: not in place", c.size)
		}
	}
}

func TestPaddingIsTakenOff(t *testing.T) {
	p := newPair(t)
	p.mustHandshake()
	buf := make([]byte, 20000)
	copy(buf[5:], "data")
	n, err := p.client.out.Seal(buf, byte(wire.ApplicationData), 4, 16380)
	if err != nil {
		t.Fatal(err)
	}
	if app, err := p.server.Receive(nil, buf[:n]); err != nil || string(app) != "data" {
		t.Errorf("%q, %v", app, err)
	}
}

func TestEndOfTheTransport(t *testing.T) {
	p := newPair(t)
	p.mustHandshake()
	if err := p.server.ReceiveEOF(); !errors.Is(err, ErrTruncated) || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("without close_notify: %v", err)
	}
	if !errors.Is(p.server.Err(), ErrTruncated) || len(p.server.Output()) != 0 {
		t.Errorf("%v, output %x", p.server.Err(), p.server.Output())
	}
	p = newPair(t)
	p.mustHandshake()
	p.client.CloseWrite()
	p.run()
	if err := p.server.ReceiveEOF(); err != nil {
		t.Errorf("after close_notify: %v", err)
	}
	p = newPair(t)
	p.client.Start()
	if err := p.client.ReceiveEOF(); !errors.Is(err, ErrTruncated) {
		t.Errorf("during the handshake: %v", err)
	}
	if p.env.Handshakes() != 0 {
		t.Error("the handshake's memory is kept")
	}
}

// A client that fails at ServerHello has no keys to say so with.
func TestServerHearsAnAlertInTheClear(t *testing.T) {
	p := newPair(t)
	p.server.Receive(nil, handshakeRecord(rawClientHello(t, nil)))
	_, err := p.server.Receive(nil, record(wire.AlertRecord, 2, byte(AlertIllegalParameter)))
	if a := alertOf(err); a == nil || !a.FromPeer || a.Alert != AlertIllegalParameter {
		t.Error(err)
	}
	p = newPair(t)
	p.mustHandshake()
	for _, e := range []*Engine{p.client, p.server} {
		e.Receive(nil, record(wire.AlertRecord, 1, 0))
		wantFault(t, e, AlertBadRecordMAC)
	}
}

func TestWarningAlertsAreLimited(t *testing.T) {
	p := newPair(t)
	p.mustHandshake()
	cancel := func(n int) {
		for range n {
			p.client.queueAlert(wire.LevelWarning, AlertUserCanceled)
		}
		p.run()
	}
	for range 3 {
		cancel(DefaultWarningAlerts)
		p.exchange("a record that carries something starts the count again")
	}
	cancel(DefaultWarningAlerts + 1)
	p.wantAlert(p.server, AlertUnexpectedMessage)
	if !errors.Is(p.server.Err(), ErrTooManyWarnings) {
		t.Error(p.server.Err())
	}
}

// A record that is protected under another outer type than application data is one that should not be (RFC 8446 §5.2).
func TestProtectedRecordsHaveOneOuterType(t *testing.T) {
	p := newPair(t)
	p.mustHandshake()
	var rec [64]byte
	n, err := p.client.out.Seal(rec[:], byte(wire.ApplicationData), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	rec[0] = byte(wire.Handshake)
	p.server.Receive(nil, rec[:n])
	wantFault(t, p.server, AlertBadRecordMAC)
}

// RFC 8446 §5.1: application data comes when the handshake is over, also where there are keys to read it with.
func TestApplicationDataDuringTheHandshake(t *testing.T) {
	p := newPair(t)
	p.beRogueServer(wire.TypeEncryptedExtensions)
	p.handshake()
	p.server.queueRecords(wire.ApplicationData, []byte("x"))
	p.run()
	p.wantAlert(p.client, AlertUnexpectedMessage)
	p = newPair(t)
	p.beRogueClient()
	p.run()
	if p.server.Err() != nil {
		t.Fatal(p.server.Err())
	}
	p.client.queueRecords(wire.ApplicationData, []byte("x"))
	p.run()
	p.wantAlert(p.server, AlertUnexpectedMessage)
}

// A record that is authentic, but names itself as anything else than application data (RFC 8446 §5.2), is not from a
// peer that keeps to the protocol.
func TestOuterTypeOfAProtectedRecord(t *testing.T) {
	for _, typ := range []wire.ContentType{wire.Handshake, wire.AlertRecord} {
		var log strings.Builder
		p := newPair(t, func(c, _ *Config) { c.KeyLogWriter, c.CipherSuites = &log, []uint16{0x1301} })
		p.mustHandshake()
		rec := sealAs(t, log.String(), typ, p.client.out.Records(), "data")
		if _, err := p.server.Receive(nil, rec); !errors.Is(err, ErrUnexpectedMessage) {
			t.Errorf("type %d: %v", typ, err)
		}
		wantFault(t, p.server, AlertUnexpectedMessage)
	}
	// The same by the type that it should have is taken.
	var log strings.Builder
	p := newPair(t, func(c, _ *Config) { c.KeyLogWriter, c.CipherSuites = &log, []uint16{0x1301} })
	p.mustHandshake()
	if app, err := p.server.Receive(nil, sealAs(t, log.String(), wire.ApplicationData, p.client.out.Records(), "data")); err != nil || string(app) != "data" {
		t.Errorf("%q, %v", app, err)
	}
}

// sealAs makes a record of a client's application data with TLS_AES_128_GCM_SHA256, its outer type as given, from what
// the key log has.
func sealAs(t *testing.T, log string, typ wire.ContentType, seq uint64, data string) []byte {
	t.Helper()
	var secret []byte
	for line := range strings.Lines(log) {
		if f := strings.Fields(line); len(f) == 3 && f[0] == "CLIENT_TRAFFIC_SECRET_0" {
			secret, _ = hex.DecodeString(f[2])
		}
	}
	expand := func(label string, n int) []byte { // RFC 8446 §7.1
		info := append([]byte{0, byte(n), byte(len("tls13 " + label))}, "tls13 "+label+"\x00"...)
		b, err := hkdf.Expand(sha256.New, secret, string(info), n)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	block, err := aes.NewCipher(expand("key", 16))
	if err != nil {
		t.Fatal(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	nonce := expand("iv", 12)
	binary.BigEndian.PutUint64(nonce[4:], binary.BigEndian.Uint64(nonce[4:])^seq)
	inner := append([]byte(data), byte(wire.ApplicationData))
	rec := appendHeader(nil, typ, wire.VersionTLS12, len(inner)+aead.Overhead())
	return aead.Seal(rec, nonce, inner, rec)
}
