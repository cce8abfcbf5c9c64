package main

import (
	"errors"
	"testing"

	"smoltls/cmd/internal/cli"
	"smoltls/cmd/internal/cmdtest"
	"smoltls/dhcp"
	"smoltls/phy"
)

func TestWhoGetsNoAddressIsToldSo(t *testing.T) {
	dev, _ := phy.NewSharedPipe(phy.PipeConfig{}) // nobody at its other end
	p := cmdtest.Start(t, run, dev, nil, "-tap", "none", "-dhcp", "-stall", "100ms", "https://192.0.2.1/")
	if err := p.Wait(); !errors.Is(err, dhcp.ErrNoAnswer) || !oneLine(err, "-addr PREFIX") {
		t.Error(err)
	}
}

func TestCtrlCEndsTheWaitForAnAddress(t *testing.T) {
	dev, _ := phy.NewSharedPipe(phy.PipeConfig{})
	p := cmdtest.Start(t, run, dev, nil, "-tap", "none", "-dhcp", "https://192.0.2.1/")
	p.Interrupt()
	if err := p.Wait(); !errors.Is(err, cli.ErrInterrupted) {
		t.Error(err)
	}
}
