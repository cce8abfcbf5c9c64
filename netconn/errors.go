package netconn

import (
	"context"
	"errors"
	"net"
	"os"
	"syscall"

	"smoltls/dns"
	"smoltls/iface"
	"smoltls/set"
	"smoltls/tcp"
	"smoltls/tlssock"
)

// translations are what programs written for the net package look for, beside our own errors.
var translations = []struct{ ours, theirs error }{
	{tcp.ErrRefused, syscall.ECONNREFUSED},
	{tcp.ErrReset, syscall.ECONNRESET},
	{tcp.ErrAborted, syscall.ECONNABORTED},
	{tcp.ErrTimeout, syscall.ETIMEDOUT},
	{set.ErrHandshakeTimeout, syscall.ETIMEDOUT},
	{tcp.ErrUnreachable, syscall.EHOSTUNREACH},
	{iface.ErrRefused, syscall.ECONNREFUSED},
	{iface.ErrUnreachable, syscall.EHOSTUNREACH},
	{iface.ErrTooBig, syscall.EMSGSIZE},
	{iface.ErrClosed, net.ErrClosed},
	{iface.ErrNoRoute, syscall.ENETUNREACH},
	{iface.ErrAddrInUse, syscall.EADDRINUSE},
	{iface.ErrNotOurs, syscall.EADDRNOTAVAIL},
	{iface.ErrNoSource, syscall.EADDRNOTAVAIL},
	{tcp.ErrClosed, syscall.EPIPE}, // written after CloseWrite
	{tlssock.ErrClosed, syscall.EPIPE},
	{tlssock.ErrWriteClosed, syscall.EPIPE},
	{dns.ErrClosed, net.ErrClosed},
	{dns.ErrTimeout, os.ErrDeadlineExceeded},
	{context.DeadlineExceeded, os.ErrDeadlineExceeded},
}

// explained is an error of the stack and what the net package would have said in its place. errors.Is finds both.
type explained struct{ ours, theirs error }

// explain gives err with its translation, if it has one.
func explain(err error) error {
	for _, t := range translations {
		if errors.Is(err, t.ours) {
			return &explained{err, t.theirs}
		}
	}
	return err
}

func (e *explained) Error() string   { return e.ours.Error() }
func (e *explained) Unwrap() []error { return []error{e.ours, e.theirs} }

// Timeout makes it a timeout for net.Error, which net.OpError asks.
func (e *explained) Timeout() bool {
	return e.theirs == syscall.ETIMEDOUT || e.theirs == os.ErrDeadlineExceeded
}

// Temporary is part of net.Error, and means nothing.
func (e *explained) Temporary() bool { return e.Timeout() }
