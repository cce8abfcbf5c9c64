package suite

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"errors"
	"testing"
)

// The traces of RFC 8448 take their transcripts, one of them with a HelloRetryRequest,
// in schedule_test.go.

func TestTranscriptIsTheHashOfWhatWasAddedBeforeAndAfterTheChoice(t *testing.T) {
	var tr Transcript
	for _, h := range []Hash{SHA256, SHA384} {
		tr.Reset()
		if tr.Hash() != NoHash || len(tr.Sum(nil)) != 0 {
			t.Fatal("a reset transcript has a hash")
		}
		tr.Add([]byte("client "))
		tr.Add([]byte("hello"))
		tr.Choose(h)
		if tr.Hash() != h {
			t.Errorf("hash is %v", tr.Hash())
		}
		for _, c := range []struct{ add, all string }{
			{"", "client hello"}, {" server hello", "client hello server hello"}, {".", "client hello server hello."},
		} {
			tr.Add([]byte(c.add))
			equal(t, c.all, tr.Sum(nil), digest(h, c.all))
			equal(t, c.all+", again", tr.Sum([]byte("x"))[1:], digest(h, c.all))
		}
	}
}

func digest(h Hash, s string) []byte {
	if h == SHA384 {
		d := sha512.Sum384([]byte(s))
		return d[:]
	}
	d := sha256.Sum256([]byte(s))
	return d[:]
}

func TestSumWithLooksAheadAndChangesNothing(t *testing.T) {
	var sc Scratch
	var tr Transcript
	tr.Add([]byte("client"))
	for _, h := range []Hash{SHA256, SHA384} {
		equal(t, "undecided "+h.String(), tr.SumWith(&sc, nil, h, []byte(" hello")), digest(h, "client hello"))
	}
	tr.Choose(SHA384)
	equal(t, "chosen", tr.SumWith(&sc, nil, SHA384, []byte(" hello")), digest(SHA384, "client hello"))
	if got := tr.SumWith(&sc, nil, SHA256, []byte(" hello")); got != nil {
		t.Errorf("the hash that was not chosen gives %x", got)
	}
	equal(t, "afterwards", tr.Sum(nil), digest(SHA384, "client"))
}

func TestRetryPutsTheMessageHashInPlaceOfClientHello(t *testing.T) {
	for _, h := range []Hash{SHA256, SHA384} {
		var tr Transcript
		tr.Add([]byte("client hello 1"))
		tr.Choose(h)
		tr.Retry()
		tr.Add([]byte("retry"))
		// RFC 8446 §4.4.1: message_hash || 00 00 Hash.length || Hash(ClientHello1) || ...
		first := digest(h, "client hello 1")
		want := "\xfe\x00\x00" + string([]byte{byte(len(first))}) + string(first) + "retry"
		equal(t, h.String(), tr.Sum(nil), digest(h, want))
	}
}

func TestPendingMessagesAreBounded(t *testing.T) {
	var tr Transcript
	if err := tr.Add(make([]byte, MaxPending-1)); err != nil {
		t.Fatal(err)
	}
	if err := tr.Add([]byte{1, 2}); !errors.Is(err, ErrPending) {
		t.Errorf("one byte over: %v", err)
	}
	if err := tr.Add([]byte{1}); err != nil {
		t.Errorf("up to the bound: %v", err)
	}
	tr.Choose(SHA256)
	equal(t, "sum", tr.Sum(nil), digest(SHA256, string(make([]byte, MaxPending-1))+"\x01"))
	if err := tr.Add(make([]byte, 2*MaxPending)); err != nil {
		t.Errorf("after the choice: %v", err)
	}
	if tr.Reset(); cap(tr.pending) > keepPending {
		t.Errorf("%d bytes are kept", cap(tr.pending))
	}
}

func TestTranscriptDoesNotAllocateWhenItIsUsedAgain(t *testing.T) {
	var sc Scratch
	var tr Transcript
	hello, sum := bytes.Repeat([]byte{7}, 1700), make([]byte, 0, MaxHashSize)
	for _, h := range []Hash{SHA256, SHA384} {
		n := testing.AllocsPerRun(10, func() {
			tr.Reset()
			tr.Add(hello)
			tr.SumWith(&sc, sum, h, hello)
			tr.Choose(h)
			tr.Retry()
			tr.Add(hello)
			tr.SumWith(&sc, sum, h, hello)
			tr.Sum(sum)
		})
		if n != 0 {
			t.Errorf("%v: %v allocations", h, n)
		}
	}
}

// A state that was kept goes on as the transcript does, for every hash, and what is none is refused.
func TestStateOfATranscriptGoesOn(t *testing.T) {
	for _, h := range []Hash{SHA256, SHA384} {
		var one, other Transcript
		if got := one.AppendState(nil); got != nil {
			t.Error("a state without a hash")
		}
		one.Choose(h)
		if err := one.Add(bytes.Repeat([]byte("message"), 30)); err != nil {
			t.Fatal(err)
		}
		state := one.AppendState([]byte("before"))[6:]
		if len(state) > maxStateSize {
			t.Errorf("%v: state of %d bytes", h, len(state))
		}
		if err := other.SetState(h, state); err != nil || other.Hash() != h {
			t.Fatal(err, other.Hash())
		}
		for _, tr := range []*Transcript{&one, &other} {
			if err := tr.Add([]byte("more")); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(one.Sum(nil), other.Sum(nil)) {
			t.Errorf("%v: the sums differ", h)
		}
		for _, bad := range [][]byte{nil, state[:len(state)-1], append([]byte{0}, state...)} {
			if err := other.SetState(h, bad); err == nil {
				t.Errorf("%v: a state of %d bytes is taken", h, len(bad))
			}
		}
	}
}
