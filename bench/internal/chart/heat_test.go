package chart

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

const heatTable = `# for people
# Rows are

CUBIC     0%   3% loss
   0s 0.25   100   87
   5ms    4  101  0.3

BBR       0%   3% loss
   0s 0.25   100   99.5
   5ms    4   50    7
`

func TestReadHeat(t *testing.T) {
	blocks, err := ReadHeat(strings.NewReader(heatTable))
	if err != nil || len(blocks) != 2 || blocks[0].Name != "CUBIC" || !slices.Equal(blocks[1].Columns, []string{"0%", "3%"}) {
		t.Fatalf("%+v, %v", blocks, err)
	}
	if r := blocks[0].Rows[1]; r.Group != "5ms" || r.Label != "4" || !slices.Equal(r.Shares, []float64{101, 0.3}) {
		t.Errorf("%+v", r)
	}
	for _, bad := range []string{"", "# only words\n", "CUBIC loss\n", "CUBIC 0% 3%\n0s 1 100\n", "CUBIC 0%\n0s 1 many\n", "CUBIC 0%\n0s 1 NaN\n", "CUBIC 0%\n0s 1 -3\n"} {
		if _, err := ReadHeat(strings.NewReader(bad)); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestAHeatMapHasEveryShare(t *testing.T) {
	blocks, err := ReadHeat(strings.NewReader(heatTable))
	if err != nil {
		t.Fatal(err)
	}
	picture := HeatMap("Title", "note", "columns", "rows", blocks)
	texts := wellFormed(t, picture)
	for _, want := range []string{"Title", "CUBIC", "BBR", "0%", "3%", "no delay", "5 ms", "queue 0.25", "100", "87", "101", "0.3", "99.5", "50", "7"} {
		if !slices.Contains(texts, want) {
			t.Errorf("no %q in %q", want, texts)
		}
	}
	if !bytes.Contains(picture, []byte("CUBIC: 72.1 % in the mean of 4 cells, 0.3 % in the worst.")) {
		t.Error("who does not see it is not told")
	}
}

func TestShadesGoFromOneEndToTheOther(t *testing.T) {
	for v, want := range map[float64]string{-5: "#c44e3b", 0: "#c44e3b", 50: "#fbe9b6", 100: "#2f74a8", 103: "#2f74a8"} {
		if got, _ := shade(v); got != want {
			t.Errorf("%v: %s, want %s", v, got, want)
		}
	}
	if _, ink := shade(50); ink != "dark" {
		t.Errorf("on pale yellow one writes %s", ink)
	}
	if _, ink := shade(0); ink != "light" {
		t.Errorf("on red one writes %s", ink)
	}
}
