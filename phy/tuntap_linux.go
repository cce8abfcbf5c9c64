package phy

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/songgao/water"
	"golang.org/x/sys/unix"
)

// tunTapQueue reads and writes the interface's descriptor directly. The descriptor is a duplicate of
// the one that water opened: water's is registered with Go's own poller, which would be woken for
// every frame although nobody waits there.
type tunTapQueue struct {
	name   string
	fd     int
	closed bool
	rx, tx []byte
	asked  int // length of the Buffer that waits for its Send, or 0

	poll    [2]unix.PollFd
	timeout unix.Timespec
	count   [8]byte // what is read from wakeFD

	wakeMu sync.Mutex // Wake may come from any goroutine while Close runs
	wakeFD int        // an eventfd, or -1
}

func (t *TunTap) open(o TunTapOptions) error {
	fail := func(reason, err error) error {
		return &OpenError{Medium: t.medium, Name: t.name, Reason: reason, Err: err}
	}
	if !validName(t.name) {
		return fail(ErrName, nil)
	}
	// A closed interface stays only if it was persistent: one that is there, and that we can open
	// although its queue is single, is so, and water would take that from it.
	if _, err := linkMTU(t.name); err == nil && !o.MultiQueue {
		o.Persist = true
	}
	file, err := openWater(t.medium, &t.name, o)
	if err != nil {
		return fail(openReason(err), err)
	}
	defer file.Close()
	if o.MTU != 0 {
		if err := setLinkMTU(t.name, o.MTU); err != nil {
			return fail(ErrMTU, err)
		}
	}
	if t.mtu, err = linkMTU(t.name); err != nil {
		return fail(nil, err)
	}
	t.mtu = min(t.mtu, MaxMTU)
	if err := t.queue.init(file, t.name, t.mtu+t.medium.HeaderLen()); err != nil {
		return fail(nil, err)
	}
	return nil
}

func openWater(m Medium, name *string, o TunTapOptions) (*os.File, error) {
	kind := water.DeviceType(water.TUN)
	if m == MediumEthernet {
		kind = water.TAP
	}
	ifc, err := water.New(water.Config{
		DeviceType:             kind,
		PlatformSpecificParams: water.PlatformSpecificParams{Name: *name, Persist: o.Persist, MultiQueue: o.MultiQueue},
	})
	if err != nil {
		return nil, err
	}
	*name = ifc.Name()
	file, ok := ifc.ReadWriteCloser.(*os.File)
	if !ok {
		ifc.Close()
		return nil, fmt.Errorf("interface is a %T, not a file", ifc.ReadWriteCloser)
	}
	return file, nil
}

// openReason sorts what opening /dev/net/tun and TUNSETIFF may answer (Linux, drivers/net/tun.c).
func openReason(err error) error {
	switch {
	case errors.Is(err, syscall.ENOENT), errors.Is(err, syscall.ENODEV), errors.Is(err, syscall.ENXIO):
		return ErrNoDriver
	case errors.Is(err, syscall.EPERM), errors.Is(err, syscall.EACCES):
		return ErrNoPrivilege
	case errors.Is(err, syscall.EBUSY):
		return ErrDeviceBusy
	case errors.Is(err, syscall.EINVAL):
		return ErrOtherKind
	}
	return nil
}

// validName is the kernel's rule (net/core/dev.c, dev_valid_name), where empty lets it choose, and
// so does one "%d".
func validName(name string) bool {
	if len(name) >= unix.IFNAMSIZ || name == "." || name == ".." {
		return false
	}
	return !strings.ContainsAny(name, "/: \t\n\v\f\r\x00")
}

