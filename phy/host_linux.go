package phy

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

func configureHost(name string, prefix netip.Prefix) error {
	fail := func(op string, err error) error {
		if errors.Is(err, unix.EPERM) {
			err = fmt.Errorf("%w: %w; run as root or with CAP_NET_ADMIN", ErrNoPrivilege, err)
		}
		return &HostError{Name: name, Op: op, Err: err}
	}
	var index uint32
	err := withIfreq(name, func(sock int, r *unix.Ifreq) error {
		err := unix.IoctlIfreq(sock, unix.SIOCGIFINDEX, r)
		index = r.Uint32()
		return err
	})
	if err != nil {
		return fail("find the interface", err)
	}
	// Up first: an IPv6 address of an interface that is down waits for it tentatively.
	if err := netlink(linkUpRequest(index)); err != nil {
		return fail("bring up the interface", err)
	}
	if err := netlink(addressRequest(index, prefix)); err != nil {
		if errors.Is(err, unix.EACCES) && prefix.Addr().Is6() {
			err = fmt.Errorf("IPv6 is switched off (sysctl net.ipv6.conf.all.disable_ipv6): %w", err)
		}
		return fail("set the address "+prefix.String(), err)
	}
	return nil
}

// linkUpRequest is an RTM_NEWLINK message that sets IFF_UP (rtnetlink(7)).
func linkUpRequest(index uint32) []byte {
	m := beginNetlink(unix.RTM_NEWLINK, 0)
	m = append(m, unix.AF_UNSPEC, 0)
	m = binary.NativeEndian.AppendUint16(m, 0) // device type: any
	m = binary.NativeEndian.AppendUint32(m, index)
	m = binary.NativeEndian.AppendUint32(m, unix.IFF_UP) // flags
	m = binary.NativeEndian.AppendUint32(m, unix.IFF_UP) // which of them change
	return endNetlink(m)
}

// addressRequest is an RTM_NEWADDR message that adds the address, or finds it there (rtnetlink(7)).
func addressRequest(index uint32, prefix netip.Prefix) []byte {
	addr := prefix.Addr().Unmap()
	family, flags := byte(unix.AF_INET), uint32(unix.IFA_F_PERMANENT)
	if addr.Is6() {
		family, flags = unix.AF_INET6, unix.IFA_F_PERMANENT|unix.IFA_F_NODAD
	}
	m := beginNetlink(unix.RTM_NEWADDR, unix.NLM_F_CREATE|unix.NLM_F_REPLACE)
	m = append(m, family, byte(prefix.Bits()), byte(flags), unix.RT_SCOPE_UNIVERSE)
	m = binary.NativeEndian.AppendUint32(m, index)
	m = appendAttribute(m, unix.IFA_LOCAL, addr.AsSlice())
	m = appendAttribute(m, unix.IFA_ADDRESS, addr.AsSlice())
	m = appendAttribute(m, unix.IFA_FLAGS, binary.NativeEndian.AppendUint32(nil, flags))
	return endNetlink(m)
}

// beginNetlink starts a request that asks for an acknowledgement (netlink(7), struct nlmsghdr).
func beginNetlink(kind, flags uint16) []byte {
	m := make([]byte, 4, 128) // length, set by endNetlink
	m = binary.NativeEndian.AppendUint16(m, kind)
	m = binary.NativeEndian.AppendUint16(m, unix.NLM_F_REQUEST|unix.NLM_F_ACK|flags)
	m = binary.NativeEndian.AppendUint32(m, 1)    // sequence number
	return binary.NativeEndian.AppendUint32(m, 0) // to the kernel
}

// appendAttribute adds a struct rtattr; every length here is a multiple of 4 and needs no padding.
func appendAttribute(m []byte, kind uint16, value []byte) []byte {
	m = binary.NativeEndian.AppendUint16(m, uint16(unix.SizeofRtAttr+len(value)))
	m = binary.NativeEndian.AppendUint16(m, kind)
	return append(m, value...)
}

func endNetlink(m []byte) []byte {
	binary.NativeEndian.PutUint32(m, uint32(len(m)))
	return m
}

// netlink sends one request to the kernel and returns what its acknowledgement says.
func netlink(request []byte) error {
	sock, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_ROUTE)
	if err != nil {
		return os.NewSyscallError("netlink socket", err)
	}
	defer unix.Close(sock)
	if err := unix.Sendto(sock, request, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return os.NewSyscallError("netlink send", err)
	}
	var reply [4096]byte
	for {
		n, _, err := unix.Recvfrom(sock, reply[:], 0)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return os.NewSyscallError("netlink receive", err)
		}
		return acknowledgement(reply[:n])
	}
}

// acknowledgement reads a struct nlmsgerr: the negated errno, 0 for success.
func acknowledgement(reply []byte) error {
	const errnoAt = unix.SizeofNlMsghdr
	if len(reply) < errnoAt+4 || binary.NativeEndian.Uint16(reply[4:]) != unix.NLMSG_ERROR {
		return errors.New("netlink: the answer is not an acknowledgement")
	}
	if errno := -int32(binary.NativeEndian.Uint32(reply[errnoAt:])); errno != 0 {
		return syscall.Errno(errno)
	}
	return nil
}
