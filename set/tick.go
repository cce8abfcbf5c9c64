package set

import (
	"time"

	"smoltls/iface"
)

// Tick tells the interface and the set the present time and does nothing else. A program that connects, closes or
// removes right after a Poll need not call it. One that does so before the next Poll, long after the last, should:
// timers that these start are measured from the latest time that is known. tlss may be nil.
func Tick(now time.Time, ifc *iface.Interface, tlss *TLSSocketSet) {
	ifc.Tick(now)
	if tlss != nil {
		tlss.now = max(tlss.now, tlss.instant(now))
	}
}
