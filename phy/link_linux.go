package phy

import (
	"os"

	"golang.org/x/sys/unix"
)

// linkMTU asks the kernel for an interface's MTU; an error says there is no such interface.
func linkMTU(name string) (int, error) {
	var mtu int
	err := withIfreq(name, func(sock int, r *unix.Ifreq) error {
		err := unix.IoctlIfreq(sock, unix.SIOCGIFMTU, r)
		mtu = int(r.Uint32())
		return err
	})
	return mtu, os.NewSyscallError("read the MTU", err)
}

func setLinkMTU(name string, mtu int) error {
	err := withIfreq(name, func(sock int, r *unix.Ifreq) error {
		r.SetUint32(uint32(mtu))
		return unix.IoctlIfreq(sock, unix.SIOCSIFMTU, r)
	})
	return os.NewSyscallError("set the MTU", err)
}

// withIfreq runs an ioctl on the interface through a socket, of the network namespace we are in.
func withIfreq(name string, f func(sock int, r *unix.Ifreq) error) error {
	r, err := unix.NewIfreq(name)
	if err != nil {
		return err
	}
	sock, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(sock)
	return f(sock, r)
}
