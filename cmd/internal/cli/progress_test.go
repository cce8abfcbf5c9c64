package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestNoProgressIsShownWhereThereIsNoTerminal(t *testing.T) {
	var b strings.Builder
	f, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, p := range []*Progress{NewProgress(&b, 100, "sending"), NewProgress(f, 100, "sending")} {
		if p != nil {
			t.Error("a bar for what is no terminal")
		}
		p.Add(10)
		p.Finish()
	}
	if fi, _ := f.Stat(); b.Len() != 0 || fi.Size() != 0 {
		t.Error("something was written")
	}
}
