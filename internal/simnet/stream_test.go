package simnet

import (
	"bytes"
	"testing"
)

func TestAStreamIsTheSameHoweverItIsCut(t *testing.T) {
	s := NewStream(7)
	whole := make([]byte, 3*streamPeriod)
	s.Fill(whole, 1000)
	var pieces []byte
	for i, step := 0, 1; i < len(whole); i, step = i+step, step*3%7001+1 {
		p := make([]byte, min(step, len(whole)-i))
		s.Fill(p, 1000+int64(i))
		pieces = append(pieces, p...)
	}
	if !bytes.Equal(whole, pieces) || s.Check(whole, 1000) != -1 {
		t.Error("pieces differ from the whole")
	}
}

func TestCheckFindsTheFirstByteThatDiffers(t *testing.T) {
	s := NewStream(3)
	p := make([]byte, 2*streamPeriod)
	s.Fill(p, 5)
	for _, i := range []int{0, 1, 1447, streamPeriod - 1, streamPeriod, len(p) - 1} {
		p[i] ^= 0x10
		if got := s.Check(p, 5); got != int64(5+i) {
			t.Errorf("changed %d, found %d", 5+i, got)
		}
		p[i] ^= 0x10
	}
	for _, shift := range []int64{1, 1448, 1460, 4096, 16384, 65536} {
		if s.Check(p, 5+shift) < 0 {
			t.Errorf("bytes out of place by %d look right", shift)
		}
	}
	if NewStream(4).Check(p, 5) < 0 {
		t.Error("another stream looks the same")
	}
}
