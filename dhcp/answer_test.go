package dhcp

import (
	"errors"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/google/gopacket/layers"

	"smoltls/iface"
)

// both are two servers, which offer different addresses, the second one later and for longer.
func both(h heard) (all []answer) {
	one := gives(answer{})(h)
	two := gives(answer{from: server2, yours: netip.MustParseAddr("192.0.2.200"), seconds: 7200, delay: 300 * time.Millisecond})(h)
	return append(one, two...)
}

func TestOneOfTheOffersIsChosen(t *testing.T) {
	longest := func(offers []Lease) int {
		k := 0
		for n, o := range offers {
			if o.End.Sub(o.Begin) > offers[k].End.Sub(offers[k].Begin) {
				k = n
			}
		}
		return k
	}
	for name, c := range map[string]struct {
		cfg  Config
		want station
	}{
		"the first":                 {Config{}, server1},
		"the first of several":      {Config{SelectWait: time.Second}, server1},
		"the address asked for":     {Config{SelectWait: time.Second, Request: netip.MustParseAddr("192.0.2.200")}, server2},
		"the longest":               {Config{Choose: longest}, server2},
		"no more than there may be": {Config{Choose: longest, Limits: Limits{Offers: 1}}, server1},
	} {
		w := newWorld(t, c.cfg)
		w.serve = both
		if l := w.untilBound(); l.Server != c.want.addr {
			t.Errorf("%s: %+v", name, l)
		}
		if got := w.heard[len(w.heard)-1].options[layers.DHCPOptServerID]; string(got) != string(c.want.addr.AsSlice()) {
			t.Errorf("%s: requested from %v", name, got)
		}
	}
}

func TestNoOfferIsChosen(t *testing.T) {
	asked := 0
	w := newWorld(t, Config{Choose: func(offers []Lease) int {
		if asked++; asked == 3 {
			return 0
		}
		return len(offers) // -1 as well
	}})
	w.untilBound()
	if asked != 3 || !slices.Equal(w.kinds(), []EventKind{Failed, Failed, Bound}) || !errors.Is(w.events[0].Err, ErrNoOffer) || w.now.Sub(epoch) < 3*time.Second {
		t.Errorf("%d, %v, after %v", asked, w.events, w.now.Sub(epoch))
	}
}

func TestARefusalBeginsAnew_RFC2131_3_1(t *testing.T) {
	w := newWorld(t, Config{Request: offered.Addr()})
	refusals := 2
	w.serve = func(h heard) []answer {
		if h.kind == layers.DHCPMsgTypeRequest && refusals > 0 {
			refusals--
			return []answer{{kind: layers.DHCPMsgTypeNak, from: server2}, {kind: layers.DHCPMsgTypeNak}} // the first one's is none of our business
		}
		return gives(answer{})(h)
	}
	w.untilBound()
	if w.c.Stats().Refused != 2 || w.c.Stats().Foreign < 2 || !slices.Equal(w.kinds(), []EventKind{Failed, Failed, Bound}) || !errors.Is(w.events[0].Err, ErrRefused) {
		t.Errorf("%+v, %v", w.c.Stats(), w.events)
	}
	asked := func(h heard) bool { return h.options[layers.DHCPOptRequestIP] != nil }
	if discovers := slices.DeleteFunc(slices.Clone(w.heard), func(h heard) bool { return h.kind != layers.DHCPMsgTypeDiscover }); len(discovers) != 3 || !asked(discovers[0]) || asked(discovers[1]) {
		t.Errorf("%v", discovers)
	}
	w.serve = func(heard) []answer { return []answer{{kind: layers.DHCPMsgTypeNak, from: server2}} } // whoever says so: the network may have changed
	w.until("the end", func() bool { return !w.c.State().configured() })
	if e := w.events[len(w.events)-1]; e.Kind != Lost || !errors.Is(e.Err, ErrRefused) || w.ifc.AddrState(offered.Addr()) != iface.AddrGone {
		t.Errorf("%v", e)
	}
}

func TestWhatIsNoAnswerIsNotTaken(t *testing.T) {
	for name, wrong := range map[string]answer{
		"another question's":           {xid: 1},
		"another station's":            {mac: otherMAC},
		"another client's":             {clientID: []byte("another")},
		"of no lease time":             {instead: []layers.DHCPOption{option(layers.DHCPOptMessageType, 2)}},
		"too long":                     {options: slices.Repeat([]layers.DHCPOption{option(200, make([]byte, 200)...)}, 5)},
		"no message":                   {whole: []byte("x")},
		"an address that can't be":     {yours: netip.MustParseAddr("192.0.2.255")},
		"another server's, unasked":    {from: server2},
		"another address than offered": {yours: netip.MustParseAddr("192.0.2.101")},
	} {
		w := newWorld(t, Config{Limits: Limits{MessageSize: 1000}, Timeout: 2 * time.Second})
		w.serve = func(h heard) []answer {
			right := gives(answer{delay: time.Second})(h)
			if len(right) == 1 {
				a := wrong
				if a.kind = right[0].kind; a.instead != nil {
					a.instead[0].Data = []byte{byte(a.kind)}
				}
				if h.kind == layers.DHCPMsgTypeDiscover && (name == "another server's, unasked" || name == "another address than offered") {
					return right // it is wrong later
				}
				return []answer{a, right[0], right[0]}
			}
			return right
		}
		l := w.untilBound()
		s := w.c.Stats()
		if l.Addr != offered || l.Server != server1.addr || s.Foreign+s.Malformed < 1 || s.Leases != 1 {
			t.Errorf("%s: %+v, %+v", name, l, s)
		}
	}
}
