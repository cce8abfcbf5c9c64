// Package phy is where frames enter and leave a stack.
//
// A [Device] hands frames over one at a time and never blocks, except in Wait. The devices are
// an in-memory pipe ([NewPipe], [NewSharedPipe]) and the TAP and TUN interfaces of the operating
// system ([OpenTAP], [OpenTUN]). Wrappers add to any Device and compose, for instance
// Capture(Fault(pipe)): [Capture] writes what passes to a pcapng file, and [Fault] drops,
// corrupts, duplicates, reorders, delays and limits, all from one seed.
//
// Beside Device stand two interfaces that a device may have as well. An [Offloader] takes and gives super-segments,
// packets that stand for up to 64 KiB of a connection, and leaves checksums to whoever puts them on a wire: TAP and TUN
// on Linux ([TunTapOptions].Offload) and pipes ([PipeConfig].Offload), and by software any other ([SoftOffload]). A
// [Batcher] hands over many frames at a time. Whoever knows only Device gets ordinary frames from all of them. For more
// than one core there are the queues of a TUN interface ([OpenTUNQueues]), with a stack each.
//
// No device and no wrapper allocates memory for a frame once its buffers have grown to what the
// traffic uses, and every amount that can grow has a named bound.
package phy
