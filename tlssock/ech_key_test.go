package tlssock

import (
	"bytes"
	"errors"
	"testing"

	"smoltls/tlssock/internal/ech"
)

func TestNewECHKeyMakesWhatItIsAskedFor(t *testing.T) {
	for kem, size := range map[uint16]int{0: 32, 0x0010: 65, 0x0021: 56, 0x647a: 1216} {
		key, list := newECHKey(t, ECHKeyOptions{PublicName: testPublicName, ConfigID: 7, MaxNameLength: 100, KEM: kem})
		configs, err := ech.ParseList(list)
		if err != nil || len(configs) != 1 {
			t.Fatalf("%#04x: %v", kem, err)
		}
		c := configs[0]
		if kem == 0 {
			kem = ech.X25519
		}
		if c.ID != 7 || c.PublicName != testPublicName || c.MaxNameLength != 100 || c.KEM != kem || len(c.PublicKey) != size || !key.SendAsRetry {
			t.Errorf("%#04x: %+v", kem, c)
		}
		if _, err := ech.NewKey(key.Config, key.PrivateKey); err != nil {
			t.Errorf("%#04x: %v", kem, err)
		}
	}
}

func TestNewECHKeyTakesItsEntropyFromRand(t *testing.T) {
	o := ECHKeyOptions{PublicName: testPublicName, Rand: constant(7)}
	a, _ := newECHKey(t, o)
	b, _ := newECHKey(t, o)
	if !bytes.Equal(a.PrivateKey, b.PrivateKey) || !bytes.Equal(a.Config, b.Config) {
		t.Error("two keys of the same entropy")
	}
	o.Rand = bytes.NewReader(nil)
	if _, err := NewECHKey(o); err == nil {
		t.Error("a key of none")
	}
}

func TestNoECHKeyThatNoClientWouldTake(t *testing.T) {
	for _, o := range []ECHKeyOptions{{}, {PublicName: "192.0.2.1"}, {PublicName: "under_score"}, {PublicName: testPublicName, KEM: 1}} {
		if _, err := NewECHKey(o); !errors.Is(err, ErrConfig) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if _, err := ECHConfigList(); !errors.Is(err, ErrConfig) {
		t.Errorf("a list of none: %v", err)
	}
}
