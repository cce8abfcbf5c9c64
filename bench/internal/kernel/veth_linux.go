package kernel

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"os"
	"syscall"

	"smoltls/phy"

	"golang.org/x/sys/unix"
)

// vethName is the name of a veth interface in its namespace.
const vethName = "veth0"

// vethInfoPeer is VETH_INFO_PEER of linux/veth.h.
const vethInfoPeer = 1

// Veth is two namespaces whose kernels meet over a veth pair.
type Veth struct {
	ends [2]*Namespace
}

// vethAddrs are the addresses of the two ends.
var vethAddrs = [2]netip.Prefix{netip.MustParsePrefix("192.0.2.1/24"), netip.MustParsePrefix("192.0.2.2/24")}

// NewVeth makes the pair, with the kernel's segmentation and checksum offloads or without any of them; both ends are
// steered if l is Apart. Errors as [NewNamespace].
func NewVeth(l Link) (*Veth, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	v := &Veth{}
	for i := range v.ends {
		ns, err := NewNamespace()
		if err != nil {
			v.Close()
			return nil, err
		}
		v.ends[i] = ns
	}
	err := v.ends[0].Do(func() error { return addVeth(v.ends[1].file) })
	for i, ns := range v.ends {
		if err == nil {
			err = ns.Do(func() error { return configureVeth(vethAddrs[i], l.Offload) })
		}
		if err == nil && l.Apart {
			err = ns.steer(vethName)
		}
	}
	if err != nil {
		v.Close()
		return nil, err
	}
	return v, nil
}

// Close removes the pair.
func (v *Veth) Close() {
	for _, ns := range v.ends {
		if ns != nil {
			ns.Close()
		}
	}
}

func configureVeth(addr netip.Prefix, offload bool) error {
	if !offload {
		if err := switchOffloadsOff(vethName); err != nil {
			return err
		}
	}
	return phy.ConfigureHost(vethName, addr)
}

// addVeth makes a veth interface here and its other end in another namespace (rtnetlink(7), RTM_NEWLINK).
func addVeth(other *os.File) error {
	var far []byte
	far = append(far, make([]byte, unix.SizeofIfInfomsg)...)
	far = attribute(far, unix.IFLA_IFNAME, []byte(vethName+"\x00"))
	far = attribute(far, unix.IFLA_NET_NS_FD, binary.NativeEndian.AppendUint32(nil, uint32(other.Fd())))

	info := attribute(nil, unix.IFLA_INFO_KIND, []byte("veth"))
	info = attribute(info, unix.IFLA_INFO_DATA, attribute(nil, vethInfoPeer, far))

	m := make([]byte, unix.SizeofIfInfomsg)
	m = attribute(m, unix.IFLA_IFNAME, []byte(vethName+"\x00"))
	m = attribute(m, unix.IFLA_LINKINFO, info)
	return netlink(unix.RTM_NEWLINK, unix.NLM_F_CREATE|unix.NLM_F_EXCL, m)
}

// attribute appends a struct rtattr, padded to a multiple of 4 bytes.
func attribute(m []byte, kind uint16, value []byte) []byte {
	m = binary.NativeEndian.AppendUint16(m, uint16(unix.SizeofRtAttr+len(value)))
	m = binary.NativeEndian.AppendUint16(m, kind)
	m = append(m, value...)
	return append(m, make([]byte, -len(value)&3)...)
}

// netlink sends one request of rtnetlink and gives the errno of its acknowledgement.
func netlink(kind, flags uint16, body []byte) error {
	sock, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_ROUTE)
	if err != nil {
		return os.NewSyscallError("netlink socket", err)
	}
	defer unix.Close(sock)
	m := binary.NativeEndian.AppendUint32(nil, uint32(unix.SizeofNlMsghdr+len(body)))
	m = binary.NativeEndian.AppendUint16(m, kind)
	m = binary.NativeEndian.AppendUint16(m, unix.NLM_F_REQUEST|unix.NLM_F_ACK|flags)
	m = append(m, 1, 0, 0, 0, 0, 0, 0, 0) // sequence number; to the kernel
	m = append(m, body...)
	if err := unix.Sendto(sock, m, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return os.NewSyscallError("netlink send", err)
	}
	reply := make([]byte, 4096)
	n, _, err := unix.Recvfrom(sock, reply, 0)
	if err != nil {
		return os.NewSyscallError("netlink receive", err)
	}
	if n < unix.SizeofNlMsghdr+4 || binary.NativeEndian.Uint16(reply[4:]) != unix.NLMSG_ERROR {
		return fmt.Errorf("netlink: an answer of %d bytes that is no acknowledgement", n)
	}
	if errno := -int32(binary.NativeEndian.Uint32(reply[unix.SizeofNlMsghdr:])); errno != 0 {
		return os.NewSyscallError("netlink", syscall.Errno(errno))
	}
	return nil
}