func (q *tunTapQueue) init(file *os.File, name string, frameMax int) error {
	raw, err := file.SyscallConn()
	if err != nil {
		return err
	}
	q.fd = -1
	var dupErr error
	if err := raw.Control(func(fd uintptr) { q.fd, dupErr = unix.FcntlInt(fd, unix.F_DUPFD_CLOEXEC, 0) }); err != nil {
		return err
	}
	if dupErr != nil {
		return os.NewSyscallError("dup", dupErr)
	}
	if q.wakeFD, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		unix.Close(q.fd)
		return os.NewSyscallError("eventfd", err)
	}
	q.name = name
	q.poll = [2]unix.PollFd{{Fd: int32(q.fd), Events: unix.POLLIN}, {Fd: int32(q.wakeFD), Events: unix.POLLIN}}
	// The MTU may be raised while we run, and read(2) would cut a frame without a word.
	q.rx = make([]byte, MaxMTU+ethernetHeader)
	q.tx = make([]byte, frameMax)
	return nil
}

func (q *tunTapQueue) receive() ([]byte, error) {
	for !q.closed {
		n, err := unix.Read(q.fd, q.rx)
		switch err {
		case nil:
			return q.rx[:n:n], nil
		case unix.EINTR:
		case unix.EAGAIN:
			return nil, nil
		case unix.EBADFD: // the interface was deleted under us
			return nil, fmt.Errorf("%w: interface %s was removed", ErrClosed, q.name)
		default:
			return nil, fmt.Errorf("phy: receive on %s: %w", q.name, err)
		}
	}
	return nil, ErrClosed
}

func (q *tunTapQueue) buffer(n int) []byte {
	if q.closed {
		return nil
	}
	q.asked = n
	return q.tx[:n:n]
}

func (q *tunTapQueue) send(n int) error {
	asked := q.asked
	q.asked = 0
	switch {
	case q.closed:
		return ErrClosed
	case asked == 0:
		return ErrNoBuffer
	case n < 1 || n > asked:
		return ErrFrameLength
	}
	for {
		_, err := unix.Write(q.fd, q.tx[:n])
		switch err {
		case nil:
			return nil
		case unix.EINTR:
		case unix.EIO:
			return ErrLinkDown
		case unix.EAGAIN, unix.ENOBUFS, unix.ENOMEM, unix.EINVAL:
			return ErrRefused
		case unix.EBADFD:
			return fmt.Errorf("%w: interface %s was removed", ErrClosed, q.name)
		default:
			return fmt.Errorf("phy: send on %s: %w", q.name, err)
		}
	}
}

func (q *tunTapQueue) pollAt() time.Time { return time.Time{} }

// wait polls the descriptor itself, with the deadline as the poll's own timeout: a main loop that
// waits for one thing has no use for Go's poller.
func (q *tunTapQueue) wait(until time.Time) error {
	for !q.closed {
		var timeout *unix.Timespec
		if !until.IsZero() {
			d := time.Until(until)
			if d <= 0 {
				return nil
			}
			q.timeout = unix.NsecToTimespec(int64(d))
			timeout = &q.timeout
		}
		n, err := unix.Ppoll(q.poll[:], timeout, nil)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return fmt.Errorf("phy: wait on %s: %w", q.name, err)
		case n == 0:
			continue // the clock that was asked may lag behind the one that slept
		case q.poll[0].Revents&unix.POLLERR != 0:
			return fmt.Errorf("%w: interface %s was removed", ErrClosed, q.name)
		}
		q.clearWake()
		return nil
	}
	return ErrClosed
}

func (q *tunTapQueue) clearWake() {
	if q.poll[1].Revents&unix.POLLIN != 0 {
		unix.Read(q.wakeFD, q.count[:]) // non-blocking; nothing to do when another Wait was faster
	}
}

// wakeCount is a number other than zero in any byte order, which an eventfd adds to its counter.
var wakeCount = []byte{1, 1, 1, 1, 1, 1, 1, 1}

func (q *tunTapQueue) wakeUp() {
	q.wakeMu.Lock()
	defer q.wakeMu.Unlock()
	if q.wakeFD >= 0 {
		// The counter is full only if nobody looked at 2^64-2 wakings; then it is set as well.
		unix.Write(q.wakeFD, wakeCount)
	}
}

func (q *tunTapQueue) close() error {
	if q.closed {
		return nil
	}
	q.closed = true
	q.wakeMu.Lock()
	unix.Close(q.wakeFD)
	q.wakeFD = -1
	q.wakeMu.Unlock()
	return os.NewSyscallError("close", unix.Close(q.fd))
}
