// Command bogoshim stands between this module's TLS and the test runner of BoringSSL, which plays a correct or a
// misbehaving peer at the other end of a socket and judges what the shim does. The runner starts it with flags that say
// what to be and what to expect.
//
// It is run by hand, with the runner's own sources, which are not part of this module:
//
//	go build -o /somewhere/bogoshim ./internal/bogoshim
//	cd boringssl/ssl/test/runner && go test -shim-path /somewhere/bogoshim -shim-config .../internal/bogoshim/config.json
//
// Exit status: 0 success, 89 a flag that is not known here, 90 an expectation that did not hold, 1 a connection that
// failed, with the reason on standard error.
package main
