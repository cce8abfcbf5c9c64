package cli

import (
	"context"
	"errors"
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

// InterruptOn makes env's first signal end the main loop of st in good order; a second one ends the process at once.
// The returned function undoes it.
func (st *Stack) InterruptOn(env *Env) (stop func()) { return onSignal(env, st.Interrupt) }

// ErrInterrupted is the cause of the end of an Interruptible context, and why a main loop ended that was
// [Stack.Interrupted].
var ErrInterrupted = errors.New("interrupted")

// Interruptible gives a context that env's first signal ends, with the cause [ErrInterrupted]; a second one ends the
// process at once. stop undoes it.
func Interruptible(env *Env) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(context.Background())
	undo := onSignal(env, func() { cancel(ErrInterrupted) })
	return ctx, func() {
		undo()
		cancel(nil)
	}
}

// onSignal calls f at env's first signal, and ends the process at the second.
func onSignal(env *Env, f func()) (stop func()) {
	signals, stopSignals := env.Signals()
	done := make(chan struct{})
	go func() {
		select {
		case <-done:
			return
		case <-signals:
			f()
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
