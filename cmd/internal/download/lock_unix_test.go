//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package download

import (
	"errors"
	"path/filepath"
	"testing"
)

func TestTwoDownloadsDoNotWriteToOneFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	first := create(t, name)
	if _, err := Create(name); !errors.Is(err, ErrLocked) {
		t.Error(err)
	}
	first.Close()
	create(t, name)
}
