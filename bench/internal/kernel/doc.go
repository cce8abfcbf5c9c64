// Package kernel is the operating system's TCP as the other end, in network namespaces of our own: behind a TAP
// interface, where a user-space stack meets it, and over a veth pair, where it meets itself. Only Linux has these; they
// need root.
package kernel
