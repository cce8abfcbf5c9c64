// Package cmdtest runs the two commands inside of tests: on a device that the test gives, with buffers for standard
// output and error, and identities in files.
package cmdtest
