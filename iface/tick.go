package iface

import "time"

// Tick tells the interface the present time and does nothing else. It is for whoever connects or closes long after the
// last Ingress or Egress, without one before it: timers that these start are measured from the latest time that the
// interface knows.
func (i *Interface) Tick(now time.Time) { i.setNow(now) }
