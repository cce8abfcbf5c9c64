//go:build !linux

package main

import "smoltls/bench/internal/measure"

// overTAP has nothing to measure where there are no network namespaces.
func overTAP() []measure.Experiment { return nil }
