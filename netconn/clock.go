package netconn

import (
	"time"

	"smoltls/phy"
)

// clocked is a device whose user goes by another clock than the device, which sleeps by the real one.
type clocked struct {
	phy.Device
	now func() time.Time // the user's
}

// toDevice turns a time of the user's clock into one of the device's, which is real.
func (d *clocked) toDevice(t time.Time) time.Time {
	if t.IsZero() || t.Equal(phy.Immediate) {
		return t
	}
	return time.Now().Add(t.Sub(d.now()))
}

// Receive implements phy.Device.
func (d *clocked) Receive(time.Time) ([]byte, error) { return d.Device.Receive(time.Now()) }

// Send implements phy.Device.
func (d *clocked) Send(_ time.Time, n int) error { return d.Device.Send(time.Now(), n) }

// PollAt implements phy.Device.
func (d *clocked) PollAt() time.Time {
	t := d.Device.PollAt()
	if t.IsZero() || t.Equal(phy.Immediate) {
		return t
	}
	return d.now().Add(time.Until(t))
}

// Wait implements phy.Device.
func (d *clocked) Wait(until time.Time) error { return d.Device.Wait(d.toDevice(until)) }
