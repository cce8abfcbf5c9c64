package cli

import (
	"flag"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"

	"smoltls/internal/nstest"
	"smoltls/phy"
)

func TestAStackStaysOnItsProcessorUntilItIsClosed(t *testing.T) {
	runtime.LockOSThread() // what is looked at is one thread's
	defer runtime.UnlockOSThread()
	before, cpu := nstest.Processors(t)
	a, _ := phy.NewSharedPipe(phy.PipeConfig{})
	st := stackOn(t, a, "192.0.2.2/24", func(c *Common) { c.CPUs.Loop = &cpu })
	if s, _ := nstest.Processors(t); s.Count() != 1 || !s.IsSet(cpu) {
		t.Errorf("it may run on %d processors", s.Count())
	}
	for range 2 { // closing twice does nothing
		st.Close()
	}
	if after, _ := nstest.Processors(t); after != before {
		t.Error("closed, it may not run where it could before")
	}
}

func TestTheKernelTakesInOnItsProcessor(t *testing.T) {
	nstest.TAP(t) // or there is none, and the test is skipped
	ns := nstest.NewNetNS(t)
	var c Common
	fs := flag.NewFlagSet("x", flag.ContinueOnError)
	c.Register(fs)
	if _, err := Parse(fs, "", []string{"-tap", "tap0", "-cpus", "1,0"}, io.Discard); err != nil {
		t.Fatal(err)
	}
	err := ns.DoWithSysfs(func() error {
		dev, err := OpenDevice(&c, io.Discard)
		if err != nil {
			return err
		}
		defer dev.Close()
		mask, err := os.ReadFile("/sys/class/net/tap0/queues/rx-0/rps_cpus")
		if got := strings.TrimSpace(string(mask)); !strings.HasSuffix(got, "1") {
			t.Errorf("steered to the processors %q", got)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
