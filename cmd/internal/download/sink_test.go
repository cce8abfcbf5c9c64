package download

import (
	"errors"
	"strings"
	"testing"
)

func TestAStreamTakesNothingBack(t *testing.T) {
	var b strings.Builder
	s := NewStream(&b)
	rep := Representation{URL: "https://a.example/"}
	for range 2 { // an answer of which nothing came may begin again
		if err := s.Start(rep); err != nil {
			t.Fatal(err)
		}
	}
	s.Write([]byte("gone"))
	if got, n := s.Kept(); got != rep || n != 4 || b.String() != "gone" {
		t.Errorf("%d of %v", n, got)
	}
	if err := s.Start(rep); !errors.Is(err, ErrNoResume) {
		t.Error(err)
	}
}
