package cli

import (
	"errors"
	"strings"
	"testing"
	"time"

	"smoltls/phy"
)

func TestProcessorsAreOneOrTwo(t *testing.T) {
	for arg, want := range map[string][2]int{"0": {0, phy.NoCPU}, "3": {3, phy.NoCPU}, "0,1": {0, 1}, "12,7": {12, 7}} {
		c, _, err := parse("-tap", "t", "-addr", "192.0.2.2/24", "-cpus", arg)
		if err != nil {
			t.Errorf("%s: %v", arg, err)
			continue
		}
		got := [2]int{*c.CPUs.Loop, phy.NoCPU}
		if c.CPUs.Kernel != nil {
			got[1] = *c.CPUs.Kernel
		}
		if got != want {
			t.Errorf("%s: %v", arg, got)
		}
	}
	for arg, says := range map[string]string{"": "number", "one": "number", "-1": "number", "0,": "number", ",1": "number", "1,1": "different", "0,1,2": "number", "99999999": "number"} {
		_, _, err := parse("-tap", "t", "-addr", "192.0.2.2/24", "-cpus="+arg)
		if _, usage := errors.AsType[*UsageError](err); !usage || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", arg, err)
		}
	}
}

func TestAStackOnAProcessorThatIsNotThereIsNotMade(t *testing.T) {
	a, _ := phy.NewSharedPipe(phy.PipeConfig{})
	c, _, err := parse("-tap", "t", "-addr", "192.0.2.2/24", "-cpus", "65535")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.OpenOn(a); err == nil || !strings.HasPrefix(err.Error(), "-cpus:") {
		t.Errorf("%v", err)
	}
	if _, err := a.Receive(time.Now()); !errors.Is(err, phy.ErrClosed) {
		t.Errorf("the device was left open: %v", err)
	}
}
