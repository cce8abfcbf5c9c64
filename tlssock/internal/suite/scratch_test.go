package suite

import (
	"bytes"
	"testing"
	"unsafe"
)

func TestWipedScratchHoldsNoSecretAndStillWorks(t *testing.T) {
	var sc Scratch
	secret := bytes.Repeat([]byte{0xa5}, 48)
	want := SHA384.FinishedMAC(&sc, nil, secret, secret)
	var transcript Transcript
	transcript.Choose(SHA256)
	transcript.SumWith(&sc, nil, SHA256, secret)
	sc.Wipe()
	for name, b := range map[string][]byte{
		"ipad": sc.ipad[:], "opad": sc.opad[:], "inner": sc.inner[:],
		"block": sc.block[:], "info": sc.info[:], "state": sc.state[:],
	} {
		if !bytes.Equal(b, make([]byte, len(b))) {
			t.Errorf("%s is not wiped: %x", name, b)
		}
	}
	equal(t, "after Wipe", SHA384.FinishedMAC(&sc, nil, secret, secret), want)
}

func TestAScratchCarriesNothingFromOneHashToTheOther(t *testing.T) {
	var shared Scratch
	for range 2 {
		for _, h := range []Hash{SHA384, SHA256} {
			var fresh Scratch
			key := bytes.Repeat([]byte{byte(h)}, h.Size())
			equal(t, h.String(), h.FinishedMAC(&shared, nil, key, key), h.FinishedMAC(&fresh, nil, key, key))
		}
	}
}

func TestScratchIsSmall(t *testing.T) {
	if n := unsafe.Sizeof(Scratch{}); n > 1280 {
		t.Errorf("a Scratch has %d bytes", n)
	}
}
