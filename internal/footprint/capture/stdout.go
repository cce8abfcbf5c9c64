// Package capture lets the tests of small programs see what these write.
package capture

import (
	"io"
	"os"
	"testing"
)

// Stdout gives what f writes to standard output, and skips the test where there are no pipes.
func Stdout(t testing.TB, f func()) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Skip(err)
	}
	defer r.Close()
	said := make(chan string)
	go func() {
		b, _ := io.ReadAll(r)
		said <- string(b)
	}()
	func() {
		stdout := os.Stdout
		defer func() { os.Stdout = stdout }()
		defer w.Close()
		os.Stdout = w
		f()
	}()
	return <-said
}
