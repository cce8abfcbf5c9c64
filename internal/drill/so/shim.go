//go:build packetdrill

package main

/*
#include <poll.h>
#include <stdlib.h>
#include <sys/uio.h>
*/
import "C"

import (
	"os"
	"sync"
	"time"
	"unsafe"

	"smoltls/internal/drill"
)

// world is the one that the process drives. It is made by the first call, when the script's own commands have set the
// sysctls of the network namespace.
var world = sync.OnceValue(func() *drill.World {
	w, err := drill.New(drill.Config{Sysctl: sysctl, Paced: flags == "paced"})
	if err != nil {
		os.Stderr.WriteString("smoltls: " + err.Error() + "\n")
		os.Exit(1)
	}
	return w
})

// flags are what packetdrill was given by --so_flags: "paced", or nothing.
var flags string

func sysctl(name string) string {
	b, err := os.ReadFile("/proc/sys/net/ipv4/" + name)
	if err != nil {
		return ""
	}
	return string(b)
}

// result is how calls answer: a number, or what errno is to be, negative.
func result(n int, errno drill.Errno) C.long {
	if errno != 0 {
		return C.long(-errno)
	}
	return C.long(n)
}

// bytesOf gives the memory at p; nil when p is none, whatever n says.
func bytesOf(p unsafe.Pointer, n C.size_t) []byte {
	if p == nil || n > 1<<30 {
		return nil
	}
	return unsafe.Slice((*byte)(p), int(n))
}

// vectors gives the memory that an array of struct iovec speaks of. False: one has a length and no place, which a
// kernel finds out when it touches it.
func vectors(v *C.struct_iovec, n C.int) (all [][]byte, ok bool) {
	if v == nil {
		return nil, n == 0
	}
	for _, one := range unsafe.Slice(v, int(n)) {
		if p := bytesOf(one.iov_base, one.iov_len); p != nil || one.iov_len == 0 {
			all = append(all, p)
		} else {
			return nil, false
		}
	}
	return all, true
}

//export drillInit
func drillInit(f *C.char) { flags = C.GoString(f) }

//export drillSocket
func drillSocket(family, kind, protocol C.int) C.long {
	return result(world().Socket(int(family), int(kind), int(protocol)))
}

//export drillBind
func drillBind(fd C.int, addr unsafe.Pointer, n C.size_t) C.long {
	return result(0, world().Bind(int(fd), bytesOf(addr, n)))
}

//export drillListen
func drillListen(fd, backlog C.int) C.long { return result(0, world().Listen(int(fd), int(backlog))) }

//export drillAccept
func drillAccept(fd C.int, addr unsafe.Pointer, n *C.uint, who C.int) C.long {
	conn, peer, errno := world().Accept(int(fd), drill.Caller(who))
	if errno == 0 && addr != nil && n != nil {
		copy(bytesOf(addr, C.size_t(*n)), peer)
		*n = C.uint(len(peer))
	}
	return result(conn, errno)
}

//export drillConnect
func drillConnect(fd C.int, addr unsafe.Pointer, n C.size_t, who C.int) C.long {
	return result(0, world().Connect(int(fd), bytesOf(addr, n), drill.Caller(who)))
}

//export drillRead
func drillRead(fd C.int, v *C.struct_iovec, n, options, who C.int) C.long {
	all, ok := vectors(v, n)
	if !ok {
		return result(-1, drill.EFAULT)
	}
	return result(world().Read(int(fd), all, int(options), drill.Caller(who)))
}

//export drillWrite
func drillWrite(fd C.int, v *C.struct_iovec, n, options, who C.int) C.long {
	all, ok := vectors(v, n)
	if !ok {
		return result(-1, drill.EFAULT)
	}
	return result(world().Write(int(fd), all, int(options), drill.Caller(who)))
}

//export drillFcntl
func drillFcntl(fd, cmd, arg C.int) C.long {
	return result(world().Fcntl(int(fd), int(cmd), int(arg)))
}

//export drillIoctl
func drillIoctl(fd C.int, request C.ulong, value *C.int) C.long {
	n, errno := world().Ioctl(int(fd), int(request))
	if errno == 0 {
		*value = C.int(n)
	}
	return result(0, errno)
}

//export drillClose
func drillClose(fd C.int) C.long { return result(0, world().Close(int(fd))) }

//export drillShutdown
func drillShutdown(fd, how C.int) C.long { return result(0, world().Shutdown(int(fd), int(how))) }

//export drillGetsockopt
func drillGetsockopt(fd, level, name C.int, value unsafe.Pointer, n *C.uint) C.long {
	b, errno := world().Getsockopt(int(fd), int(level), int(name))
	if errno == 0 {
		*n = C.uint(copy(bytesOf(value, C.size_t(*n)), b))
	}
	return result(0, errno)
}

//export drillSetsockopt
func drillSetsockopt(fd, level, name C.int, value unsafe.Pointer, n C.size_t) C.long {
	return result(0, world().Setsockopt(int(fd), int(level), int(name), bytesOf(value, n)))
}

//export drillPoll
func drillPoll(p *C.struct_pollfd, n C.ulong, timeout, who C.int) C.long {
	c := unsafe.Slice(p, int(n))
	fds := make([]drill.PollFD, len(c))
	for i := range c {
		fds[i] = drill.PollFD{FD: int(c[i].fd), Events: int(c[i].events)}
	}
	ready, errno := world().Poll(fds, time.Duration(timeout)*time.Millisecond, drill.Caller(who))
	for i := range c {
		c[i].revents = C.short(fds[i].Revents)
	}
	return result(ready, errno)
}

//export drillInject
func drillInject(p unsafe.Pointer, n C.size_t) { world().Inject(bytesOf(p, n)) }

//export drillReceive
func drillReceive(p unsafe.Pointer, n *C.size_t, at *C.longlong) C.long {
	b, when, ok := world().Receive()
	if !ok {
		os.Stderr.WriteString("smoltls: nothing will ever leave: no timer runs\n")
		os.Exit(1)
	}
	*n = C.size_t(copy(bytesOf(p, *n), b))
	*at = C.longlong(when.UnixMicro())
	return 0
}

//export drillSleep
func drillSleep(microseconds C.uint) {
	world().Sleep(time.Duration(microseconds) * time.Microsecond)
}

//export drillNow
func drillNow() C.longlong { return C.longlong(world().Now().UnixMicro()) }
