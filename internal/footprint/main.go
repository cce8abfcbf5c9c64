// Command footprint says how much room the module takes: the size of the least program that does a handshake
// ([minimal]) on some machines, and the heap that a mutual handshake needs.
//
//	go run ./internal/footprint
//
// [minimal]: https://pkg.go.dev/smoltls/internal/footprint/minimal
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"

	"smoltls/x509lite"
)

func main() {
	targets := flag.String("targets", "linux/amd64,linux/mipsle,js/wasm,wasip1/wasm", "GOOS/GOARCH to build for, with commas between; empty: none")
	flag.Parse()
	if err := run(*targets); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(targets string) error {
	if targets != "" {
		fmt.Println("| target | the least client and server | crypto/tls over net.Pipe | a Go program that says hello |")
		fmt.Println("|---|---|---|---|")
		for t := range strings.SplitSeq(targets, ",") {
			if err := printSizes(t); err != nil {
				return err
			}
		}
		fmt.Println()
	}
	fmt.Println("| heap of both ends | two stacks | peak of the first handshake | after it | each further connection | crypto/tls: peak | each connection |")
	fmt.Println("|---|---|---|---|---|---|---|")
	for _, key := range []x509lite.KeyType{x509lite.Ed25519Key, x509lite.ECDSAP256, x509lite.ECDSAP384, x509lite.RSA} {
		if err := printHeap(key); err != nil {
			return err
		}
	}
	return nil
}

func printSizes(target string) error {
	var sizes []any
	for _, program := range []string{minimal, standard, hello} {
		n, err := Size(program, target)
		if err != nil {
			return err
		}
		sizes = append(sizes, float64(n)/1e6)
	}
	fmt.Printf("| %s | %.2f MB | %.2f MB | %.2f MB |\n", append([]any{target}, sizes...)...)
	return nil
}

func printHeap(key x509lite.KeyType) error {
	p, err := newPeers(key)
	if err != nil {
		return err
	}
	ours, err := second(p.smoltls)
	if err != nil {
		return err
	}
	theirs, err := second(p.cryptoTLS)
	if err != nil {
		return err
	}
	fmt.Printf("| %v | %v | %v | %v | %v | %v | %v |\n", key, ours.Stacks, ours.Peak, ours.Idle, ours.Further, theirs.Peak, theirs.Idle)
	return nil
}
