package wire

import "testing"

func TestKeySharesFindsDuplicates(t *testing.T) {
	k := AppendKeyShare(AppendKeyShare(AppendKeyShare(nil, 1, []byte("a")), 2, []byte("b")), 1, []byte("c"))
	if key, twice := k.Find(1); string(key) != "a" || !twice {
		t.Errorf("%q %v", key, twice)
	}
	if key, twice := k.Find(2); string(key) != "b" || twice {
		t.Errorf("%q %v", key, twice)
	}
	if key, _ := k.Find(3); key != nil {
		t.Errorf("%q", key)
	}
	if KeyShares("\x00\x01\x00\x00").check() || KeyShares("\x00").check() || !KeyShares("").check() {
		t.Error("check")
	}
}
