package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"smoltls/internal/nstest"
)

var packetdrill = flag.String("packetdrill", "", "folder with packetdrill's sources, built as internal/drill/README.md says")

// scriptTime is how long a script may take, in real time: its own is virtual.
const scriptTime = 20 * time.Second

// rules is what config.json says of scripts, which it names by patterns of package path, relative to gtests/net.
type rules struct {
	NotApplicable map[string]string   // scripts that fail, each with its reason
	Applicable    []string            // scripts that do not, though a pattern of NotApplicable names them
	Flags         map[string][]string // what packetdrill is given beside the usual, for some
}

func readRules(t *testing.T) (r rules) {
	t.Helper()
	text, err := os.ReadFile("config.json")
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// find gives what a map of patterns says of a script, and the pattern: the longest one that names it.
func find[V any](m map[string]V, script string) (pattern string, value V) {
	for p, v := range m {
		if ok, _ := path.Match(p, script); ok && len(p) > len(pattern) {
			pattern, value = p, v
		}
	}
	return pattern, value
}

func TestEveryScriptThatIsLeftOutHasAReason(t *testing.T) {
	for pattern, reason := range readRules(t).NotApplicable {
		if _, err := path.Match(pattern, ""); err != nil || len(reason) < 20 {
			t.Errorf("%s: %q, %v", pattern, reason, err)
		}
	}
}

// bench is where scripts run: the program, the library, and programs that scripts call and that have no device to work
// on.
type bench struct {
	program, library, tools string
}

func newBench(t *testing.T) *bench {
	t.Helper()
	if *packetdrill == "" {
		nstest.Missing(t, "packetdrill", "-packetdrill does not say where packetdrill is")
	}
	for _, p := range []string{"unshare", "ip", "sysctl", "python3", "gcc"} {
		nstest.Program(t, p)
	}
	if os.Getuid() != 0 {
		nstest.Missing(t, "packetdrill", "network namespaces need root")
	}
	headers := filepath.Join(*packetdrill, "gtests/net/packetdrill")
	b := &bench{program: filepath.Join(headers, "packetdrill"), library: filepath.Join(t.TempDir(), "smoltls.so"), tools: t.TempDir()}
	build := exec.Command("go", "build", "-tags", "packetdrill", "-buildmode=c-shared", "-o", b.library, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=1", "CGO_CFLAGS=-I"+headers)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, tool := range []string{"tc", "ethtool"} {
		if err := os.WriteFile(filepath.Join(b.tools, tool), []byte("#!/bin/sh\nexit 0\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// run plays a script, and gives what packetdrill said; ok when it was content.
func (b *bench) run(t *testing.T, script string, flags []string) (said string, ok bool) {
	t.Helper()
	script, err := filepath.Abs(script)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
	local := "192.168.0.1"
	if bytes.Contains(text, []byte("--ip_version=ipv6")) {
		local = "fd3d:a0b:17d6::1"
	}
	args := append([]string{"-n", "env", "LD_PRELOAD=" + b.library, b.program, "--so_filename=" + b.library, "--local_ip=" + local}, flags...)
	c := exec.Command("unshare", append(args, script)...)
	c.Dir = filepath.Dir(script)
	c.Env = append(os.Environ(), "PATH="+b.tools+":"+os.Getenv("PATH"))
	var out bytes.Buffer
	c.Stdout, c.Stderr, c.WaitDelay = &out, &out, time.Second
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(scriptTime, func() { c.Process.Kill() })
	defer late.Stop()
	err = c.Wait()
	if e := new(exec.ExitError); err != nil && !errors.As(err, &e) {
		t.Fatal(err)
	}
	return out.String(), err == nil
}

// Scripts of our own: that those which are right pass, and that what is wrong is found.
func TestOurScripts(t *testing.T) {
	b := newBench(t)
	scripts, err := filepath.Glob("testdata/*.pkt")
	if err != nil || len(scripts) < 4 {
		t.Fatal(scripts, err)
	}
	for _, s := range scripts {
		t.Run(filepath.Base(s), func(t *testing.T) {
			if said, ok := b.run(t, s, nil); ok == strings.Contains(s, "must-fail") {
				t.Error(said)
			}
		})
	}
}

// packetdrill's own: each passes, or is one that config.json has a reason for.
func TestScripts(t *testing.T) {
	b, r := newBench(t), readRules(t)
	root := filepath.Join(*packetdrill, "gtests/net")
	var used []string
	err := fs.WalkDir(os.DirFS(root), ".", func(script string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(script) != ".pkt" {
			return err
		}
		pattern, reason := find(r.NotApplicable, script)
		used = append(used, pattern)
		if slices.Contains(r.Applicable, script) {
			used, reason = append(used, script), ""
		}
		_, flags := find(r.Flags, script)
		t.Run(script, func(t *testing.T) {
			said, ok := b.run(t, filepath.Join(root, script), flags)
			switch {
			case !ok && reason == "":
				t.Error(said)
			case ok && reason != "":
				t.Errorf("passes, though %q", reason)
			case !ok:
				t.Skip(reason)
			}
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, pattern := range slices.AppendSeq(r.Applicable, maps.Keys(r.NotApplicable)) {
		if !slices.Contains(used, pattern) {
			t.Errorf("%s names no script", pattern)
		}
	}
}
