package phy

import (
	"net/netip"
	"time"
)

// TunTapOptions says how to open an interface of the operating system. The zero value opens or
// creates one that goes away with us unless it was there before.
type TunTapOptions struct {
	// MTU is the largest IP packet in bytes that the interface is to carry, MinMTU..MaxMTU.
	// Zero leaves the interface's own. Only on Linux.
	MTU int
	// Persist keeps the interface when it is closed. Only on Linux. An interface that was there
	// before stays in any case, except one opened with MultiQueue.
	Persist bool
	// MultiQueue lets the interface be opened several times, also by other programs; the kernel
	// deals the traffic out by flow. Only on Linux.
	MultiQueue bool
	// Offload asks the system for super-segments and partial checksums: see Offloader. Where it has none the interface
	// is opened without; TunTap.Offload tells. With MultiQueue all who open the interface must ask for the same. Only
	// on Linux.
	Offload bool
	// Spin bounds how long Wait looks for a frame again and again before it sleeps, when those before came so soon that
	// this is cheaper than to sleep and be woken: see Wait. Zero: DefaultSpin; negative: never. Only on Linux.
	Spin time.Duration
	// Network is the IPv4 address and network of the host's side, which the Windows driver wants
	// to know when a TUN is opened. Other systems ignore it: see ConfigureHost.
	Network netip.Prefix
}

// TunTap is a TAP (Ethernet) or TUN (bare IP) interface of the operating system: what the kernel
// sends through the interface is received here, and the other way round.
type TunTap struct {
	name    string
	medium  Medium
	mtu     int
	offload Offload
	queue   tunTapQueue
}

// OpenTAP opens the TAP interface of this name, and creates it if there is none; an empty name lets
// the system choose one. It runs on Linux, and on Windows with OpenVPN's TAP driver.
//
// The error is an *OpenError; it wraps one of ErrName, ErrNoPrivilege, ErrDeviceBusy, ErrNoDriver,
// ErrOtherKind and errors.ErrUnsupported when that is the reason.
func OpenTAP(name string, o TunTapOptions) (*TunTap, error) {
	return openTunTap(MediumEthernet, name, o)
}

// OpenTUN is OpenTAP for TUN interfaces. It runs on Linux, on Darwin (where names are utun0,
// utun1, ...), and on Windows with OpenVPN's TAP driver.
func OpenTUN(name string, o TunTapOptions) (*TunTap, error) {
	return openTunTap(MediumIP, name, o)
}

func openTunTap(m Medium, name string, o TunTapOptions) (*TunTap, error) {
	if o.MTU != 0 && (o.MTU < MinMTU || o.MTU > MaxMTU) {
		return nil, &OpenError{Medium: m, Name: name, Reason: ErrMTU}
	}
	t := &TunTap{name: name, medium: m}
	if err := t.open(o); err != nil {
		return nil, err
	}
	return t, nil
}

// Name is the interface's name in the operating system.
func (t *TunTap) Name() string { return t.name }

// Medium implements Device: MediumEthernet for a TAP, MediumIP for a TUN.
func (t *TunTap) Medium() Medium { return t.medium }

// MTU implements Device. It is the system's figure at the time the interface was opened.
func (t *TunTap) MTU() int { return t.mtu }

// Receive implements Device. The error wraps ErrClosed when the interface was removed.
func (t *TunTap) Receive(time.Time) ([]byte, error) { return t.queue.receive() }

// Buffer implements Device.
func (t *TunTap) Buffer(n int) []byte {
	if n < 1 || n > t.mtu+t.medium.HeaderLen() {
		return nil
	}
	return t.queue.buffer(n)
}

// Send implements Device. ErrLinkDown says that the host's side is not up, ErrRefused that the
// kernel would not take this frame; later ones may go.
func (t *TunTap) Send(_ time.Time, n int) error { return t.queue.send(n) }

// Offload implements Offloader: what the system has granted, 0 when it was not asked.
func (t *TunTap) Offload() Offload { return t.offload }

// ReceiveSuper implements Offloader.
func (t *TunTap) ReceiveSuper(time.Time) ([]byte, FrameInfo, error) { return t.queue.receiveSuper() }

// BufferSuper implements Offloader.
func (t *TunTap) BufferSuper(n int) []byte {
	if t.offload == 0 {
		return t.Buffer(n)
	}
	if n < 1 || n > MaxSuperFrame {
		return nil
	}
	return t.queue.buffer(n)
}

// SendSuper implements Offloader. Errors as of Send, and ErrFrameInfo.
func (t *TunTap) SendSuper(_ time.Time, n int, info FrameInfo) error {
	if t.offload == 0 && info != (FrameInfo{}) {
		return ErrFrameInfo
	}
	return t.queue.sendSuper(n, info)
}

// PollAt implements Device. Only the kernel knows whether a frame waits, so on Linux it is
// zero, unless Receive has cut a super-segment and not yet given all of it; Wait asks the kernel.
func (t *TunTap) PollAt() time.Time { return t.queue.pollAt() }

// Wait implements Device. On Linux it looks for a frame for up to TunTapOptions.Spin before it sleeps, as long as that
// finds one more often than not, and never with GOMAXPROCS 1: under load the frames of a burst then cost no sleep each,
// and an idle device costs nothing.
func (t *TunTap) Wait(until time.Time) error { return t.queue.wait(until) }

// Wake implements Waker.
func (t *TunTap) Wake() { t.queue.wakeUp() }

// Close implements Device. The interface goes away unless it is persistent. Close may not be called
// while Wait runs: use Wake, and close when Wait has returned.
func (t *TunTap) Close() error { return t.queue.close() }
