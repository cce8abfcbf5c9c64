package phy

import (
	"os"

	"golang.org/x/sys/unix"
)

// openVnet opens the interface so that each frame has a virtio-net header before it (IFF_VNET_HDR), and asks the kernel
// to leave us checksums and the cutting of super-segments (TUNSETOFFLOAD; linux/if_tun.h). water can do neither.
func openVnet(m Medium, name *string, o TunTapOptions) (fd int, granted Offload, err error) {
	if fd, err = unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0); err != nil {
		return -1, 0, os.NewSyscallError("open", err)
	}
	if granted, err = attachVnet(fd, m, name, o); err != nil {
		unix.Close(fd)
		return -1, 0, err
	}
	return fd, granted, nil
}

func attachVnet(fd int, m Medium, name *string, o TunTapOptions) (Offload, error) {
	if features, err := unix.IoctlGetUint32(fd, unix.TUNGETFEATURES); err != nil || features&unix.IFF_VNET_HDR == 0 {
		return 0, os.NewSyscallError("the driver has no offload", unix.EOPNOTSUPP)
	}
	flags := uint16(unix.IFF_TUN)
	if m == MediumEthernet {
		flags = unix.IFF_TAP
	}
	flags |= unix.IFF_NO_PI | unix.IFF_VNET_HDR
	if o.MultiQueue {
		flags |= unix.IFF_MULTI_QUEUE
	}
	r, err := unix.NewIfreq(*name)
	if err != nil {
		return 0, err
	}
	r.SetUint16(flags)
	if err := unix.IoctlIfreq(fd, unix.TUNSETIFF, r); err != nil {
		return 0, os.NewSyscallError("attach", err)
	}
	if err := plainHeader(fd); err != nil {
		return 0, err
	}
	granted, err := grantOffload(fd)
	if err != nil {
		return 0, err
	}
	if o.Persist {
		if err := unix.IoctlSetInt(fd, unix.TUNSETPERSIST, 1); err != nil {
			return 0, os.NewSyscallError("keep", err)
		}
	}
	*name = r.Name()
	return granted, nil
}

// plainHeader has the kernel put the header that vnethdr.go knows before frames: a persistent interface still has the
// size and the byte order of whoever had it open before.
func plainHeader(fd int) error {
	if err := unix.IoctlSetPointerInt(fd, unix.TUNSETVNETHDRSZ, vnetHeaderLen); err != nil {
		return os.NewSyscallError("header size", err)
	}
	for _, order := range []uint{unix.TUNSETVNETLE, unix.TUNSETVNETBE} { // neither: the machine's. A kernel that does not know the one can't have it set.
		if err := unix.IoctlSetPointerInt(fd, order, 0); err != nil && err != unix.EINVAL {
			return os.NewSyscallError("header byte order", err)
		}
	}
	return nil
}

// grantOffload asks for as much as the kernel does: old ones lack parts of it.
func grantOffload(fd int) (Offload, error) {
	var err error
	for _, want := range []struct {
		flags   int
		granted Offload
	}{
		{unix.TUN_F_CSUM | unix.TUN_F_TSO4 | unix.TUN_F_TSO6 | unix.TUN_F_TSO_ECN, OffloadChecksum | OffloadTSO4 | OffloadTSO6 | OffloadECN},
		{unix.TUN_F_CSUM | unix.TUN_F_TSO4 | unix.TUN_F_TSO6, OffloadChecksum | OffloadTSO4 | OffloadTSO6},
		{unix.TUN_F_CSUM, OffloadChecksum},
	} {
		if err = unix.IoctlSetInt(fd, unix.TUNSETOFFLOAD, want.flags); err == nil {
			return want.granted, nil
		}
	}
	return 0, os.NewSyscallError("offload", err)
}

// receiveSuper gives the next frame of whatever form. What the kernel says of a frame and can't be true is not
// believed.
func (q *tunTapQueue) receiveSuper() (frame []byte, info FrameInfo, err error) {
	if q.cut.pending() { // its rest lies where the next frame would go
		return q.cut.next(), info, nil
	}
	b, err := q.read()
	if b == nil || q.hdr == 0 {
		return b, info, err
	}
	frame = b[min(vnetHeaderLen, len(b)):]
	info, _ = parseVnetHeader(b, len(frame))
	return frame, info, nil
}

// receive gives the next ordinary frame.
func (q *tunTapQueue) receive() ([]byte, error) {
	if q.hdr == 0 {
		return q.read()
	}
	return q.cut.receive(q.medium, q)
}
