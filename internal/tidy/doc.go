// Package tidy reads the module's source and says where it breaks the rules of the house: no clock and no concurrency
// in the rooms that are driven by `now` ([CheckStillness]), functions that fit a screen ([CheckLength]), a test beside
// every file ([CheckSiblings]), a comment on every exported name ([CheckDocs]), imports that run one way
// ([CheckImports]), text that speaks of no particular machine ([CheckText]),
// and comments that fit beside another file ([CheckWidth]).
//
// Its own test applies all of them to the module, so `go test ./...` holds the rules.
package tidy
