package iface

import "testing"

func TestOptionsThatCannotBeAreRefused_RFC4861_4_6(t *testing.T) {
	for _, b := range [][]byte{{1}, {1, 0}, {1, 0, 0, 0, 0, 0, 0, 0}, {1, 1, 0, 0, 0, 0, 0}, {1, 2, 0, 0, 0, 0, 0, 0}, {1, 1, 2, 2, 2, 2, 2, 2, 9}} {
		if wellFormedOptions(b) {
			t.Errorf("%x", b)
		}
	}
	if mac, found, ok := linkAddrOption([]byte{1, 1, 2, 0, 0, 0, 0, 9}, optSourceLinkAddr); !ok || !found || mac != [6]byte{2, 0, 0, 0, 0, 9} {
		t.Error("not found")
	}
	if _, _, ok := linkAddrOption([]byte{1, 1, 3, 0, 0, 0, 0, 9}, optSourceLinkAddr); ok {
		t.Error("a group's hardware address was taken for a station's")
	}
	if _, found, ok := linkAddrOption([]byte{2, 1, 2, 0, 0, 0, 0, 9, 1, 2, 2, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0}, optSourceLinkAddr); found || !ok {
		t.Error("of another kind or length")
	}
}

func FuzzNDPOptions(f *testing.F) {
	f.Add([]byte{1, 1, 2, 0, 0, 0, 0, 9})
	f.Add(prefixOption(netA, flagOnLink, 1, 1))
	f.Add(append(mtuOption(1400), 9, 9))
	f.Fuzz(func(t *testing.T, b []byte) {
		n := 0
		for _, v := range ndpOptions(b) {
			n += len(v) + 2
		}
		if n > len(b) || wellFormedOptions(b) != (n == len(b)) {
			t.Fatalf("%d bytes of %d are options, well formed: %t", n, len(b), wellFormedOptions(b))
		}
	})
}
