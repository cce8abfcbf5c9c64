package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"smoltls/bench/internal/measure"
)

func TestThePicturesShownAreThoseOfTheFigures(t *testing.T) {
	for name, draw := range map[string]func() ([]byte, error){
		"bench.svg":   func() ([]byte, error) { return drawBars(resultsFile) },
		"goodput.svg": func() ([]byte, error) { return drawGoodput(goodputFile) },
	} {
		want, err := draw()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(filepath.Join(picturesDir, name)); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what its figures give (%v): go run . -draw", name, err)
		}
	}
}

func TestEveryFigureThatIsDrawnIsMeasured(t *testing.T) {
	names := (measure.Plan{Experiments: catalog(measure.Full)}).Names()
	for _, p := range picture {
		for _, s := range p.shown {
			if !slices.Contains(names, s.figure) && !strings.Contains(s.figure, " over TAP") {
				t.Errorf("%q is not in the catalogue", s.figure)
			}
		}
	}
}

func TestWhatCanNotBeDrawnIsSaid(t *testing.T) {
	dir := t.TempDir()
	for text, want := range map[string]string{
		`{"figure":"unknown","unit":"x","ours":1,"peer":null,"limit":null}`: "none of the figures",
		"no JSON": "results",
	} {
		file := filepath.Join(dir, "results")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := drawBars(file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
		if _, err := drawGoodput(file); err == nil {
			t.Errorf("%q is a table of goodput", text)
		}
	}
	if _, err := drawBars(filepath.Join(dir, "none")); err == nil {
		t.Error("no file")
	}
}
