package simnet

import (
	"strings"
	"testing"
	"time"

	"smoltls/phy"
	"smoltls/tcp"
)

func TestWhatAStationKeepsIsFound(t *testing.T) {
	for want, keep := range map[string]func(p *pairLab){
		"256 bytes":   func(p *pairLab) { p.b.Iface.Pool().Get(256) },
		"connections": func(p *pairLab) { p.b.tcps.Connect(p.a.address(9), &tcp.Config{ConnectTimeout: 100 * time.Hour}) },
	} {
		p, err := newPairLab(1, pairConfig{medium: phy.MediumIP})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.begin(false, server4, nil, Exchange(10), Exchange(10)); err != nil {
			t.Fatal(err)
		}
		if err := p.Finish(time.Hour); err != nil {
			t.Fatal(err)
		}
		keep(p)
		if err := p.b.leftovers(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
		if err := p.a.leftovers(); err != nil {
			t.Error(err)
		}
	}
}

func TestARebootForgetsAllButTheServices(t *testing.T) {
	p, err := newPairLab(1, pairConfig{})
	if err != nil {
		t.Fatal(err)
	}
	f, err := p.begin(false, server4, nil, Script{{Read: 1}}, Script{{Pause: time.Hour}})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Run(time.Minute, func() bool { return f.Server.begun }); err != nil {
		t.Fatal(err)
	}
	before := p.b.Iface
	if err := p.b.Reboot(); err != nil || p.b.Iface == before || f.Server.Err != ErrRebooted || p.b.Iface.HardwareAddr() != before.HardwareAddr() {
		t.Errorf("%v, %v", err, f.Server)
	}
	if got := p.b.String(); !strings.HasPrefix(got, "b: 0 connections") {
		t.Error(got)
	}
	if _, err := p.b.Listen(80, nil, tcp.ListenConfig{}); err == nil {
		t.Error("nobody listens on port 80 after the reboot")
	}
}
