package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestNoProgressIsShownWhereThereIsNoTerminal(t *testing.T) {
	var b strings.Builder
	f, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, p := range []*Progress{NewProgress(&b, nil, 100, "sending"), NewProgress(f, nil, 100, "sending")} {
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

func TestProgressIsShownAndTakenAway(t *testing.T) {
	var b strings.Builder
	p := newProgress(&b, 4<<20, "sending")
	p.Write(make([]byte, 2<<20))
	if got := b.String(); !strings.Contains(got, "sending") || !strings.Contains(got, "50%") {
		t.Errorf("half of it looks like %q", got)
	}
	p.Finish()
	shown := b.String()
	if last := shown[strings.LastIndexByte(strings.TrimRight(shown, "\r"), '\r')+1:]; strings.TrimSpace(last) != "" {
		t.Errorf("left behind: %q", last)
	}
}

func TestRateIsInMillionsOfBytes(t *testing.T) {
	if got := Rate(3_000_000, 2*time.Second); got != 1.5 {
		t.Errorf("%v MB/s", got)
	}
}
