package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// The programs that are weighed.
const (
	minimal  = "smoltls/internal/footprint/minimal"
	standard = "smoltls/internal/footprint/standard"
	hello    = "smoltls/internal/footprint/hello"
)

// Size gives the bytes of a program, built for target, such as "linux/mipsle", without symbols (-ldflags="-s -w").
func Size(program, target string) (int64, error) {
	goos, goarch, ok := strings.Cut(target, "/")
	if !ok {
		return 0, fmt.Errorf("target %q: want GOOS/GOARCH", target)
	}
	dir, err := os.MkdirTemp("", "footprint")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	out := filepath.Join(dir, "program")
	build := exec.Command("go", "build", "-ldflags=-s -w", "-o", out, program)
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+goos, "GOARCH="+goarch, "GOMIPS=softfloat")
	if text, err := build.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("%s for %s: %w\n%s", program, target, err, text)
	}
	info, err := os.Stat(out)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
