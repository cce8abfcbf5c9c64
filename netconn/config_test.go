package netconn

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"smoltls/iface"
	"smoltls/phy"
)

// sleeper is a device that can't be woken.
type sleeper struct{ phy.Device }

func TestAConfigThatCanNotWorkIsRefused(t *testing.T) {
	a, _ := phy.NewSharedPipe(phy.PipeConfig{})
	addr := []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")}
	for name, c := range map[string]struct {
		cfg  Config
		want error
	}{
		"no device":                 {Config{Addrs: addr}, ErrConfig},
		"a device that only sleeps": {Config{Device: sleeper{a}, Addrs: addr}, ErrConfig},
		"no address":                {Config{Device: a}, iface.ErrConfig},
	} {
		if _, err := Start(c.cfg); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestARunnerOnAProcessorThatIsNotThereDoesNotStart(t *testing.T) {
	a, _ := phy.NewSharedPipe(phy.PipeConfig{})
	if _, err := Start(Config{Device: a, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")}, CPU: new(phy.NoCPU)}); err == nil {
		t.Fatal("started")
	}
	if _, err := a.Receive(time.Now()); err != nil {
		t.Errorf("the device is still the caller's, and gives %v", err)
	}
}
