// Command so is the shared library that packetdrill loads. Without the build tag "packetdrill" it is a program that
// says so, and needs no C compiler:
//
//	CGO_CFLAGS=-I.../gtests/net/packetdrill go build -tags packetdrill -buildmode=c-shared -o /somewhere/smoltls.so ./internal/drill/so
package main

import "fmt"

func main() { fmt.Println("a shared library for packetdrill: see internal/drill/README.md") }
