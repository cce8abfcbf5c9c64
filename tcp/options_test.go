package tcp

import (
	"bytes"
	"errors"
	"testing"
)

func same(a, b Options) bool {
	return a.MSS == b.MSS && a.WScale == b.WScale && a.SACKPermitted == b.SACKPermitted && a.HasTS == b.HasTS && a.TSVal == b.TSVal &&
		a.TSEcr == b.TSEcr && bytes.Equal(a.SACK, b.SACK)
}

func TestOptionsAreReadInAnyOrderAndUnknownOnesSkipped(t *testing.T) { // RFC 9293 §3.2 (MUST-4, MUST-5, MUST-6, MUST-68)
	var o Options
	if err := o.Parse([]byte{253, 4, 1, 2, 1, 3, 3, 9, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2, 2, 4, 1, 0, 0, 2, 4, 9, 9}); err != nil {
		t.Fatal(err)
	}
	if !same(o, Options{MSS: 256, WScale: 9, HasTS: true, TSVal: 1, TSEcr: 2}) {
		t.Fatalf("%+v", o)
	}
}

func TestOptionsWithImpossibleLengthsAreRefused(t *testing.T) { // MUST-7
	for _, raw := range [][]byte{{2}, {2, 0}, {2, 1}, {2, 4, 1}, {8, 10, 0, 0}, {1, 1, 99, 255}, {8, 10, 0, 0, 0, 0, 0, 0, 0}} {
		var o Options
		if err := o.Parse(raw); !errors.Is(err, ErrOptions) {
			t.Errorf("%v: %v", raw, err)
		}
	}
}

func TestOptionsOfAWrongLengthForTheirKindAreUnknown(t *testing.T) {
	var o Options
	if err := o.Parse([]byte{2, 3, 1, 3, 4, 1, 1, 4, 3, 0, 8, 4, 0, 0}); err != nil || !same(o, Options{WScale: -1}) {
		t.Fatalf("%v %+v", err, o)
	}
}

func TestWindowScaleBeyond14CountsAs14(t *testing.T) { // RFC 7323 §2.3
	var o Options
	if err := o.Parse([]byte{3, 3, 15}); err != nil || o.WScale != 14 {
		t.Fatalf("%v %+v", err, o)
	}
	if err := o.Parse([]byte{3, 3, 255}); err != nil || o.WScale != 14 {
		t.Fatalf("%v %+v", err, o)
	}
}

func TestOptionsThatAreWrittenAreReadBack(t *testing.T) {
	for _, want := range []Options{
		{WScale: -1}, {MSS: 1460, WScale: -1}, {MSS: 9, WScale: 0}, {MSS: 1, WScale: 14, HasTS: true, TSVal: 7, TSEcr: 9}, {WScale: -1, HasTS: true, TSVal: 1},
		{MSS: 1, WScale: 3, SACKPermitted: true}, {MSS: 1, WScale: 3, SACKPermitted: true, HasTS: true, TSVal: 1},
	} {
		var b [maxOptions]byte
		n := want.put(b[:])
		var got Options
		if err := got.Parse(b[:n]); err != nil || !same(got, want) || n%4 != 0 {
			t.Errorf("%+v: %+v, %d bytes, %v", want, got, n, err)
		}
	}
}

func FuzzOptionsParse(f *testing.F) {
	f.Add(rawSYN[20:])
	f.Add([]byte{1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2})
	f.Add([]byte{2, 4, 5, 180, 0})
	f.Fuzz(func(t *testing.T, raw []byte) {
		var o Options
		if o.Parse(raw) != nil {
			return
		}
		o.SACK = nil
		var b [maxOptions]byte
		var again Options
		if err := again.Parse(b[:o.put(b[:])]); err != nil {
			t.Fatal(err)
		}
		if !same(again, o) {
			t.Fatalf("%+v, written and read %+v", o, again)
		}
	})
}
