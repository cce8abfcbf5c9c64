package x509lite

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

func TestIntegerTakesOnlyTheShortestNonNegative(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     []byte
		fails    string
	}{
		{"zero", "\x02\x01\x00", []byte{0}, ""},
		{"one", "\x02\x01\x01", []byte{1}, ""},
		{"high bit", "\x02\x02\x00\x80", []byte{0x80}, ""},
		{"two octets", "\x02\x02\x01\x00", []byte{1, 0}, ""},
		{"empty", "\x02\x00", nil, "empty integer"},
		{"negative", "\x02\x01\xff", nil, "negative"},
		{"negative long", "\x02\x02\xff\x7f", nil, "negative"},
		{"leading zero", "\x02\x02\x00\x7f", nil, "not minimal"},
		{"two leading zeros", "\x02\x03\x00\x00\x80", nil, "not minimal"},
		{"long-form length", "\x02\x81\x01\x01", nil, "length not minimal"},
		{"indefinite length", "\x02\x80\x01\x00\x00", nil, "length not minimal"},
		{"wrong tag", "\x04\x01\x01", nil, "tag 0x04 where 0x02 belongs"},
		{"cut", "\x02\x02\x01", nil, "beyond the end"},
		{"nothing", "", nil, "missing"},
		{"high tag number", "\x1f\x02\x01\x01", nil, "high-number form"},
	} {
		r, s := newDERReader([]byte(c.in))
		got := r.integer(&s, "f")
		if c.fails == "" {
			if r.err != nil || !bytes.Equal(got, c.want) {
				t.Errorf("%s: got %x, %v", c.name, got, r.err)
			}
			continue
		}
		if r.err == nil || !strings.Contains(r.err.Detail, c.fails) {
			t.Errorf("%s: got %x, %v; want an error with %q", c.name, got, r.err, c.fails)
		}
	}
}

func TestNumberIsBounded(t *testing.T) {
	for in, want := range map[string]int{"\x02\x01\x07": 7, "\x02\x04\x7f\xff\xff\xff": 1<<31 - 1} {
		r, s := newDERReader([]byte(in))
		if got := r.number(&s, 1<<31-1, "f"); r.err != nil || got != want {
			t.Errorf("%x: %d, %v", in, got, r.err)
		}
	}
	for _, in := range []string{"\x02\x05\x00\x80\x00\x00\x00", "\x02\x09\x01\x00\x00\x00\x00\x00\x00\x00\x00"} {
		r, s := newDERReader([]byte(in))
		if got := r.number(&s, 1<<31-1, "f"); r.err == nil || r.err.Err != ErrTooLarge {
			t.Errorf("%x: %d, %v", in, got, r.err)
		}
	}
}

func TestBooleanIsTrueOrLeftOut(t *testing.T) {
	for in, want := range map[string]bool{"": false, "\x01\x01\xff": true, "\x04\x00": false} {
		r, s := newDERReader([]byte(in))
		if got := r.booleanDefaultFalse(&s, "f"); r.err != nil || got != want {
			t.Errorf("%x: %v, %v", in, got, r.err)
		}
	}
	for _, in := range []string{"\x01\x01\x00", "\x01\x01\x01", "\x01\x00", "\x01\x02\xff\xff"} {
		r, s := newDERReader([]byte(in))
		if r.booleanDefaultFalse(&s, "f"); r.err == nil {
			t.Errorf("%x: accepted", in)
		}
	}
}

func TestBitStringUnusedBitsAreZero(t *testing.T) {
	r, s := newDERReader([]byte("\x03\x02\x03\xa8\x03\x01\x00\x03\x02\x00\x01"))
	for _, want := range []struct {
		octets string
		unused int
	}{{"\xa8", 3}, {"", 0}, {"\x01", 0}} {
		if b, unused := r.bitString(&s, asn1.BIT_STRING, "f"); string(b) != want.octets || unused != want.unused {
			t.Errorf("got %x with %d unused, %v; want %x with %d", b, unused, r.err, want.octets, want.unused)
		}
	}
	for _, in := range []string{"\x03\x00", "\x03\x01\x01", "\x03\x02\x08\x00", "\x03\x02\x01\x01", "\x03\x02\x03\x04"} {
		r, s := newDERReader([]byte(in))
		if r.bitString(&s, asn1.BIT_STRING, "f"); r.err == nil {
			t.Errorf("%x: accepted", in)
		}
	}
	r, s = newDERReader([]byte("\x03\x02\x04\xf0"))
	if r.octets(&s, "f"); r.err == nil {
		t.Error("half an octet accepted where whole octets belong")
	}
}

