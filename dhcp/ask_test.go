package dhcp

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/gopacket/layers"
)

func TestQuestionsAreRepeatedEverLater_RFC2131_4_1(t *testing.T) {
	w := newWorld(t, Config{})
	w.serve = silent
	w.until("eight questions", func() bool { return len(w.heard) == 8 })
	want := 4 * time.Second
	for k := 1; k < len(w.heard); k++ {
		if d := w.heard[k].at.Sub(w.heard[k-1].at); d < want-time.Second || d > want+time.Second {
			t.Errorf("%d: after %v, not %v", k, d, want)
		}
		if secs := w.heard[k].at.Sub(w.heard[0].at) / time.Second; w.heard[k].Secs != uint16(secs) || w.heard[k].Xid != w.heard[0].Xid {
			t.Errorf("%d: %d seconds, not %d", k, w.heard[k].Secs, secs)
		}
		want = min(2*want, 64*time.Second)
	}
	other := newWorld(t, Config{})
	other.serve = silent
	other.until("a second question", func() bool { return len(other.heard) == 2 })
	if other.heard[1].at.Equal(w.heard[1].at) || other.heard[0].Xid == w.heard[0].Xid {
		t.Error("two clients do the same")
	}
}

func TestARequestSaysWhatItsDiscoverSaid(t *testing.T) {
	w := newWorld(t, Config{})
	w.serve = silent
	w.until("three questions", func() bool { return len(w.heard) == 3 })
	w.serve = func(h heard) []answer {
		if h.kind == layers.DHCPMsgTypeRequest && len(w.heard) < 7 {
			return nil
		}
		return gives(answer{})(h)
	}
	w.untilBound()
	if d, r := w.heard[3], w.heard[6]; d.kind != layers.DHCPMsgTypeDiscover || r.kind != layers.DHCPMsgTypeRequest || r.Secs != d.Secs || r.Xid != d.Xid || d.Secs == 0 {
		t.Errorf("%+v, %+v", d, r)
	}
}

func TestRenewalsAreRepeatedInHalfOfTheTimeThatIsLeft_RFC2131_4_4_5(t *testing.T) {
	at := func(s int) time.Time { return epoch.Add(time.Duration(s) * time.Second) }
	for _, c := range []struct{ now, from, to, want int }{
		{0, 0, 1000, 500}, {500, 0, 1000, 750}, {900, 0, 1000, 960}, {960, 0, 1000, 1000}, {0, 0, 40, 20}, {30, 0, 40, 40}, {32, 0, 40, 40},
	} {
		if got := halfway(at(c.now), at(c.from), at(c.to)); !got.Equal(at(c.want)) {
			t.Errorf("%+v: %v", c, got.Sub(epoch))
		}
	}
}

func TestALeaseIsGivenBack_RFC2131_4_4_6(t *testing.T) {
	w := newWorld(t, Config{})
	w.untilBound()
	w.heard = nil
	w.c.Release(w.now)
	if w.c.State() != StateReleasing {
		t.Error(w.c.State())
	}
	w.until("the end", func() bool { return w.c.State() == StateClosed })
	if len(w.heard) != 1 {
		t.Fatalf("%v", w.heard)
	}
	h := w.heard[0]
	if h.kind != layers.DHCPMsgTypeRelease || h.src != offered.Addr() || h.dst != server1.addr || netip.AddrFrom4([4]byte(h.ClientIP)) != offered.Addr() ||
		string(h.options[layers.DHCPOptServerID]) != string(server1.addr.AsSlice()) || h.options[layers.DHCPOptRequestIP] != nil || h.options[layers.DHCPOptParamsRequest] != nil {
		t.Errorf("%+v", h)
	}
	if len(w.ifc.Addrs()) != 0 || w.events[len(w.events)-1].Kind != Ended || w.events[len(w.events)-1].Lease.Addr != offered {
		t.Errorf("%v, %v", w.ifc.Addrs(), w.events)
	}
}
