package suite

import "testing"

// The Finished messages and the binder of RFC 8448 are checked in schedule_test.go.

func TestVerifyFinishedRefusesEveryOtherMAC(t *testing.T) {
	var sc Scratch
	for _, h := range []Hash{SHA256, SHA384} {
		base, th := make([]byte, h.Size()), make([]byte, h.Size())
		mac := h.FinishedMAC(&sc, nil, base, th)
		if len(mac) != h.Size() || !h.VerifyFinished(&sc, base, th, mac) {
			t.Fatalf("%v: %x does not verify", h, mac)
		}
		for i := range mac {
			mac[i] ^= 0x80
			if h.VerifyFinished(&sc, base, th, mac) {
				t.Errorf("%v: verifies with byte %d changed", h, i)
			}
			mac[i] ^= 0x80
		}
		for _, wrong := range [][]byte{nil, mac[:len(mac)-1], append(mac[:len(mac):len(mac)], 0)} {
			if h.VerifyFinished(&sc, base, th, wrong) {
				t.Errorf("%v: verifies with %d bytes", h, len(wrong))
			}
		}
		th[0]++
		if h.VerifyFinished(&sc, base, th, mac) {
			t.Errorf("%v: verifies for another transcript", h)
		}
	}
}
