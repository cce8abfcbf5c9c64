package phy

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// errOtherSysfs: a name that is the interface's here belongs to another one, or to none, there.
var errOtherSysfs = errors.New("the sysfs at /sys is not that of this network namespace (ip netns exec mounts the right one)")

func steerHost(name string, cpu int) error {
	link, err := net.InterfaceByName(name)
	if err != nil {
		return err
	}
	dir := filepath.Join("/sys/class/net", link.Name)
	if !describes(dir, link) {
		return errOtherSysfs
	}
	queues, err := filepath.Glob(filepath.Join(dir, "queues/rx-*/rps_cpus"))
	if err != nil {
		return err
	}
	if len(queues) == 0 {
		return fmt.Errorf("the kernel was built without receive packet steering: %w", errors.ErrUnsupported)
	}
	for _, q := range queues {
		err := os.WriteFile(q, []byte(cpuMask(cpu)), 0)
		if errors.Is(err, fs.ErrPermission) {
			return fmt.Errorf("%w: %w; run as root", ErrNoPrivilege, err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// describes reports whether a folder of sysfs is link's.
func describes(dir string, link *net.Interface) bool {
	index, err := os.ReadFile(filepath.Join(dir, "ifindex"))
	if err != nil || strings.TrimSpace(string(index)) != strconv.Itoa(link.Index) {
		return false
	}
	addr, err := os.ReadFile(filepath.Join(dir, "address"))
	return err == nil && (len(link.HardwareAddr) == 0 || strings.TrimSpace(string(addr)) == link.HardwareAddr.String())
}
