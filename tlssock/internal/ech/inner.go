package ech

import (
	"encoding/binary"
	"fmt"

	"golang.org/x/crypto/cryptobyte"

	"smoltls/tlssock/internal/wire"
)

// hidden reports whether an extension differs between the two hellos, or must not stand in the outer one. The others
// are not repeated.
func hidden(t wire.ExtensionType) bool {
	switch t {
	case wire.ExtServerName, wire.ExtPreSharedKey, wire.ExtEncryptedClientHello:
		return true
	}
	return InnerOnly.Has(t)
}

// InnerOnly are the extensions of an inner hello that the outer one has not: they tell of the hidden server, and are of
// no use to the public one, whose certificate for the public name is X.509's.
var InnerOnly = wire.SetOf(wire.ExtCertificateAuthorities, wire.ExtClientCertificateType, wire.ExtServerCertificateType)

// maxReferences is how many extensions ech_outer_extensions can stand for: a length of one byte counts their bytes.
const maxReferences = 127

// EncodeInner appends to dst the EncodedClientHelloInner for the body of an inner hello of ours (RFC 9849 §5.1):
// without session ID, and without what the outer hello has too, which must be every extension that is not hidden. It is
// padded for names of up to maxName bytes (§6.1.3). It fails as wire.ClientHello.Parse.
func EncodeInner(dst, body []byte, maxName int) ([]byte, error) {
	var hello wire.ClientHello
	if err := hello.Parse(body); err != nil {
		return dst, err
	}
	from := len(dst)
	head := 2 + 32
	dst = append(dst, body[:head]...)
	dst = append(dst, 0)
	dst = append(dst, body[head+1+len(hello.SessionID):len(body)-2-len(hello.Extensions)]...) // cipher_suites, legacy_compression_methods
	mark := len(dst)
	dst = appendCompressed(append(dst, 0, 0), hello.Extensions)
	binary.BigEndian.PutUint16(dst[mark:], uint16(len(dst)-mark-2))
	size := len(dst) - from
	if name := len(hello.ServerName); name > 0 {
		size += max(0, maxName-name)
	} else {
		size += maxName + 9
	}
	size = (size + 31) &^ 31
	return append(dst, make([]byte, size-(len(dst)-from))...), nil
}

// appendCompressed appends the extensions with the first row of those that are not hidden replaced by
// ech_outer_extensions.
func appendCompressed(dst []byte, all wire.Extensions) []byte {
	done := false
	for len(all) > 0 {
		t, _, rest := all.First()
		if done || hidden(t) {
			dst = append(dst, all[:len(all)-len(rest)]...)
			all = rest
			continue
		}
		done = true
		dst = binary.BigEndian.AppendUint16(dst, uint16(wire.ExtECHOuterExtensions))
		mark := len(dst)
		dst = append(dst, 0, 0, 0)
		n := 0
		for ; len(all) > 0 && n < maxReferences; n++ {
			if t, _, rest = all.First(); hidden(t) {
				break
			}
			dst = binary.BigEndian.AppendUint16(dst, uint16(t))
			all = rest
		}
		binary.BigEndian.PutUint16(dst[mark:], uint16(2*n+1))
		dst[mark+2] = byte(2 * n)
	}
	return dst
}

// DecodeInner appends to dst the inner hello, a whole message, that encoded stands for within the outer one (RFC 9849
// §5.1). It fails with ErrInner, ErrPadding or ErrOuterExtensions. It is no longer than both of them, and takes no more
// than one pass over each.
func DecodeInner(dst, encoded []byte, outer *wire.ClientHello) ([]byte, error) {
	s := cryptobyte.String(encoded)
	var head []byte
	var session, suites, methods, block cryptobyte.String
	if !s.ReadBytes(&head, 2+32) || !s.ReadUint8LengthPrefixed(&session) || !session.Empty() || !s.ReadUint16LengthPrefixed(&suites) ||
		!s.ReadUint8LengthPrefixed(&methods) || !s.ReadUint16LengthPrefixed(&block) {
		return dst, ErrInner
	}
	for _, b := range s {
		if b != 0 {
			return dst, ErrPadding
		}
	}
	from := len(dst)
	out := append(dst, byte(wire.TypeClientHello), 0, 0, 0)
	out = append(out, head...)
	out = append(out, byte(len(outer.SessionID)))
	out = append(out, outer.SessionID...)
	out = binary.BigEndian.AppendUint16(out, uint16(len(suites)))
	out = append(out, suites...)
	out = append(out, byte(len(methods)))
	out = append(out, methods...)
	mark := len(out)
	out, err := appendExpanded(append(out, 0, 0), block, outer.Extensions)
	if err != nil {
		return dst, err
	}
	size := len(out) - mark - 2
	if size >= 1<<16 {
		return dst, fmt.Errorf("%w: %d bytes of extensions", ErrInner, size)
	}
	binary.BigEndian.PutUint16(out[mark:], uint16(size))
	binary.BigEndian.PutUint32(out[from:], uint32(wire.TypeClientHello)<<24|uint32(len(out)-from-wire.HeaderLen))
	return out, nil
}

// appendExpanded appends the extensions of block with what ech_outer_extensions stands for in its place. Of outer each
// is taken once at most.
func appendExpanded(dst []byte, block cryptobyte.String, outer wire.Extensions) ([]byte, error) {
	expanded := false
	for !block.Empty() {
		before := block
		var t uint16
		var body, list cryptobyte.String
		if !block.ReadUint16(&t) || !block.ReadUint16LengthPrefixed(&body) {
			return dst, ErrInner
		}
		if wire.ExtensionType(t) != wire.ExtECHOuterExtensions {
			dst = append(dst, before[:len(before)-len(block)]...)
			continue
		}
		if expanded {
			return dst, fmt.Errorf("%w: twice", ErrOuterExtensions)
		}
		expanded = true
		if !body.ReadUint8LengthPrefixed(&list) || !body.Empty() || list.Empty() || len(list)%2 != 0 {
			return dst, ErrInner
		}
		for !list.Empty() {
			var want uint16
			list.ReadUint16(&want)
			found, rest := outer.After(wire.ExtensionType(want))
			if found == nil || wire.ExtensionType(want) == wire.ExtEncryptedClientHello {
				return dst, fmt.Errorf("%w: %v", ErrOuterExtensions, wire.ExtensionType(want))
			}
			dst = append(dst, found...)
			outer = rest
		}
	}
	return dst, nil
}
