package kernel

import (
	"fmt"
	"os"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// offloads are what ethtool switches (linux/ethtool.h), in an order in which each may be switched off.
var offloads = []struct {
	name string
	set  uint32
}{
	{"tso", unix.ETHTOOL_STSO}, {"gso", unix.ETHTOOL_SGSO}, {"gro", unix.ETHTOOL_SGRO}, {"tx checksum", unix.ETHTOOL_STXCSUM},
}

// ethtoolValue is struct ethtool_value.
type ethtoolValue struct{ cmd, data uint32 }

// ethtoolRequest is struct ifreq with its union used as a pointer.
type ethtoolRequest struct {
	name [unix.IFNAMSIZ]byte
	data unsafe.Pointer
	_    [16]byte
}

// switchOffloadsOff makes the interface carry packets no larger than its MTU, with checksums computed and verified.
func switchOffloadsOff(name string) error {
	sock, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return os.NewSyscallError("socket", err)
	}
	defer unix.Close(sock)
	for _, o := range offloads {
		value := ethtoolValue{o.set, 0}
		if err := ethtool(sock, name, &value); err != nil {
			return fmt.Errorf("switching %s of %s off: %w", o.name, name, err)
		}
	}
	return nil
}

func ethtool(sock int, name string, value *ethtoolValue) error {
	req := ethtoolRequest{data: unsafe.Pointer(value)}
	copy(req.name[:unix.IFNAMSIZ-1], name)
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(sock), unix.SIOCETHTOOL, uintptr(unsafe.Pointer(&req)))
	runtime.KeepAlive(value)
	if errno != 0 {
		return os.NewSyscallError("ioctl", errno)
	}
	return nil
}
