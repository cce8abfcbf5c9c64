//go:build !js

// Command browser serves a web page in which smoltls runs: the demonstration of tunclient, compiled to WebAssembly,
// with a line that shows its throughput while it goes on.
//
//	go run ./examples/browser          # then open http://127.0.0.1:8080/
package main

import (
	_ "embed"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

//go:embed index.html
var index []byte

func main() {
	addr := flag.String("listen", "127.0.0.1:8080", "where to serve the page")
	flag.Parse()
	if err := run(*addr); err != nil {
		fmt.Fprintln(os.Stderr, "browser:", err)
		os.Exit(1)
	}
}

func run(addr string) error {
	dir, err := os.MkdirTemp("", "smoltls-browser-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	h, err := page(dir, func(r report) { fmt.Printf("a page reports: ok %v\n%s", r.OK, r.Transcript) })
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("%w; -listen takes another address", err)
	}
	fmt.Printf("open http://%v/\n", l.Addr())
	return http.Serve(l, h)
}

// report is what a page tells when its program has ended.
type report struct {
	OK         bool   `json:"ok"`         // all went as it must
	Points     []int  `json:"points"`     // of each line that was drawn
	Transcript string `json:"transcript"` // what the page shows
}

// maxReport bounds what a page may tell, in bytes.
const maxReport = 1 << 20

// page compiles the program into dir, and gives what serves it and hears its reports.
func page(dir string, heard func(report)) (http.Handler, error) {
	wasm := filepath.Join(dir, "main.wasm")
	build := exec.Command("go", "build", "-ldflags=-s -w", "-o", wasm, "smoltls/examples/browser")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("compiling to WebAssembly, which needs Go and this repository as the working directory: %w\n%s", err, out)
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("go env GOROOT: %w", err)
	}
	glue := filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js")
	if _, err := os.Stat(glue); err != nil {
		return nil, fmt.Errorf("the Go distribution lacks a file: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(index)
	})
	mux.HandleFunc("GET /main.wasm", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, wasm) })
	mux.HandleFunc("GET /wasm_exec.js", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, glue) })
	mux.HandleFunc("POST /report", func(w http.ResponseWriter, r *http.Request) {
		var got report
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxReport)).Decode(&got); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		heard(got)
	})
	return mux, nil
}
