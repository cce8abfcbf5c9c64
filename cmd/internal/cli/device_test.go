package cli

import (
	"errors"
	"io"
	"strings"
	"testing"

	"smoltls/phy"
)

func TestDeviceThatCantBeOpenedSaysWhatToDo(t *testing.T) {
	for _, c := range []*Common{{TAP: "has a space"}, {TUN: "much-too-long-a-name"}} {
		_, err := OpenDevice(c, io.Discard)
		if err == nil || strings.Contains(err.Error(), "\n") {
			t.Fatalf("%+v: %v", c, err)
		}
		if !errors.Is(err, phy.ErrName) && !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("%v", err)
		}
	}
}
