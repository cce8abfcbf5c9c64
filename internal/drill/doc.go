// Package drill gives the stack the face that packetdrill tests: descriptors and the calls of POSIX, packets that go in
// and come out, and a clock that stands still until somebody sleeps. packetdrill plays scripts against a stack: calls
// of an application on one side, segments of a peer on the other, and what the stack has to answer, when.
//
// The shared library that packetdrill loads is in so; README.md says how both are run. Nothing of packetdrill is here,
// and none of its scripts: what they find becomes a test of the room that it belongs to.
//
// A [World] is one interface with what a kernel would have around it. Numbers (errors, options, layouts) are those that
// Linux gives to programs, whatever system this runs on. The clock is the world's own, so that a script that lasts
// minutes takes milliseconds, and gives the same each time.
package drill
