// Package tunserver is what the command of that name does, in a package that other programs of this repository can
// import too: one with a replay guard on Redis lives in a module of its own, so that nobody else need know Redis'
// client.
package tunserver
