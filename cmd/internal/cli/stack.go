package cli

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
)

// Stack is a [Link] with an interface on it, and its TLS sockets, for a main loop that polls.
type Stack struct {
	*Link
	Ifc *iface.Interface
	TLS *set.TLSSocketSet

	unpin       func()
	interrupted atomic.Bool
	table       *live // nil: nobody asked for one
}

// Open opens the device that the flags name and makes the stack that they describe. It is polled and closed by the
// goroutine that opens it.
func (c *Common) Open(env *Env) (*Stack, error) {
	link, err := c.OpenLink(env)
	if err != nil {
		return nil, err
	}
	st, err := c.stackOn(link)
	if err != nil {
		return nil, err
	}
	if st.table, err = c.openTable(env, st.Ifc, st.TLS, st.Wake, st.Interrupt); err != nil {
		st.Close()
		return nil, err
	}
	return st, nil
}

// OpenOn is Open on a device that is there already; Close closes it.
func (c *Common) OpenOn(dev phy.Device) (*Stack, error) {
	link, err := c.linkOn(dev)
	if err != nil {
		return nil, err
	}
	return c.stackOn(link)
}

// stackOn puts a stack on a link, which is closed when there is an error.
func (c *Common) stackOn(link *Link) (*Stack, error) {
	ifc, err := iface.New(iface.Config{Device: link.Dev, Addrs: c.Addrs, Gateway: c.Gateway})
	if err != nil {
		link.Close()
		return nil, err
	}
	unpin, err := c.CPUs.pin()
	if err != nil {
		link.Close()
		return nil, fmt.Errorf("-cpus: %w", err)
	}
	return &Stack{Link: link, Ifc: ifc, TLS: set.NewTLS(ifc, set.Limits{}), unpin: sync.OnceFunc(unpin)}, nil
}

// Poll advances everything that is there to advance at this moment. A frame that the kernel has refused is lost as
// others are on their way: TCP sends it again.
func (st *Stack) Poll() error {
	now := time.Now()
	err := set.Poll(now, st.Ifc, nil, st.TLS)
	st.table.poll(now)
	if !errors.Is(err, phy.ErrRefused) {
		return err
	}
	return nil
}

// Wait sleeps until there is something to poll for: a frame, a deadline, Wake, or until, if it is not zero.
func (st *Stack) Wait(until time.Time) error {
	until = st.table.until(until)
	at := set.PollAt(time.Now(), st.Ifc, nil, st.TLS)
	if at.IsZero() || !until.IsZero() && until.Before(at) {
		at = until
	}
	if err := st.Dev.Wait(at); err != nil && !errors.Is(err, phy.ErrNeverWakes) {
		return err
	}
	return nil
}

// Interrupt asks the main loop to end. It may be called from any goroutine.
func (st *Stack) Interrupt() {
	st.interrupted.Store(true)
	st.table.close() // whatever comes now: the terminal is as it was
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

// Close gives the terminal back and closes the link.
func (st *Stack) Close() error {
	st.table.close()
	st.unpin()
	return st.Link.Close()
}
