package suite

import (
	"crypto/sha256"
	"crypto/sha512"
	"testing"
)

func TestHashesAreWhatTheirNamesSay(t *testing.T) {
	for _, c := range []struct {
		h           Hash
		name        string
		size, block int
		empty       []byte
	}{
		{SHA256, "SHA256", 32, 64, sha256.New().Sum(nil)},
		{SHA384, "SHA384", 48, 128, sha512.New384().Sum(nil)},
	} {
		if c.h.String() != c.name || c.h.Size() != c.size || c.h.blockSize() != c.block {
			t.Errorf("%v: size %d, block %d", c.h, c.h.Size(), c.h.blockSize())
		}
		equal(t, c.name+" of nothing", c.h.empty(), c.empty)
	}
	if NoHash.Size() != 0 || NoHash.String() != "none" {
		t.Errorf("NoHash is %v of %d bytes", NoHash, NoHash.Size())
	}
}

func TestResetGivesAnEmptyStateAndKeepsIt(t *testing.T) {
	var states hashes
	for range 2 {
		for h, want := range map[Hash][]byte{SHA256: emptySHA256[:], SHA384: emptySHA384[:]} {
			m := states.reset(h)
			equal(t, h.String(), m.Sum(nil), want)
			m.Write([]byte("something"))
		}
	}
	if n := testing.AllocsPerRun(10, func() { states.reset(SHA256); states.reset(SHA384) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
