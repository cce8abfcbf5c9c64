package main

import "smoltls/tlssock"

// equalWithNext is the flag of a group that is as good as the one after it.
const equalWithNext = 1

func init() {
	with("-curves-flags", func(o *options, v string) error { return appendNumber(&o.curveFlags, v) })
	with("-cipher", func(*options, string) error { return nil }) // of the versions before 1.3
}

// setEqualCurves hands on which groups have that flag.
func (o *options) setEqualCurves(cfg *tlssock.Config) {
	for i, g := range o.curves[:min(len(o.curves), len(o.curveFlags))] {
		if o.curveFlags[i]&equalWithNext != 0 {
			cfg.EqualCurves = append(cfg.EqualCurves, g)
		}
	}
}
