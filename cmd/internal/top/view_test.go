package top

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"smoltls/tlssock"
)

// rowsOf makes a sampler that has sampled n sockets: of ports 1 to n, each with as many bytes in.
func rowsOf(n int) *sampler {
	s := &sampler{at: time.Unix(1000, 0)}
	for i := range n {
		p := uint16(i + 1)
		r := &row{number: uint64(p), peer: netip.AddrPortFrom(netip.MustParseAddr("192.0.2.1"), p), in: uint64(p) * 1000, state: tlssock.StateEstablished, since: s.at}
		s.list = append(s.list, r)
	}
	return s
}

// ports lists those that v shows.
func ports(v *view, s *sampler, page int) (ps []uint16) {
	v.arrange(s)
	for _, r := range v.show(page) {
		ps = append(ps, r.peer.Port())
	}
	return ps
}

func press(t *testing.T, v *view, keys ...Key) {
	t.Helper()
	for _, k := range keys {
		if v.press(k) {
			t.Fatalf("key %d quits", k)
		}
	}
}

func TestKeysSortFilterAndScroll(t *testing.T) {
	s, v := rowsOf(12), newView()
	want := func(what string, page int, ps ...uint16) {
		t.Helper()
		if got := ports(v, s, page); !slices.Equal(got, ps) {
			t.Errorf("%s: %v, want %v", what, got, ps)
		}
	}
	want("by age, and among equals by number", 3, 1, 2, 3)
	for columns[v.sort].title != "IN" {
		press(t, v, KeyRight)
	}
	want("most bytes first", 3, 12, 11, 10)
	press(t, v, 'r')
	want("reversed", 3, 1, 2, 3)
	press(t, v, KeyDown, KeyPageDown)
	want("one and a page down", 3, 5, 6, 7)
	press(t, v, KeyUp)
	want("up", 3, 4, 5, 6)
	press(t, v, KeyEnd, KeyDown, KeyDown)
	want("the end is the end", 3, 10, 11, 12)
	press(t, v, KeyPageUp, KeyPageUp, KeyPageUp, KeyPageUp, KeyPageUp)
	want("the beginning is the beginning", 3, 1, 2, 3)
	press(t, v, '/', ':', '1', 'q', KeyBackspace)
	want("filtered, while q is a letter", 9, 1, 10, 11, 12)
	press(t, v, KeyEnter)
	press(t, v, KeyEscape)
	want("without the filter", 3, 1, 2, 3)
	press(t, v, '/', 'E', 's', 'T', KeyEscape, KeyHome)
	want("a filter that was dropped", 3, 1, 2, 3)
	press(t, v, '/', 'E', 'S', 'T', KeyEnter)
	want("in whatever case", 1, 1)
	for range 2 * maxFilter {
		press(t, v, '/', 'x')
	}
	if len(v.filter) > maxFilter {
		t.Errorf("a filter of %d", len(v.filter))
	}
}

func TestSortingGoesThroughEveryColumnBothWays(t *testing.T) {
	v := newView()
	first := v.sort
	for _, k := range []Key{KeyRight, KeyLeft} {
		for range columns {
			press(t, v, k)
		}
		if v.sort != first {
			t.Errorf("after all columns it is %d, not %d", v.sort, first)
		}
	}
}

func TestWhatQuits(t *testing.T) {
	for _, k := range []Key{'q', 'Q', KeyInterrupt} {
		if !newView().press(k) {
			t.Errorf("key %d does not", k)
		}
	}
	v := newView()
	press(t, v, '/')
	if !v.press(KeyInterrupt) {
		t.Error("Ctrl-C does not while a filter is typed")
	}
}
