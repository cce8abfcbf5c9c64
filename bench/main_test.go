package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"smoltls/bench/internal/measure"
)

func TestEveryFigureIsMeasuredInOneRun(t *testing.T) {
	var b bytes.Buffer
	if err := run(options{rounds: 1, json: true}, measure.Smoke, &b, nil); err != nil {
		t.Fatal(err)
	}
	got := make(map[string]bool)
	for line := range strings.Lines(b.String()) {
		var v struct {
			Figure, Unit      string
			Ours, Peer, Limit *float64
		}
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if v.Figure == "" || v.Unit == "" || got[v.Figure] {
			t.Errorf("figure without a name or a unit, or there twice: %q", line)
		}
		got[v.Figure] = true
	}
	for _, name := range (measure.Plan{Experiments: catalog(measure.Smoke)}).Names() {
		if !got[name] {
			t.Errorf("%s was not measured", name)
		}
	}
}

func TestParse(t *testing.T) {
	o, err := parse([]string{"-only", "^TLS", "-n", "3", "-json", "-cpuprofile", "x"}, io.Discard)
	if err != nil || o.only.String() != "^TLS" || o.rounds != 3 || !o.json || o.cpuProfile != "x" {
		t.Errorf("%+v, %v", o, err)
	}
	for _, bad := range [][]string{{"-only", "("}, {"-n", "0"}, {"-n", "x"}, {"extra"}, {"-unknown"}} {
		var said bytes.Buffer
		if _, err := parse(bad, &said); err == nil || said.Len() == 0 {
			t.Errorf("%v: error %v, said %q", bad, err, said.String())
		}
	}
}

func TestOnlyThatMatchesNothingIsAnError(t *testing.T) {
	o := options{rounds: 1, only: regexp.MustCompile("no such figure")}
	if err := run(o, measure.Smoke, io.Discard, nil); err == nil || !strings.Contains(err.Error(), "-list") {
		t.Errorf("error %v", err)
	}
}

func TestTheTableAndTheProfileAreWritten(t *testing.T) {
	var b bytes.Buffer
	profile := filepath.Join(t.TempDir(), "cpu")
	o := options{rounds: 2, only: regexp.MustCompile("^TCP bulk, 16 KiB writes$"), cpuProfile: profile}
	if err := run(o, measure.Smoke, &b, nil); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "TCP bulk, 16 KiB writes") || strings.Contains(b.String(), "handshake") {
		t.Errorf("table:\n%s", b.String())
	}
	if st, err := os.Stat(profile); err != nil || st.Size() == 0 {
		t.Errorf("profile: %v", err)
	}
}

func TestListNamesFiguresWithoutMeasuring(t *testing.T) {
	var b bytes.Buffer
	if err := run(options{list: true}, measure.Effort{}, &b, nil); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "TLS bulk, 16 KiB records\n") {
		t.Errorf("list:\n%s", b.String())
	}
}
