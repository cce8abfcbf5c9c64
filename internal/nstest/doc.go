// Package nstest gives tests real peers: programs, and the kernel's own TCP/IP behind a TAP or TUN
// interface in a network namespace that lives as long as the test.
//
// What a machine lacks skips the test, with the reason. Where the environment variable
// SMOLTLS_REQUIRE names it (separated by commas: tun, openssl, curl, ...), its absence fails the test
// instead, so that a run that is meant to check everything can't pass by checking nothing.
package nstest
