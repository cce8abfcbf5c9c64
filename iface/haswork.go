package iface

// HasWork reports whether the next Egress has something to send because of what was done with sockets since the last
// one, whatever the clock and the device say. Unlike PollAt it asks the device nothing, so that it may be called while
// another goroutine waits for the device.
func (i *Interface) HasWork() bool {
	return i.loop.waiting() || (i.awake.head != nil || i.senders.head != nil) && !i.blocked
}
