package simnet

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"smoltls/phy"
)

// address is a port of the station's first address.
func (s *Station) address(port uint16) netip.AddrPort {
	return netip.AddrPortFrom(s.c.Addrs[0].Addr(), port)
}

func TestAFlowIntactIsOneThatEndedWell(t *testing.T) {
	good := func() *Flow {
		return &Flow{Client: &Endpoint{Done: true, Sent: 1, Received: 2}, Server: &Endpoint{Done: true, Sent: 2, Received: 1}}
	}
	if err := good().Intact(); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(f *Flow){
		"client under way": func(f *Flow) { f.Client.Done = false },
		"server under way": func(f *Flow) { f.Server.Done = false },
		"client failed":    func(f *Flow) { f.Client.Err = ErrRebooted },
		"server failed":    func(f *Flow) { f.Server.Err = ErrRebooted },
		"aborted":          func(f *Flow) { f.Server.Aborted = true },
		"byte missing":     func(f *Flow) { f.Client.Received-- },
		"byte too many":    func(f *Flow) { f.Server.Received++ },
	} {
		f := good()
		spoil(f)
		if f.Intact() == nil {
			t.Errorf("%s: intact", name)
		}
	}
}

func TestAConnectionThatNobodyOpenedIsAStray(t *testing.T) {
	p, err := newPairLab(1, pairConfig{medium: phy.MediumIP})
	if err != nil {
		t.Fatal(err)
	}
	h, err := p.a.tcps.Connect(p.b.address(80), nil)
	if err != nil {
		t.Fatal(err)
	}
	p.open++
	p.After(time.Second, func() { p.open--; p.a.tcps.Remove(h) })
	if err := p.Finish(time.Hour); err == nil || !strings.Contains(err.Error(), "1 connections were accepted that nobody has opened") {
		t.Error(err)
	}
}

// An end that waits for what never comes is found, by itself or by the clock.
func TestAFlowThatNeverEndsIsFound(t *testing.T) {
	for _, c := range []struct {
		keepAlive bool
		want      error
	}{{false, ErrStuck}, {true, ErrLate}} {
		p, err := newPairLab(1, pairConfig{medium: phy.MediumIP})
		if err != nil {
			t.Fatal(err)
		}
		p.plain.cfg.Config = nil
		if err := p.b.Reboot(); err != nil { // listens without keep-alive from now on
			t.Fatal(err)
		}
		cfg := patient
		if !c.keepAlive {
			cfg = nil
		}
		if _, err := p.begin(false, server4, cfg, Script{{Read: 1}}, Script{{Read: 1}}); err != nil {
			t.Fatal(err)
		}
		if err := p.Finish(time.Hour); !errors.Is(err, c.want) || !strings.Contains(err.Error(), "flow 0 client") {
			t.Errorf("%v, want %v", err, c.want)
		}
	}
}

func TestAWrongByteEndsTheRun(t *testing.T) {
	p, err := newPairLab(1, pairConfig{})
	if err != nil {
		t.Fatal(err)
	}
	f, err := p.begin(false, server4, nil, Exchange(1<<20), Exchange(0))
	if err != nil {
		t.Fatal(err)
	}
	f.Server.in = NewStream(99)
	if err := p.Finish(time.Hour); !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), "offset 0") {
		t.Error(err)
	}
}
