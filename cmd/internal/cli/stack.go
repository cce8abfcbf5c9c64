package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
)

// Stack is a device with everything the flags put on it, the interface on it, and its TLS sockets.
type Stack struct {
	Dev    phy.Device
	Ifc    *iface.Interface
	TLS    *set.TLSSocketSet
	KeyLog io.Writer // for tlssock.Config.KeyLogWriter; nil when nobody asked

	interrupted atomic.Bool
	closers     []io.Closer
}

// Open opens the device that the flags name and makes the stack that they describe.
func (c *Common) Open(env *Env) (*Stack, error) {
	dev, err := env.Open(c, env.Stderr)
	if err != nil {
		return nil, err
	}
	return c.OpenOn(dev)
}

// OpenOn is Open on a device that is there already; Close closes it.
func (c *Common) OpenOn(dev phy.Device) (*Stack, error) {
	st := &Stack{Dev: dev, closers: []io.Closer{dev}}
	err := st.wrap(c)
	if err == nil {
		st.Ifc, err = iface.New(iface.Config{Device: st.Dev, Addrs: c.Addrs, Gateway: c.Gateway})
	}
	if err != nil {
		st.Close()
		return nil, err
	}
	st.TLS = set.NewTLS(st.Ifc, set.Limits{})
	return st, nil
}

// wrap puts the faults on the device, and the capture over them: it shows what we see.
func (st *Stack) wrap(c *Common) error {
	if c.Drop > 0 || c.Corrupt > 0 {
		faults := phy.Impairment{Drop: c.Drop, Corrupt: c.Corrupt}
		st.Dev = phy.Fault(st.Dev, phy.FaultConfig{Seed: c.Seed, In: faults, Out: faults})
	}
	var logs []io.Writer
	if c.Pcap != "" {
		f, err := os.OpenFile(c.Pcap, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) // it has the secrets in it
		if err != nil {
			return fmt.Errorf("-pcap: %w", err)
		}
		capture, err := phy.Capture(st.Dev, f, phy.CaptureOptions{})
		if err != nil {
			f.Close()
			return fmt.Errorf("-pcap: %w", err)
		}
		st.Dev = capture
		st.closers = []io.Closer{capture, f}
		logs = append(logs, capture.KeyLog())
	}
	if c.KeyLog != "" {
		f, err := os.OpenFile(c.KeyLog, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
		if err != nil {
			return fmt.Errorf("-keylog: %w", err)
		}
		st.closers = append(st.closers, f)
		logs = append(logs, f)
	}
	if len(logs) > 0 {
		st.KeyLog = io.MultiWriter(logs...)
	}
	return nil
}

// Poll advances everything that is there to advance at this moment. A frame that the kernel has refused is lost as others are on their way: TCP
// sends it again.
func (st *Stack) Poll() error {
	if err := set.Poll(time.Now(), st.Ifc, nil, st.TLS); !errors.Is(err, phy.ErrRefused) {
		return err
	}
	return nil
}

// Wait sleeps until there is something to poll for: a frame, a deadline, Wake, or until, if it is not zero.
func (st *Stack) Wait(until time.Time) error {
	at := set.PollAt(time.Now(), st.Ifc, nil, st.TLS)
	if at.IsZero() || !until.IsZero() && until.Before(at) {
		at = until
	}
	if err := st.Dev.Wait(at); err != nil && !errors.Is(err, phy.ErrNeverWakes) {
		return err
	}
	return nil
}

// Wake ends the Wait that is running, or else the next one. It may be called from any goroutine.
func (st *Stack) Wake() {
	if w, ok := st.Dev.(phy.Waker); ok {
		w.Wake()
	}
}

// Interrupt asks the main loop to end. It may be called from any goroutine.
func (st *Stack) Interrupt() {
	st.interrupted.Store(true)
	st.Wake()
}

// Interrupted reports whether the main loop has been asked to end.
func (st *Stack) Interrupted() bool { return st.interrupted.Load() }

// drainTime is how long Drain goes on for peers that do not answer.
const drainTime = 3 * time.Second

// Drain polls, once at least, until every removed connection has sent what it has to send, or drainTime has passed.
func (st *Stack) Drain() error {
	end := time.Now().Add(drainTime)
	for {
		if err := st.Poll(); err != nil {
			return err
		}
		if st.TLS.Lingering() == 0 || !time.Now().Before(end) {
			return nil
		}
		if err := st.Wait(end); err != nil {
			return err
		}
	}
}

// Close ends the device and what was put on it, and gives the first error, such as that of a capture that could not be written. Closing twice does
// nothing.
func (st *Stack) Close() error {
	var first error
	for _, c := range st.closers {
		if err := c.Close(); err != nil && first == nil {
			first = err
		}
	}
	st.closers = nil
	return first
}
