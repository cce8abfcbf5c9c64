package main

import (
	"io"
	"os"
	"testing"
)

func TestItSaysHello(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Skip(err)
	}
	stdout := os.Stdout
	defer func() { os.Stdout = stdout }()
	os.Stdout = w
	main()
	w.Close()
	if said, _ := io.ReadAll(r); string(said) != "hello\n" {
		t.Errorf("it says %q", said)
	}
}
