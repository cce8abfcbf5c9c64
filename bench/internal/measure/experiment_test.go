package measure

import (
	"errors"
	"io/fs"
	"testing"
)

func TestSkipKeepsItsReason(t *testing.T) {
	err := Skip("no device: %w", fs.ErrPermission)
	if !errors.Is(err, ErrSkip) || !errors.Is(err, fs.ErrPermission) {
		t.Fatalf("%v", err)
	}
	if err.Error() != "skipped: no device: permission denied" {
		t.Fatalf("%q", err.Error())
	}
}
