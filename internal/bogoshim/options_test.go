package main

import (
	"slices"
	"testing"
)

func TestProtocolsAreReadByTheirLengths(t *testing.T) {
	got, err := protocols("\x03foo\x02h2")
	if err != nil || !slices.Equal(got, []string{"foo", "h2"}) {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := protocols("\x04foo"); err == nil {
		t.Error("a name beyond the end")
	}
}
