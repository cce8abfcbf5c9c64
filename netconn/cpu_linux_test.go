package netconn

import (
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"smoltls/internal/nstest"
	"smoltls/phy"
)

func TestARunnerPollsOnItsProcessor(t *testing.T) {
	ours, cpu := nstest.Processors(t)
	var polled atomic.Int64 // on that processor alone
	dev, _ := phy.NewSharedPipe(phy.PipeConfig{})
	r, err := Start(Config{Device: dev, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")}, CPU: &cpu, Now: func() time.Time {
		var s unix.CPUSet
		if unix.SchedGetaffinity(0, &s); s.Count() == 1 && s.IsSet(cpu) {
			polled.Add(1)
		}
		return time.Now()
	}})
	if err != nil {
		t.Fatal(err)
	}
	r.Close() // which polls once at least
	if ours.Count() > 1 && polled.Load() == 0 {
		t.Error("it polled elsewhere")
	}
}
