package x509lite

import (
	"fmt"
	"math/big"
	"strconv"
	"time"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// A derReader reads the DER of one buffer. The first thing that is wrong is kept in err with its place; after that
// every read gives nothing and empties what it reads from, so that callers need no check between reads and loops end.
type derReader struct {
	buf    []byte
	err    *ParseError
	anchor bool // what is read is a root: see parse
}

// newDERReader returns a reader of buf and the string to read from. Everything read aliases buf.
func newDERReader(buf []byte) (*derReader, cryptobyte.String) {
	return &derReader{buf: buf}, cryptobyte.String(buf)
}

// offset is the place of s in the buffer: a slice of it shares its end, whatever was cut from its front.
func (r *derReader) offset(s cryptobyte.String) int { return cap(r.buf) - cap(s) }

// fail keeps the first error.
func (r *derReader) fail(at cryptobyte.String, field, format string, args ...any) {
	if r.err == nil {
		r.err = &ParseError{Field: field, Offset: r.offset(at), Detail: fmt.Sprintf(format, args...)}
	}
}

// tooLarge is fail for an exceeded bound.
func (r *derReader) tooLarge(at cryptobyte.String, field, format string, args ...any) {
	if r.err == nil {
		r.fail(at, field, format, args...)
		r.err.Err = ErrTooLarge
	}
}

// read returns the contents of the next element, which must have this tag.
func (r *derReader) read(s *cryptobyte.String, tag asn1.Tag, field string) (contents cryptobyte.String) {
	at := *s
	if r.err == nil && !s.ReadASN1(&contents, tag) {
		r.fail(at, field, "%s", describe(at, tag))
	}
	if r.err != nil {
		*s = nil
		return nil
	}
	return contents
}

// element is read with the header: the whole element, and its contents.
func (r *derReader) element(s *cryptobyte.String, tag asn1.Tag, field string) (whole, contents cryptobyte.String) {
	at := *s
	contents = r.read(s, tag, field)
	if r.err != nil {
		return nil, nil
	}
	return at[:len(at)-len(*s)], contents
}

// any returns the next element, whatever its tag.
func (r *derReader) any(s *cryptobyte.String, field string) (tag asn1.Tag, whole, contents cryptobyte.String) {
	if len(*s) > 0 {
		tag = asn1.Tag((*s)[0])
	}
	whole, contents = r.element(s, tag, field)
	return tag, whole, contents
}

// optional returns the contents of the next element when it has this tag.
func (r *derReader) optional(s *cryptobyte.String, tag asn1.Tag, field string) (contents cryptobyte.String, present bool) {
	if r.err != nil || !s.PeekASN1Tag(tag) {
		return nil, false
	}
	contents = r.read(s, tag, field)
	return contents, r.err == nil
}

// end fails unless s is used up.
func (r *derReader) end(s cryptobyte.String, field string) {
	if r.err == nil && len(s) > 0 {
		r.fail(s, field, "%d trailing bytes", len(s))
	}
}

// list returns the contents of a SEQUENCE OF that is all of s and has an element at least.
func (r *derReader) list(s cryptobyte.String, field string) cryptobyte.String {
	elements := r.read(&s, asn1.SEQUENCE, field)
	r.end(s, field)
	if elements.Empty() {
		r.fail(s, field, "empty")
	}
	return elements
}

// integer returns the contents of an INTEGER in the fewest octets (X.690 §8.3.2) that is not negative, without the
// leading zero octet of a number whose highest bit is set. Zero is one zero octet.
func (r *derReader) integer(s *cryptobyte.String, field string) []byte {
	at := *s
	c := r.read(s, asn1.INTEGER, field)
	switch {
	case r.err != nil:
		return nil
	case len(c) == 0:
		r.fail(at, field, "empty integer")
	case c[0]&0x80 != 0:
		r.fail(at, field, "negative integer")
	case len(c) > 1 && c[0] == 0 && c[1]&0x80 == 0:
		r.fail(at, field, "integer not minimal")
	case len(c) > 1 && c[0] == 0:
		return c[1:]
	}
	return c
}

// number returns a non-negative INTEGER of at most max.
func (r *derReader) number(s *cryptobyte.String, max int, field string) int {
	at := *s
	b := r.integer(s, field)
	v := uint64(0)
	for i, x := range b {
		v = v<<8 | uint64(x)
		if i >= 4 || v > uint64(max) {
			r.tooLarge(at, field, "number above %d", max)
			return 0
		}
	}
	return int(v)
}

// bigInt returns a positive INTEGER.
func (r *derReader) bigInt(s *cryptobyte.String, field string) *big.Int {
	at := *s
	n := new(big.Int).SetBytes(r.integer(s, field))
	if n.Sign() <= 0 {
		r.fail(at, field, "number not positive")
	}
	return n
}

// boolean returns a BOOLEAN with DEFAULT FALSE that is present: DER leaves a default out (X.690 §11.5) and spells true
// as ff (§11.1), so there is one value it can have.
func (r *derReader) booleanDefaultFalse(s *cryptobyte.String, field string) bool {
	at := *s
	c, present := r.optional(s, asn1.BOOLEAN, field)
	if !present {
		return false
	}
	if len(c) != 1 || c[0] != 0xff {
		r.fail(at, field, "boolean % x where only ff can stand", []byte(c))
	}
	return true
}

// bitString returns the octets of a BIT STRING and the number of unused bits, which are zero (X.690 §11.2.1).
func (r *derReader) bitString(s *cryptobyte.String, tag asn1.Tag, field string) (octets []byte, unused int) {
	at := *s
	c := r.read(s, tag, field)
	if r.err != nil {
		return nil, 0
	}
	if len(c) == 0 || c[0] > 7 || len(c) == 1 && c[0] != 0 || c[len(c)-1]&(1<<c[0]-1) != 0 {
		r.fail(at, field, "bit string with wrong unused bits")
		return nil, 0
	}
	return c[1:], int(c[0])
}

// octets returns a BIT STRING that consists of whole octets.
func (r *derReader) octets(s *cryptobyte.String, field string) cryptobyte.String {
	at := *s
	b, unused := r.bitString(s, asn1.BIT_STRING, field)
	if unused != 0 {
		r.fail(at, field, "bit string does not end at an octet")
	}
	return b
}

// null reads a NULL.
func (r *derReader) null(s *cryptobyte.String, field string) {
	c := r.read(s, asn1.NULL, field)
	r.end(c, field)
}

// time reads a Time (RFC 5280 §4.1.2.5): UTCTime or GeneralizedTime, both in UTC, to the second, without a fraction.
// Who issues has to take UTCTime for as long as it lasts, through 2049; who reads has to take either for any year.
func (r *derReader) time(s *cryptobyte.String, field string) time.Time {
	at := *s
	tag, _, c := r.any(s, field)
	if r.err != nil {
		return time.Time{}
	}
	var digits string
	switch tag {
	case asn1.UTCTime:
		digits = string(c)
		if len(c) > 0 && c[0] >= '5' { // RFC 5280 §4.1.2.5.1
			digits = "19" + digits
		} else {
			digits = "20" + digits
		}
	case asn1.GeneralizedTime:
		digits = string(c)
	default:
		r.fail(at, field, "tag %#02x is not a time's", uint8(tag))
		return time.Time{}
	}
	t, ok := parseTime(digits)
	if !ok {
		r.fail(at, field, "%s is not a date and time in UTC to the second", strconv.Quote(string(c)))
	}
	return t
}

// parseTime reads YYYYMMDDHHMMSSZ.
func parseTime(s string) (t time.Time, ok bool) {
	if len(s) != len("YYYYMMDDHHMMSSZ") || s[14] != 'Z' {
		return t, false
	}
	var f [7]int // century, year, month, day, hour, minute, second
	for i := range f {
		hi, lo := s[2*i]-'0', s[2*i+1]-'0'
		if hi > 9 || lo > 9 {
			return t, false
		}
		f[i] = int(hi)*10 + int(lo)
	}
	t = time.Date(f[0]*100+f[1], time.Month(f[2]), f[3], f[4], f[5], f[6], 0, time.UTC)
	// time.Date carries what is out of range over; what was not a date does not come back.
	y, mon, d := t.Date()
	h, min, sec := t.Clock()
	return t, [...]int{y, int(mon), d, h, min, sec} == [...]int{f[0]*100 + f[1], f[2], f[3], f[4], f[5], f[6]}
}

// describe says why the element at the front of s is not one with this tag.
func describe(s cryptobyte.String, tag asn1.Tag) string {
	switch {
	case len(s) == 0:
		return fmt.Sprintf("missing (tag %#02x)", uint8(tag))
	case s[0]&0x1f == 0x1f:
		return "tag in the high-number form"
	case s[0] != uint8(tag):
		return fmt.Sprintf("tag %#02x where %#02x belongs", s[0], uint8(tag))
	}
	return "length not minimal, or beyond the end"
}
