package dhcp

import (
	"errors"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/google/gopacket/layers"

	"smoltls/iface"
	"smoltls/phy"
)

func TestAnOldLeaseIsConfirmedFirst_RFC2131_3_2(t *testing.T) {
	old := Lease{Addr: offered, Server: server1.addr, Begin: epoch.Add(-time.Minute), Renew: epoch, Rebind: epoch.Add(time.Minute), End: epoch.Add(time.Hour)}
	kinds := func(w *world) (all []layers.DHCPMsgType) {
		for _, h := range w.heard {
			all = append(all, h.kind)
		}
		return all
	}
	const discover, request = layers.DHCPMsgTypeDiscover, layers.DHCPMsgTypeRequest
	for name, c := range map[string]struct {
		end   time.Time
		serve func(heard) []answer
		want  []layers.DHCPMsgType
	}{
		"it holds":     {old.End, nil, []layers.DHCPMsgType{request}},
		"for ever":     {time.Time{}, nil, []layers.DHCPMsgType{request}},
		"it has ended": {epoch, nil, []layers.DHCPMsgType{discover, request}},
		"it is refused": {old.End, func(h heard) []answer {
			if h.options[layers.DHCPOptServerID] == nil && h.kind == request {
				return []answer{{kind: layers.DHCPMsgTypeNak}}
			}
			return gives(answer{})(h)
		}, []layers.DHCPMsgType{request, discover, request}},
		"nobody answers": {old.End, func(h heard) []answer {
			if h.options[layers.DHCPOptServerID] == nil && h.kind == request {
				return nil
			}
			return gives(answer{})(h)
		}, []layers.DHCPMsgType{request, request, discover, request}},
	} {
		lease := old
		lease.End = c.end
		w := newWorld(t, Config{Lease: &lease})
		if c.serve != nil {
			w.serve = c.serve
		}
		if l := w.untilBound(); l.Addr != offered || !slices.Equal(kinds(w), c.want) {
			t.Errorf("%s: %v, %v", name, l, kinds(w))
		}
		first := w.heard[0]
		if string(first.options[layers.DHCPOptRequestIP]) != string(offered.Addr().AsSlice()) || first.options[layers.DHCPOptServerID] != nil || !first.ClientIP.IsUnspecified() || first.src.String() != "0.0.0.0" {
			t.Errorf("%s: %+v", name, first)
		}
	}
}

func TestAServerThatVanishesIsFoundWhenItComesBack(t *testing.T) {
	w := newWorld(t, Config{})
	w.serve = func(h heard) []answer {
		if h.kind == layers.DHCPMsgTypeDiscover {
			return gives(answer{})(h)
		}
		return nil // gone when it matters
	}
	w.until("a failure", func() bool { return len(w.events) > 0 })
	if e := w.events[0]; e.Kind != Failed || !errors.Is(e.Err, ErrNoAnswer) || len(w.heard) != 2+DefaultRequests || !errors.Is(w.c.Err(), ErrNoAnswer) {
		t.Errorf("%v, %d messages", e, len(w.heard))
	}
	w.serve = silent
	w.sleep(24 * time.Hour)
	if n := len(w.heard); n < 1000 || n > 1600 { // about one in 64 s
		t.Errorf("%d messages in a day", n)
	}
	w.serve = gives(answer{})
	begin := w.now
	w.untilBound()
	if d := w.now.Sub(begin); d > 80*time.Second {
		t.Errorf("found after %v", d)
	}
}

func TestTheStartIsDelayed(t *testing.T) {
	w := newWorld(t, Config{StartDelay: 10 * time.Second})
	w.until("a question", func() bool { return len(w.heard) > 0 })
	if d := w.heard[0].at.Sub(epoch); d <= 0 || d >= 10*time.Second {
		t.Error(d)
	}
}

func TestAnAddressThatIsTakenAwayIsAskedForAgain(t *testing.T) {
	w := newWorld(t, Config{})
	w.untilBound()
	if err := w.ifc.RemoveAddr(offered.Addr()); err != nil {
		t.Fatal(err)
	}
	w.poll()
	if w.events[1].Kind != Lost {
		t.Errorf("%v", w.events)
	}
	w.untilBound()
}

// TestBadLinks: through loss, duplication, reordering and damage the client gets a lease, loses it and gets another
// one; at every moment the interface has the address if and only if there is a lease.
func TestBadLinks(t *testing.T) {
	seeds := uint64(100)
	if testing.Short() {
		seeds = 10
	}
	for seed := range seeds {
		dev, wire := phy.NewPipe(phy.PipeConfig{Medium: phy.MediumEthernet})
		w := &world{t: t, now: epoch, wire: wire, taken: make(map[netip.Addr]bool)}
		bad := phy.Impairment{Drop: 0.4, Duplicate: 0.2, Reorder: 0.3, ReorderDelay: 20 * time.Second}
		worse := bad
		worse.Corrupt = 0.1
		w.over(phy.Fault(dev, phy.FaultConfig{Seed: seed, In: worse, Out: bad}), Config{})
		w.serve = gives(answer{seconds: 60})
		bound, end := 0, epoch.Add(2*time.Hour)
		w.until("two hours", func() bool {
			l, has := w.c.Lease()
			s := w.ifc.AddrState(offered.Addr())
			if used := s == iface.AddrPreferred || s == iface.AddrDeprecated; used != has || has && (l.Addr != offered || l.Expired(w.now)) {
				t.Fatalf("seed %d at %v: %v, the address is %v, the lease %+v", seed, w.now.Sub(epoch), w.c.State(), s, l)
			}
			if has {
				bound++
			}
			return w.now.After(end)
		})
		if s := w.c.Stats(); bound == 0 || s.Leases == 0 || s.Renewals == 0 || s.Foreign == 0 {
			t.Errorf("seed %d: %+v", seed, s)
		}
	}
}

func TestStatesHaveNames(t *testing.T) {
	if StateInit.String() != "init" || StateClosed.String() != "closed" || State(99).String() != "no state" {
		t.Error("names")
	}
	if StateTesting.configured() || !StateRebinding.configured() || StateRequesting.holds() || !StateReleasing.holds() {
		t.Error("what they mean")
	}
	w := newWorld(t, Config{})
	w.c.Release(w.now) // before it has begun
	if w.c.State() != StateClosed || w.c.PollAt() != (time.Time{}) || w.events[0].Kind != Ended || w.events[0].Lease.Addr.IsValid() || w.ifc.AddrState(offered.Addr()) != iface.AddrGone {
		t.Errorf("%v, %v", w.c.State(), w.events)
	}
}
