package suite

import (
	"math"
	"testing"
)

// all is every suite of the table.
func all(t *testing.T, f func(t *testing.T, s *Suite)) {
	for i := range suites {
		t.Run(suites[i].Name, func(t *testing.T) { f(t, &suites[i]) })
	}
}

func TestSuitesAreThoseOfRFC8446(t *testing.T) {
	for _, c := range []struct {
		id             uint16
		name           string
		hash           Hash
		keyLen, tagLen int
	}{
		{0x1301, "TLS_AES_128_GCM_SHA256", SHA256, 16, 16},
		{0x1302, "TLS_AES_256_GCM_SHA384", SHA384, 32, 16},
		{0x1303, "TLS_CHACHA20_POLY1305_SHA256", SHA256, 32, 16},
		{0x1304, "TLS_AES_128_CCM_SHA256", SHA256, 16, 16},
		{0x1305, "TLS_AES_128_CCM_8_SHA256", SHA256, 16, 8},
	} {
		s := ByID(c.id)
		if s == nil {
			t.Errorf("%s is missing", c.name)
			continue
		}
		if s.ID != c.id || s.Name != c.name || s.Hash != c.hash || s.KeyLen != c.keyLen || s.TagLen != c.tagLen {
			t.Errorf("%#x is %+v", c.id, s)
		}
	}
	for _, id := range []uint16{0, 0x1300, 0x1306, 0x00ff, 0xc02f} {
		if ByID(id) != nil {
			t.Errorf("%#x is a suite", id)
		}
	}
}

func TestTableAgreesWithItsAEADs(t *testing.T) {
	for i := range suites {
		s := &suites[i]
		if int(s.index) != i+1 {
			t.Errorf("%s has index %d in place %d", s.Name, s.index, i)
		}
		aead, err := s.newAEAD(make([]byte, s.KeyLen))
		if err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
		if aead.NonceSize() != ivLen || aead.Overhead() != s.TagLen {
			t.Errorf("%s: nonce %d, tag %d", s.Name, aead.NonceSize(), aead.Overhead())
		}
		if _, err := s.newAEAD(make([]byte, s.KeyLen-1)); err == nil {
			t.Errorf("%s takes a short key", s.Name)
		}
	}
}

func TestRecordLimits(t *testing.T) {
	for id, bits := range map[uint16]float64{AES128GCM: 24.5, AES256GCM: 24.5, AES128CCM: 23, AES128CCM8: 23} {
		if got, want := ByID(id).RecordLimit, uint64(math.Exp2(bits)); got != want {
			t.Errorf("%#x: %d records, want 2^%v = %d", id, got, bits, want)
		}
	}
	if ByID(ChaCha20Poly1305).RecordLimit != maxRecords {
		t.Error("ChaCha20-Poly1305 has a limit below that of its sequence numbers")
	}
}
