// Package flood makes the Ethernet frames of people who mean ill, for tests: each kind is well formed enough to get as
// deep into a stack as it can.
package flood
