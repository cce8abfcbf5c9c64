package main

import (
	"crypto/tls"
	"slices"
	"testing"

	"smoltls/tlssock"
)

func TestEqualCurvesAreThoseWithTheFlag(t *testing.T) {
	var cfg tlssock.Config
	o := options{curves: []tls.CurveID{29, 23, 24}, curveFlags: []uint16{0, 1, 2, 1}}
	o.setEqualCurves(&cfg)
	if !slices.Equal(cfg.EqualCurves, []tls.CurveID{23}) {
		t.Error(cfg.EqualCurves)
	}
}
