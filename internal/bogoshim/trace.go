package main

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"

	"smoltls/tlssock"
)

// trace writes down which handshake messages go which way, as an SSL library with a callback for messages would tell.
// The engine has none: what is protected is opened here, with the secrets of the key log. Inner hellos are told with
// the outer ones that they come in.
type trace struct {
	log       strings.Builder // of keys
	told      strings.Builder
	halves    [2]traceHalf // what is read, what is written
	encrypted bool         // a client's hellos are
}

// traceHalf is one direction.
type traceHalf struct {
	label string // of its secrets
	epoch int    // of keys
	aead  cipher.AEAD
	iv    []byte
	seq   uint64
	part  []byte // of a message
}

// A direction's epochs, by the names of the secrets in the key log.
var epochs = []string{"", "_HANDSHAKE_TRAFFIC_SECRET", "_TRAFFIC_SECRET_0"}

// The contents of records (RFC 8446 §5.1), and the message that an inner one may come with.
const (
	recordCCS, recordHandshake, recordProtected = 20, 22, 23
	messageClientHello                          = 1
)

func init() {
	with("-expect-msg-callback", func(o *options, want string) error {
		o.trace = &trace{}
		o.change = append(o.change, func(o *options, cfg *tlssock.Config) error {
			t := o.trace
			t.halves = [2]traceHalf{{label: "SERVER"}, {label: "CLIENT"}}
			if o.server {
				t.halves[0].label, t.halves[1].label = t.halves[1].label, t.halves[0].label
			}
			t.encrypted = len(cfg.EncryptedClientHelloConfigList) > 0
			cfg.KeyLogWriter, cfg.SessionTickets = &t.log, 2 // as many as the runner expects
			return nil
		})
		o.last = append(o.last, func(c *connection) error {
			got := c.options.trace.finish(c.eng.ConnectionState().ECHAccepted && c.options.server)
			return wanted(fmt.Sprintf("-expect-msg-callback %q: %q", want, got), got == want)
		})
		return nil
	})
}

// records tells of whole records, read or written, at most as much of them as can be told with the keys that are logged
// by now.
func (t *trace) records(c *connection, written bool, records []byte) {
	if t == nil {
		return
	}
	h, verb := &t.halves[0], "read"
	if written {
		h, verb = &t.halves[1], "write"
	}
	for len(records) >= 5 {
		n := 5 + int(binary.BigEndian.Uint16(records[3:]))
		if n > len(records) {
			return
		}
		typ, content := records[0], records[5:n]
		if typ == recordProtected {
			typ, content = h.open(records[:n], c.eng.ConnectionState().CipherSuite, t.log.String())
		}
		switch {
		case typ == recordCCS && written: // the peer's is passed over
			fmt.Fprintf(&t.told, "%s ccs\n", verb)
		case typ == recordHandshake:
			t.messages(h, verb, content)
		}
		records = records[n:]
	}
}

// messages tells of the messages that are whole with content.
func (t *trace) messages(h *traceHalf, verb string, content []byte) {
	h.part = append(h.part, content...)
	for len(h.part) >= 4 {
		n := 4 + int(binary.BigEndian.Uint32(h.part)&0xffffff)
		if n > len(h.part) {
			return
		}
		if h.part[0] == messageClientHello && verb == "write" && t.encrypted {
			t.told.WriteString("write clienthelloinner\n")
		}
		fmt.Fprintf(&t.told, "%s hs %d\n", verb, h.part[0])
		h.part = h.part[n:]
	}
}

// finish gives all that was told. accepted: a server has found inner hellos in those that it read.
func (t *trace) finish(accepted bool) string {
	if accepted {
		return strings.ReplaceAll(t.told.String(), "read hs 1\n", "read hs 1\nread clienthelloinner\n")
	}
	return t.told.String()
}

// open opens a protected record with the present keys, or with the next that were logged; typ 0: it can't.
func (h *traceHalf) open(record []byte, suite uint16, log string) (typ byte, content []byte) {
	for {
		if h.aead != nil {
			nonce := make([]byte, len(h.iv))
			binary.BigEndian.PutUint64(nonce[len(nonce)-8:], h.seq)
			for i := range nonce {
				nonce[i] ^= h.iv[i]
			}
			if plain, err := h.aead.Open(nil, nonce, record[5:], record[:5]); err == nil {
				h.seq++
				if plain = bytes.TrimRight(plain, "\x00"); len(plain) == 0 {
					return 0, nil
				}
				return plain[len(plain)-1], plain[:len(plain)-1]
			}
		}
		if h.epoch+1 == len(epochs) || h.next(suite, log) != nil {
			return 0, nil
		}
	}
}

// next goes over to the next keys (RFC 8446 §7.3).
func (h *traceHalf) next(suite uint16, log string) error {
	secret, err := loggedSecret(log, h.label+epochs[h.epoch+1])
	if err != nil {
		return err
	}
	h.epoch++
	h.seq = 0
	keyLen := map[uint16]int{tls.TLS_AES_128_GCM_SHA256: 16, tls.TLS_AES_256_GCM_SHA384: 32, tls.TLS_CHACHA20_POLY1305_SHA256: 32}[suite]
	key, err := expandLabel(secret, "key", keyLen)
	if err != nil {
		return err
	}
	if h.iv, err = expandLabel(secret, "iv", 12); err != nil {
		return err
	}
	if suite == tls.TLS_CHACHA20_POLY1305_SHA256 {
		h.aead, err = chacha20poly1305.New(key)
		return err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return err
	}
	h.aead, err = cipher.NewGCM(block)
	return err
}

// expandLabel is HKDF-Expand-Label without a context (RFC 8446 §7.1). The secret's length says which hash it is of.
func expandLabel(secret []byte, label string, n int) ([]byte, error) {
	label = "tls13 " + label
	info := string([]byte{0, byte(n), byte(len(label))}) + label + "\x00"
	if len(secret) == sha512.Size384 {
		return hkdf.Expand(sha512.New384, secret, info, n)
	}
	return hkdf.Expand(sha256.New, secret, info, n)
}
