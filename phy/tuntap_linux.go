package phy

import (
	"errors"
	"fmt"
	"os"
	"strings"
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

	sleeper sleeper
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
	_, err := linkMTU(t.name)
	there := err == nil
	if there && !o.MultiQueue {
		o.Persist = true
	}
	fd, offload, err := t.openQueue(o)
	if err != nil {
		return fail(openReason(err), err)
	}
	if reason, err := t.adopt(fd, offload, o); err != nil {
		if !there {
			unix.IoctlSetInt(fd, unix.TUNSETPERSIST, 0) // nobody knows of it
		}
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

// openWater opens the interface by water, and gives a descriptor of our own: water's is registered with Go's poller,
// which would be woken for every frame although nobody waits there.
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
	if err = q.sleeper.init(fd, o.Spin); err != nil {
		return err
	}
	q.fd, q.name, q.medium, q.frameMax = fd, t.name, t.medium, t.mtu+t.medium.HeaderLen()
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

func (q *tunTapQueue) pollAt() time.Time {
	if q.cut.pending() {
		return Immediate
	}
	return time.Time{}
}

func (q *tunTapQueue) close() error {
	if q.closed {
		return nil
	}
	q.closed = true
	q.sleeper.close()
	if q.alone { // whoever opens it next may not know the header
		unix.IoctlSetInt(q.fd, unix.TUNSETOFFLOAD, 0)
	}
	return os.NewSyscallError("close", unix.Close(q.fd))
}
