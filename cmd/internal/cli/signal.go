package cli

import (
	"os"
	"os/signal"
	"syscall"
)

// OnInterrupt makes Ctrl-C and SIGTERM end the main loop of st in good order; a second one ends the program at once. The returned
// function undoes it.
func OnInterrupt(st *Stack) (stop func()) {
	c := make(chan os.Signal, 2)
	signal.Notify(c, os.Interrupt, syscall.SIGTERM)
	done := make(chan struct{})
	go func() {
		select {
		case <-done:
			return
		case <-c:
			st.Interrupt()
		}
		select {
		case <-done:
		case <-c:
			os.Exit(ExitFailed)
		}
	}()
	return func() {
		signal.Stop(c)
		close(done)
	}
}
