package set

import "smoltls/iface"

// HasWork reports whether the next Poll has something to do because of what was done with sockets since the last one.
// It asks neither the clock nor the device, so that whoever holds the stack may call it while another goroutine waits
// for the device. tcps and tlss may be nil.
func HasWork(ifc *iface.Interface, tcps *TCPSocketSet, tlss *TLSSocketSet) bool {
	return ifc.HasWork() || tlss.pending()
}
