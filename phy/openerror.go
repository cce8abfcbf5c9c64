package phy

import "errors"

// Reasons why an interface of the operating system can't be opened or used.
var (
	// ErrName: the name is too long or has characters that the system forbids.
	ErrName = errors.New("the name is not one an interface can have")
	// ErrMTU: the MTU asked for is not in MinMTU..MaxMTU or the interface does not take it.
	ErrMTU = errors.New("the interface can't have that MTU")
	// ErrNoPrivilege: the system does not let us.
	ErrNoPrivilege = errors.New("no privilege")
	// ErrDeviceBusy: somebody else has the interface open.
	ErrDeviceBusy = errors.New("another program holds the interface")
	// ErrNoDriver: the system has no TUN/TAP driver.
	ErrNoDriver = errors.New("the system has no TUN/TAP driver")
	// ErrOtherKind: an interface of that name exists and is not of the kind asked for.
	ErrOtherKind = errors.New("an interface of that name exists and is of another kind")
	// ErrLinkDown: the host's side of the interface is not up.
	ErrLinkDown = errors.New("phy: the interface is down: bring up the host's side")
	// ErrRefused: the kernel did not take a frame.
	ErrRefused = errors.New("phy: the kernel refused the frame")
)

// OpenError says in one line why an interface was not opened and what to do about it. errors.Is
// finds its Reason and the system's error under it.
type OpenError struct {
	Medium Medium // what was to be opened: MediumEthernet a TAP, MediumIP a TUN
	Name   string // the interface's name, empty when the system was to choose
	Reason error  // one of the errors above, errors.ErrUnsupported, or nil when it is none of them
	Err    error  // what the system said; may be nil
}

// advice says what to do about a reason.
var advice = map[error]string{
	ErrName:               "use 1 to 15 characters without space, '/' or ':'",
	ErrMTU:                "use 68 to 65535, and on IPv6 networks at least 1280",
	ErrNoPrivilege:        "run as root or with CAP_NET_ADMIN, or have the interface made beforehand with 'ip tuntap add' and its 'user' option",
	ErrDeviceBusy:         "close that program or choose another name",
	ErrNoDriver:           "load it ('modprobe tun'; in a container, pass the device /dev/net/tun in; on Windows install OpenVPN's TAP driver)",
	ErrQueues:             "use 1 to 256",
	ErrOtherKind:          "choose another name, or delete that interface",
	errors.ErrUnsupported: "TAP works on Linux and Windows, TUN on Linux, Darwin and Windows",
}

// Error is one line: what could not be opened, why, and what to do about it.
func (e *OpenError) Error() string {
	s := "phy: open TAP"
	if e.Medium == MediumIP {
		s = "phy: open TUN"
	}
	if e.Name != "" {
		s += " " + e.Name
	}
	if e.Reason != nil {
		s += ": " + e.Reason.Error()
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	if a := advice[e.Reason]; a != "" {
		s += "; " + a
	}
	return s
}

// Unwrap gives errors.Is and errors.As the reason and the system's error.
func (e *OpenError) Unwrap() []error {
	var errs []error
	for _, err := range []error{e.Reason, e.Err} {
		if err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}
