package wire

import (
	"bytes"
	"encoding/binary"
	"iter"

	"golang.org/x/crypto/cryptobyte"
)

// Uint16s is a list of 16-bit values (suites, groups, schemes, versions) in wire form, without its length.
type Uint16s []byte

// MakeUint16s encodes a list.
func MakeUint16s[T ~uint16](values ...T) Uint16s {
	out := make(Uint16s, 0, 2*len(values))
	for _, v := range values {
		out = binary.BigEndian.AppendUint16(out, uint16(v))
	}
	return out
}

// Len is the number of values.
func (u Uint16s) Len() int { return len(u) / 2 }

// At gives value i, 0 <= i < Len.
func (u Uint16s) At(i int) uint16 { return binary.BigEndian.Uint16(u[2*i:]) }

// Contains reports whether v is in the list.
func (u Uint16s) Contains(v uint16) bool {
	for i := range u.Len() {
		if u.At(i) == v {
			return true
		}
	}
	return false
}

// readUint16s reads a non-empty list of 16-bit values with a length of n bytes.
func readUint16s(s *cryptobyte.String, n int, out *Uint16s) bool {
	var list cryptobyte.String
	if !readVector(s, n, &list) || len(list) == 0 || len(list)%2 != 0 {
		return false
	}
	*out = Uint16s(list)
	return true
}

// readBytes reads a list of single bytes with a length of one byte. It may be empty.
func readBytes(s *cryptobyte.String, out *[]byte) bool {
	var list cryptobyte.String
	ok := s.ReadUint8LengthPrefixed(&list)
	*out = list
	return ok
}

// readVector reads a vector with a length of n bytes.
func readVector(s *cryptobyte.String, n int, out *cryptobyte.String) bool {
	switch n {
	case 1:
		return s.ReadUint8LengthPrefixed(out)
	case 2:
		return s.ReadUint16LengthPrefixed(out)
	}
	return s.ReadUint24LengthPrefixed(out)
}

// Names is a list of strings with a length of one or two bytes each, without the list's own length:
// protocol names (RFC 7301 §3.1) or distinguished names (RFC 8446 §4.2.4).
type Names struct {
	raw    cryptobyte.String
	prefix int
}

// MakeProtocols encodes a list of ALPN names. It fails with ErrTooLong for a name of no or more than 255 bytes, or too
// many of them.
func MakeProtocols(names ...string) (Names, error) {
	var w builder
	for _, name := range names {
		if name == "" {
			return Names{}, ErrTooLong
		}
		w.vector([]byte(name), 1)
	}
	if w.overflow || len(w.b) > 1<<16-1 {
		return Names{}, ErrTooLong
	}
	return Names{w.b, 1}, nil
}

// MakeAuthorities encodes a list of DER distinguished names. Errors as MakeProtocols.
func MakeAuthorities(names ...[]byte) (Names, error) {
	var w builder
	for _, name := range names {
		if len(name) == 0 {
			return Names{}, ErrTooLong
		}
		w.vector(name, 2)
	}
	if w.overflow || len(w.b) > 1<<16-1 {
		return Names{}, ErrTooLong
	}
	return Names{w.b, 2}, nil
}

// Empty reports whether there is none.
func (n Names) Empty() bool { return len(n.raw) == 0 }

// Raw gives the list in wire form, without its length. It is only to be read.
func (n Names) Raw() []byte { return n.raw }

// Clone gives a copy in memory of its own.
func (n Names) Clone() Names { return Names{bytes.Clone(n.raw), n.prefix} }

// All gives them in order.
func (n Names) All() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		s := n.raw
		var name cryptobyte.String
		for len(s) > 0 && readVector(&s, n.prefix, &name) && yield(name) {
		}
	}
}

// Contains reports whether name is in the list.
func (n Names) Contains(name string) bool {
	s := n.raw
	var got cryptobyte.String
	for len(s) > 0 && readVector(&s, n.prefix, &got) {
		if string(got) == name {
			return true
		}
	}
	return false
}

// First is the first of them, nil if there is none.
func (n Names) First() []byte {
	s := n.raw
	var name cryptobyte.String
	if !readVector(&s, n.prefix, &name) {
		return nil
	}
	return name
}

// One reports whether there is exactly one.
func (n Names) One() bool {
	s := n.raw
	var name cryptobyte.String
	return readVector(&s, n.prefix, &name) && s.Empty()
}

// readNames reads a non-empty list, its length two bytes, of non-empty names with lengths of prefix bytes.
func readNames(s *cryptobyte.String, prefix int, out *Names) bool {
	var list, name cryptobyte.String
	if !s.ReadUint16LengthPrefixed(&list) || list.Empty() {
		return false
	}
	*out = Names{list, prefix}
	for !list.Empty() {
		if !readVector(&list, prefix, &name) || name.Empty() {
			return false
		}
	}
	return true
}
