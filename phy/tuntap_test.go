package phy

import (
	"errors"
	"testing"
)

func TestOpenRefusesAnImpossibleMTUOnEverySystem(t *testing.T) {
	for _, mtu := range []int{-1, 1, MinMTU - 1, MaxMTU + 1} {
		for _, open := range []func(string, TunTapOptions) (*TunTap, error){OpenTAP, OpenTUN} {
			if d, err := open("smoltls-none", TunTapOptions{MTU: mtu}); d != nil || !errors.Is(err, ErrMTU) {
				t.Errorf("MTU %d: %v, %v", mtu, d, err)
			}
		}
	}
}
