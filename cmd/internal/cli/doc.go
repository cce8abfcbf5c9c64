// Package cli is what the two commands share: their common flags, the device and interface these describe, the identity
// files, the main loop, and how an error becomes an exit status and one line that says what to do.
package cli
