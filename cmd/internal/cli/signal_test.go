package cli

import (
	"context"
	"os"
	"runtime"
	"testing"
	"time"

	"smoltls/phy"
)

func TestTheFirstSignalEndsAnInterruptibleContext(t *testing.T) {
	signals := make(chan os.Signal, 1)
	undone := false
	ctx, stop := Interruptible(&Env{Signals: func() (<-chan os.Signal, func()) { return signals, func() { undone = true } }})
	signals <- os.Interrupt
	<-ctx.Done()
	if err := context.Cause(ctx); err != ErrInterrupted {
		t.Error(err)
	}
	if stop(); !undone {
		t.Error("the signals do not have their usual meaning again")
	}
}

func TestInterruptSignalEndsTheMainLoop(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process can't send itself an interrupt there")
	}
	dev, _ := phy.NewSharedPipe(phy.PipeConfig{})
	st := stackOn(t, dev, "192.0.2.1/24")
	stop := st.InterruptOn(&Env{Signals: processSignals})
	defer stop()
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if err := self.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(30 * time.Second); !st.Interrupted(); {
		if time.Now().After(end) {
			t.Fatal("the signal did not arrive")
		}
		st.Wait(time.Now().Add(time.Second))
	}
}
