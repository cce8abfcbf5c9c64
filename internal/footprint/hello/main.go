// Command hello is the least that a Go program weighs.
package main

import "os"

func main() { os.Stdout.WriteString("hello\n") }
