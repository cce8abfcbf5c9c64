package chart

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

func panels() []Panel {
	return []Panel{
		{Title: "Bulk", Unit: "MB/s", Bars: []Bar{{"TCP", 4064, 404}, {"alone", 10, 0}}},
		{Title: "Handshake", Unit: "µs", LessIsBetter: true, Bars: []Bar{{"P-256", 324, 566}}},
	}
}

func TestBarsHaveTheirFiguresAndGains(t *testing.T) {
	picture := Bars("Title", "ours", "peer", "a note", panels())
	texts := wellFormed(t, picture)
	for _, want := range []string{"Title", "a note", "Bulk", "MB/s, more is better", "µs, less is better", "4,064 MB/s", "404 MB/s", "10.1 ×", "10.0 MB/s", "324 µs", "566 µs", "1.7 ×"} {
		if !slices.Contains(texts, want) {
			t.Errorf("no %q in %q", want, texts)
		}
	}
	if !bytes.Contains(picture, []byte("Bulk, TCP: ours 4,064 MB/s, peer 404 MB/s. Bulk, alone: ours 10.0 MB/s. ")) {
		t.Error("who does not see it is not told")
	}
	if !bytes.Equal(picture, Bars("Title", "ours", "peer", "a note", panels())) {
		t.Error("drawn twice it is not the same")
	}
}

func TestBarsAreAsLongAsTheirFigures(t *testing.T) {
	picture := string(Bars("", "", "", "", []Panel{{Unit: "x", Bars: []Bar{{"", 100, 25}}}}))
	for _, want := range []string{`class="ours" x="240" y="104" width="400"`, `width="100" height="15"`} {
		if !strings.Contains(picture, want) {
			t.Errorf("no %s in\n%s", want, picture)
		}
	}
}

func TestNumbers(t *testing.T) {
	for v, want := range map[float64]string{0.94: "0.9", 1.9: "1.9", 9.96: "10.0", 17.1: "17.1", 99.96: "100", 404: "404", 4064: "4,064", 1234567: "1,234,567"} {
		if got := Number(v); got != want {
			t.Errorf("%v: %q, want %q", v, got, want)
		}
	}
	if got := gain(Bar{"", 1, 250}, true); got != "250 ×" {
		t.Errorf("%q", got)
	}
}
