package cli

import (
	"fmt"
	"io"
	"os"

	"smoltls/phy"
)

// Link is a device with everything the flags put on it: faults, a capture, a log of secrets.
type Link struct {
	Dev    phy.Device
	KeyLog io.Writer // for tlssock.Config.KeyLogWriter; nil when nobody asked

	closers []io.Closer
}

// OpenLink opens the device that the flags name.
func (c *Common) OpenLink(env *Env) (*Link, error) {
	dev, err := env.Open(c, env.Stderr)
	if err != nil {
		return nil, err
	}
	return c.linkOn(dev)
}

// linkOn is OpenLink on a device that is there already. It is closed with the link, or when there is an error.
func (c *Common) linkOn(dev phy.Device) (*Link, error) {
	l := &Link{Dev: dev, closers: []io.Closer{dev}}
	if err := l.wrap(c); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// wrap puts the faults on the device, and the capture over them: it shows what we see.
func (l *Link) wrap(c *Common) error {
	if c.Drop > 0 || c.Corrupt > 0 {
		faults := phy.Impairment{Drop: c.Drop, Corrupt: c.Corrupt}
		l.Dev = phy.Fault(l.Dev, phy.FaultConfig{Seed: c.Seed, In: faults, Out: faults})
	}
	var logs []io.Writer
	if c.Pcap != "" {
		f, err := os.OpenFile(c.Pcap, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) // it has the secrets in it
		if err != nil {
			return fmt.Errorf("-pcap: %w", err)
		}
		capture, err := phy.Capture(l.Dev, f, phy.CaptureOptions{})
		if err != nil {
			f.Close()
			return fmt.Errorf("-pcap: %w", err)
		}
		l.Dev = capture
		l.closers = []io.Closer{capture, f}
		logs = append(logs, capture.KeyLog())
	}
	if c.KeyLog != "" {
		f, err := os.OpenFile(c.KeyLog, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
		if err != nil {
			return fmt.Errorf("-keylog: %w", err)
		}
		l.closers = append(l.closers, f)
		logs = append(logs, f)
	}
	if len(logs) > 0 {
		l.KeyLog = io.MultiWriter(logs...)
	}
	return nil
}

// Wake ends the Wait that is running, or else the next one. It may be called from any goroutine.
func (l *Link) Wake() {
	if w, ok := l.Dev.(phy.Waker); ok {
		w.Wake()
	}
}

// Close ends the device and what was put on it, and gives the first error, such as that of a capture that could not be
// written. Closing twice does nothing.
func (l *Link) Close() error {
	var first error
	for _, c := range l.closers {
		if err := c.Close(); err != nil && first == nil {
			first = err
		}
	}
	l.closers = nil
	return first
}
