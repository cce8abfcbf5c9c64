// Package phy is where frames enter and leave a stack.
//
// A [Device] hands frames over one at a time and never blocks, except in Wait. The devices are
// an in-memory pipe ([NewPipe], [NewSharedPipe]) and the TAP and TUN interfaces of the operating
// system ([OpenTAP], [OpenTUN]). Wrappers add to any Device and compose, for instance
// Capture(Fault(pipe)): [Capture] writes what passes to a pcapng file, and [Fault] drops,
// corrupts, duplicates, reorders, delays and limits, all from one seed.
//
// No device and no wrapper allocates memory for a frame once its buffers have grown to what the
// traffic uses, and every amount that can grow has a named bound.
package phy