func TestTimesAreInUTCToTheSecond(t *testing.T) {
	utc, gen := byte(0x17), byte(0x18)
	good := map[string]time.Time{
		string(tlv(utc, []byte("500101000000Z"))):   time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC),
		string(tlv(utc, []byte("491231235959Z"))):   time.Date(2049, 12, 31, 23, 59, 59, 0, time.UTC),
		string(tlv(utc, []byte("240229120000Z"))):   time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC),
		string(tlv(gen, []byte("20500101000000Z"))): time.Date(2050, 1, 1, 0, 0, 0, 0, time.UTC),
		string(tlv(gen, []byte("20491231235959Z"))): time.Date(2049, 12, 31, 23, 59, 59, 0, time.UTC),
		string(tlv(gen, []byte("00010101000000Z"))): time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC),
		string(tlv(gen, []byte("99991231235959Z"))): time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
	}
	for in, want := range good {
		r, s := newDERReader([]byte(in))
		if got := r.time(&s, "f"); r.err != nil || !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("%q: %v, %v", in, got, r.err)
		}
	}
	bad := map[string][]byte{
		"no seconds":                tlv(utc, []byte("2401011200Z")),
		"zone":                      tlv(utc, []byte("240101120000+0000")),
		"no zone":                   tlv(utc, []byte("240101120000")),
		"fraction":                  tlv(gen, []byte("20500101000000.5Z")),
		"lower-case z":              tlv(utc, []byte("240101120000z")),
		"month 13":                  tlv(utc, []byte("241301000000Z")),
		"month 0":                   tlv(utc, []byte("240001000000Z")),
		"day 0":                     tlv(utc, []byte("240100000000Z")),
		"30 February":               tlv(utc, []byte("240230000000Z")),
		"29 February, no leap year": tlv(utc, []byte("230229000000Z")),
		"hour 24":                   tlv(utc, []byte("240101240000Z")),
		"second 60":                 tlv(utc, []byte("161231235960Z")),
		"sign for a digit":          tlv(utc, []byte("24010112000+Z")),
		"empty":                     tlv(utc),
		"not a time":                tlv(0x13, []byte("240101120000Z")),
	}
	for name, in := range bad {
		r, s := newDERReader(in)
		if got := r.time(&s, "f"); r.err == nil {
			t.Errorf("%s: accepted as %v", name, got)
		}
	}
}

func TestReaderKeepsTheFirstErrorAndItsPlace(t *testing.T) {
	r, s := newDERReader(tlv(0x30, tlv(0x02, []byte{1}), tlv(0x02, []byte{0xff}), tlv(0x02, []byte{0, 0})))
	seq := r.read(&s, asn1.SEQUENCE, "outer")
	reads := 0
	for !seq.Empty() {
		r.integer(&seq, []string{"first", "second", "third"}[min(reads, 2)])
		if reads++; reads > 10 {
			t.Fatal("a failed reader keeps its caller in a loop")
		}
	}
	if r.err == nil || r.err.Field != "second" || r.err.Offset != 5 {
		t.Fatalf("got %+v", r.err)
	}
	var none cryptobyte.String
	r.end(cryptobyte.String("x"), "later")
	r.null(&none, "later")
	if r.err.Field != "second" {
		t.Errorf("a later error replaced the first: %v", r.err)
	}
}

func TestNullIsEmpty(t *testing.T) {
	r, s := newDERReader([]byte{5, 0})
	if r.null(&s, "f"); r.err != nil || !s.Empty() {
		t.Error(r.err)
	}
	r, s = newDERReader([]byte{5, 1, 0})
	if r.null(&s, "f"); r.err == nil {
		t.Error("NULL with contents accepted")
	}
}
