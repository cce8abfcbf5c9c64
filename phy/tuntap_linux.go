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

// tunTapQueue reads and writes the interface's descriptor directly.
type tunTapQueue struct {
	name   string
	medium Medium
	fd     int
	closed bool
	rx, tx []byte
	asked  int // length of the Buffer that waits for its Send, or 0

	frameMax int     // of an ordinary frame
	offload  Offload // 0: hdr is, too
	hdr      int     // bytes of the virtio-net header before each frame
	alone    bool    // nobody else reads what the kernel does for offload
	cut      cutter

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
	fd, offload, err := t.openQueue(o)
	if err != nil {
		return fail(openReason(err), err)
	}
	if reason, err := t.adopt(fd, offload, o); err != nil {
		unix.Close(fd)
		return fail(reason, err)
	}
	return nil
}

// openQueue opens the interface, with offload if that is asked for and the kernel grants it.
func (t *TunTap) openQueue(o TunTapOptions) (fd int, granted Offload, err error) {
	if o.Offload {
		if fd, granted, err = openVnet(t.medium, &t.name, o); err == nil {
			return fd, granted, nil
		}
	}
	fd, err = openWater(t.medium, &t.name, o)
	return fd, 0, err
}

// adopt makes t the interface that was opened.
func (t *TunTap) adopt(fd int, offload Offload, o TunTapOptions) (reason, err error) {
	if o.MTU != 0 {
		if err := setLinkMTU(t.name, o.MTU); err != nil {
			return ErrMTU, err
		}
	}
	if t.mtu, err = linkMTU(t.name); err != nil {
		return nil, err
	}
	t.mtu, t.offload = min(t.mtu, MaxMTU), offload
	return nil, t.queue.init(fd, t, o)
}

// openWater opens the interface by water, and gives a descriptor of our own: water's is registered with Go's poller, which would be woken for every frame although
// nobody waits there.
func openWater(m Medium, name *string, o TunTapOptions) (fd int, err error) {
	kind := water.DeviceType(water.TUN)
	if m == MediumEthernet {
		kind = water.TAP
	}
	ifc, err := water.New(water.Config{
		DeviceType:             kind,
		PlatformSpecificParams: water.PlatformSpecificParams{Name: *name, Persist: o.Persist, MultiQueue: o.MultiQueue},
	})
	if err != nil {
		return -1, err
	}
	defer ifc.Close()
	*name = ifc.Name()
	file, ok := ifc.ReadWriteCloser.(*os.File)
	if !ok {
		return -1, fmt.Errorf("interface is a %T, not a file", ifc.ReadWriteCloser)
	}
	raw, err := file.SyscallConn()
	if err != nil {
		return -1, err
	}
	var dupErr error
	if err := raw.Control(func(theirs uintptr) { fd, dupErr = unix.FcntlInt(theirs, unix.F_DUPFD_CLOEXEC, 0) }); err != nil {
		return -1, err
	}
	if dupErr == nil && !o.MultiQueue {
		unix.IoctlSetInt(fd, unix.TUNSETOFFLOAD, 0) // who had it open before may have left some, and we could not read what comes of it
	}
	return fd, os.NewSyscallError("dup", dupErr)
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

func (q *tunTapQueue) init(fd int, t *TunTap, o TunTapOptions) (err error) {
	if q.wakeFD, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		return os.NewSyscallError("eventfd", err)
	}
	q.fd, q.name, q.medium, q.frameMax = fd, t.name, t.medium, t.mtu+t.medium.HeaderLen()
	q.poll = [2]unix.PollFd{{Fd: int32(q.fd), Events: unix.POLLIN}, {Fd: int32(q.wakeFD), Events: unix.POLLIN}}
	longest := q.frameMax
	if t.offload != 0 {
		q.offload, q.hdr, longest = t.offload, vnetHeaderLen, MaxSuperFrame
		q.alone = !o.MultiQueue
	}
	// The MTU may be raised while we run, and read(2) would cut a frame without a word.
	q.rx = make([]byte, q.hdr+MaxSuperFrame)
	q.tx = make([]byte, q.hdr+longest)
	return nil
}

// read takes the next frame from the kernel, with the header before it, if there is one; nil when none waits.
func (q *tunTapQueue) read() ([]byte, error) {
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
	return q.tx[q.hdr : q.hdr+n : q.hdr+n]
}

func (q *tunTapQueue) send(n int) error { return q.sendSuper(n, FrameInfo{}) }

func (q *tunTapQueue) sendSuper(n int, info FrameInfo) error {
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
	if q.hdr > 0 {
		if err := q.offload.fits(n, q.frameMax, &info); err != nil {
			return err
		}
		putVnetHeader(q.tx, &info)
	}
	return q.write(q.tx[:q.hdr+n])
}

func (q *tunTapQueue) write(b []byte) error {
	for {
		_, err := unix.Write(q.fd, b)
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
	if q.alone { // whoever opens it next may not know the header
		unix.IoctlSetInt(q.fd, unix.TUNSETOFFLOAD, 0)
	}
	return os.NewSyscallError("close", unix.Close(q.fd))
}
