package tunserver

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"smoltls/tlssock"
)

func TestEchoSendsBackEverythingThenEnds(t *testing.T) {
	r := start(t, "-serve", "echo")
	s := r.connect(r.config())
	data := bytes.Repeat([]byte("echo this, please. "), 60_000) // more than all buffers hold
	sent := 0
	var got []byte
	buf := make([]byte, 1<<16)
	r.until(func() bool {
		for sent < len(data) {
			n, err := s.TryWrite(data[sent:])
			sent += n
			if err != nil {
				break
			}
		}
		if sent == len(data) {
			s.CloseWrite()
		}
		for {
			n, err := s.TryRead(buf)
			got = append(got, buf[:n]...)
			if errors.Is(err, tlssock.ErrWouldBlock) {
				return false
			}
			if err != nil {
				if err != io.EOF {
					t.Errorf("%v", err)
				}
				return true
			}
		}
	})
	if !bytes.Equal(got, data) {
		t.Fatalf("%d of %d bytes came back, or others", len(got), len(data))
	}
}

func TestDiscardReadsAndAnswersNothing(t *testing.T) {
	r := start(t, "-serve", "discard")
	s := r.connect(r.config())
	sent := 0
	r.until(func() bool {
		n, _ := s.TryWrite(make([]byte, 100_000))
		sent += n
		return sent > 1_000_000
	})
	s.CloseWrite()
	if got, err := r.read(s, 1); err != io.EOF || len(got) != 0 {
		t.Fatalf("%q %v", got, err)
	}
}

func TestSourceSendsItsPatternUntilTheClientCloses(t *testing.T) {
	r := start(t, "-serve", "source")
	s := r.connect(r.config())
	got, err := r.read(s, 300_000)
	if err != nil {
		t.Fatal(err)
	}
	for i := range got {
		if got[i] != pattern(int64(i))[0] {
			t.Fatalf("byte %d differs", i)
		}
	}
	s.Close()
	r.until(func() bool { return s.State() == tlssock.StateClosed || s.State() == tlssock.StateFailed })
}

func TestPatternGoesOnAtEveryOffset(t *testing.T) {
	for _, off := range []int64{0, 1, patternPeriod - 1, patternPeriod, 5*patternPeriod + 17, 1 << 40} {
		p := pattern(off)
		if len(p) < patternPeriod || p[0] != pattern(off % patternPeriod)[0] || p[1] != pattern(off + 1)[0] {
			t.Errorf("offset %d", off)
		}
	}
}
