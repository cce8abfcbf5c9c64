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

// output is what a run with hardly any work prints.
func output(t *testing.T, o options) string {
	t.Helper()
	results, err := run(o, measure.Smoke, nil)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := show(o, results, &b, io.Discard); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestEveryFigureIsMeasuredInOneRun(t *testing.T) {
	got := make(map[string]bool)
	for line := range strings.Lines(output(t, options{rounds: 1, json: true})) {
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
		if kernel := strings.Contains(v.Figure, " over TAP") || strings.Contains(v.Figure, " over veth"); v.Ours == nil && !kernel {
			t.Errorf("%s: nothing of ours", v.Figure)
		}
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
	if _, err := run(o, measure.Smoke, nil); err == nil || !strings.Contains(err.Error(), "-list") {
		t.Errorf("error %v", err)
	}
}

func TestTheTableAndTheProfileAreWritten(t *testing.T) {
	profile := filepath.Join(t.TempDir(), "cpu")
	table := output(t, options{rounds: 2, only: regexp.MustCompile("^TCP bulk, 16 KiB writes$"), cpuProfile: profile})
	if !strings.Contains(table, "TCP bulk, 16 KiB writes") || strings.Contains(table, "handshake") {
		t.Errorf("table:\n%s", table)
	}
	if st, err := os.Stat(profile); err != nil || st.Size() == 0 {
		t.Errorf("profile: %v", err)
	}
}

func TestListNamesFiguresWithoutMeasuring(t *testing.T) {
	list := output(t, options{list: true, only: regexp.MustCompile("TLS bulk")})
	if !strings.Contains(list, "TLS bulk, 16 KiB records\n") || strings.Contains(list, "TCP") {
		t.Errorf("list:\n%s", list)
	}
}

func TestNobodyIsToldOfProgressInAFile(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	tell, clear := progress(f)
	clear()
	if st, err := f.Stat(); tell != nil || err != nil || st.Size() != 0 {
		t.Errorf("progress in a file: %v", err)
	}
}

func TestJSONTellsOnStderrWhyFiguresAreMissing(t *testing.T) {
	results := []measure.Result{{Figure: measure.Figure{Name: "x", Unit: "s"}, Skipped: []string{"skipped: no root"}}}
	var out, stderr bytes.Buffer
	if err := show(options{json: true}, results, &out, &stderr); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), `"ours":null`) || !strings.Contains(stderr.String(), "no root") {
		t.Errorf("stdout %q, stderr %q", out.String(), stderr.String())
	}
}
