package main

import (
	"crypto/tls"
	"slices"
	"testing"

	"smoltls/tlssock"
)

func TestTheShareIsThatOfTheFirstOwnGroupAmongTheHints(t *testing.T) {
	for _, c := range []struct{ curves, hint, want []tls.CurveID }{
		{[]tls.CurveID{29, 23, 24}, []tls.CurveID{24, 23}, []tls.CurveID{23}}, {[]tls.CurveID{29}, []tls.CurveID{23}, nil},
	} {
		var cfg tlssock.Config
		if err := predictShare(&options{curves: c.curves, hint: c.hint}, &cfg); err != nil || !slices.Equal(cfg.KeyShares, c.want) {
			t.Errorf("%+v: %v, %v", c, cfg.KeyShares, err)
		}
	}
}

func TestNamesAreReadFromHexadecimal(t *testing.T) {
	if got, err := derList("3000,3001"); err != nil || len(got) != 2 || got[1][1] != 1 {
		t.Errorf("%x, %v", got, err)
	}
	if got, err := derList("<EMPTY>"); err != nil || got != nil {
		t.Errorf("%x, %v", got, err)
	}
	if _, err := derList("zz"); err == nil {
		t.Error("no error")
	}
}
