package cli

import (
	"io"
	"os"

	"smoltls/cmd/internal/top"
	"smoltls/phy"
)

// Env is what a command has from outside. The process's own is [Main]'s; tests bring a device in memory and buffers.
type Env struct {
	Name           string   // the command's
	Args           []string // without the command's name
	Stdin          io.Reader
	Stdout, Stderr io.Writer

	// Open opens the device that the flags name.
	Open func(c *Common, stderr io.Writer) (phy.Device, error)
	// Signals begins to listen to the user: the first signal asks the command to end in good order, the second to end
	// at once. It is called when there is something to end; stop gives the signals their usual meaning again.
	Signals func() (signals <-chan os.Signal, stop func())
	// Terminal opens the user's terminal for -top; no surface and no error: there is none. wake is to be called when
	// there is a key. nil: never any.
	Terminal func(env *Env, wake func()) (top.Surface, error)
}

// Main runs a command in the process's own environment and ends the process with its status.
func Main(name string, run func(*Env) error) {
	keepBrokenPipe()
	env := &Env{Name: name, Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Open: OpenDevice, Signals: processSignals, Terminal: OpenTerminal}
	os.Exit(Exit(os.Stderr, name, run(env)))
}
