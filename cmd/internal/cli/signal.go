package cli

import (
	"os"
	"os/signal"
	"syscall"
)

// processSignals are Ctrl-C and SIGTERM.
func processSignals() (<-chan os.Signal, func()) {
	c := make(chan os.Signal, 2)
	signal.Notify(c, os.Interrupt, syscall.SIGTERM)
	return c, func() { signal.Stop(c) }
}

// InterruptOn makes env's first signal end the main loop of st in good order; a second one ends the process at once. The returned function
// undoes it.
func (st *Stack) InterruptOn(env *Env) (stop func()) {
	signals, stopSignals := env.Signals()
	done := make(chan struct{})
	go func() {
		select {
		case <-done:
			return
		case <-signals:
			st.Interrupt()
		}
		select {
		case <-done:
		case <-signals:
			os.Exit(ExitFailed)
		}
	}()
	return func() {
		stopSignals()
		close(done)
	}
}
