package netconn

import (
	"errors"
	"net"
	"runtime"
	"sync"
	"time"

	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
	"smoltls/tlssock"
)

// framesATurn is how many frames a poll takes in, and sends, before those who wait for the lock have their turn.
const framesATurn = 512

// A Runner polls a stack, in one goroutine of its own, for connections and listeners that are used by other goroutines.
// It is made by [Start], and all its methods may be called by any goroutine.
type Runner struct {
	dev      phy.Device
	wakeUp   func()
	now      func() time.Time
	linger   time.Duration
	answerer answerer

	mu        sync.Mutex // holds everything below, and the stack
	ifc       *iface.Interface
	tcps      *set.TCPSocketSet
	tlss      *set.TLSSocketSet
	tcpHome   home
	tlsHome   home
	parting   farewells
	unsettled unsettled
	listeners map[*Listener]struct{}
	resolvers []*DNSResolver
	lessee    lessee
	packets   packetConns
	asleep    bool      // in the device's Wait, or on the way there: wake it when there is work
	closeBy   time.Time // when Close gives up waiting for what is still to be sent; zero: not closed
	dead      bool      // the device has ended: nothing arrives or leaves any more
	closeErr  error     // what closing the device gave
	err       error     // the device's last
	trouble   troubleshooter

	done chan struct{} // closed when the goroutine has ended
}

// Start makes the interface that c describes and polls it until [Runner.Close]. Errors: [ErrConfig], and those of
// [iface.New] and [phy.Pin]; the device is then still the caller's.
func Start(c Config) (*Runner, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	r := &Runner{
		dev: c.Device, wakeUp: c.Device.(phy.Waker).Wake, now: c.Now, linger: c.Linger,
		listeners: make(map[*Listener]struct{}),
		trouble:   newTroubleshooter(), done: make(chan struct{}),
	}
	if r.now == nil {
		r.now = time.Now
	} else {
		r.dev = &clocked{Device: c.Device, now: c.Now}
	}
	if r.linger == 0 {
		r.linger = DefaultLinger
	}
	ic := c.interfaceConfig()
	ic.Device = r.dev
	r.lessee.hearRouters(&ic)
	var err error
	if r.ifc, err = iface.New(ic); err != nil {
		return nil, err
	}
	r.tcps, r.tlss = set.NewTCP(r.ifc, c.Limits), set.NewTLS(r.ifc, c.Limits)
	r.tcpHome = home{make(map[set.Handle]*Conn), func(h set.Handle) { r.tcps.Remove(h); r.roomMade() }}
	r.tlsHome = home{make(map[set.Handle]*Conn), func(h set.Handle) { r.tlss.Remove(h); r.roomMade() }}
	r.parting.init(c.Limits, r.tcpHome.remove)
	r.answerer.init(c.Answer)
	if err := r.lessee.init(r, &c); err != nil {
		return nil, err
	}
	started := make(chan error)
	go r.run(c.CPU, started)
	if err := <-started; err != nil {
		return nil, err
	}
	return r, nil
}

// run is the goroutine. It tells started how it began: with an error it has not done anything.
func (r *Runner) run(cpu *int, started chan<- error) {
	defer close(r.done)
	if cpu != nil {
		unpin, err := phy.Pin(*cpu)
		if err != nil {
			started <- err
			return
		}
		defer unpin()
	}
	started <- nil
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		now := r.now()
		more, err := set.PollBudget(now, r.ifc, r.tcps, r.tlss, set.Budget{Frames: framesATurn})
		r.tell(now)
		if r.finished() {
			break
		}
		if err == nil && !more {
			err = r.sleep(now)
		} else {
			r.yield()
		}
		if err != nil && (r.closed() || !r.goesOn(err)) {
			break
		}
	}
	if r.closeBy.IsZero() {
		r.die()
	}
	r.closeErr = r.dev.Close()
}

// die: the device has ended by itself. What has arrived can still be read.
func (r *Runner) die() {
	r.dead = true
	for l := range r.listeners {
		l.queue.wake()
	}
	for _, d := range r.resolvers {
		d.news.wake()
	}
	r.lessee.news.wake()
	r.packets.wake()
	for _, home := range []*home{&r.tcpHome, &r.tlsHome} {
		for _, c := range home.conns {
			c.wake()
			c.tellDialer()
		}
	}
}

// sleep waits for a frame, a timer, or somebody who has left something to send.
func (r *Runner) sleep(now time.Time) error {
	at := earlier(r.closeBy, r.parting.expire(now))
	for _, d := range r.resolvers {
		at = earlier(at, d.pollAt())
	}
	at = earlier(at, r.lessee.pollAt())
	at = earlier(at, set.PollAt(now, r.ifc, r.tcps, r.tlss)) // last: what has expired may have left something to send
	if !at.IsZero() && !at.After(now) {
		r.yield()
		return nil
	}
	r.asleep = true
	r.mu.Unlock()
	err := r.dev.Wait(at)
	r.mu.Lock()
	r.asleep = false
	return err
}

// earlier gives the earlier of two times of which zero is never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// yield lets those have the lock who wait for it.
func (r *Runner) yield() {
	r.mu.Unlock()
	runtime.Gosched()
	r.mu.Lock()
}

// tick tells the stack the time, which may have slept for long: for calls that start a timer.
func (r *Runner) tick() { set.Tick(r.now(), r.ifc, r.tlss) }

// kick wakes the goroutine if the call that is about to end has left it something to do.
func (r *Runner) kick() {
	if r.asleep && set.HasWork(r.ifc, r.tcps, r.tlss) {
		r.rouse()
	}
}

func (r *Runner) rouse() {
	r.asleep = false
	r.wakeUp()
}

// tell wakes whoever waits for what the poll at now brought.
func (r *Runner) tell(now time.Time) {
	r.lessee.poll(now)
	r.packets.sweep()
	for _, d := range r.resolvers {
		d.poll(now)
	}
	for h := range r.tcps.Ready() {
		if c := r.tcpHome.conns[h]; c != nil {
			c.news()
		} else {
			r.parting.news(h)
		}
	}
	for h := range r.tlss.Ready() {
		if c := r.tlsHome.conns[h]; c != nil {
			c.news()
		} else {
			r.settled(h)
		}
	}
	for l := range r.listeners {
		l.news()
	}
	for p := range r.tlss.Pending() {
		r.answerer.ask(p, r.deliver)
	}
}

// roomMade has those in Accept go on who had to wait because a set was full: it is so no longer, and no poll need
// follow.
func (r *Runner) roomMade() {
	for l := range r.listeners {
		l.news()
	}
}

// deliver gives a connection the answer that it waits for.
func (r *Runner) deliver(p *tlssock.Pending, a tlssock.Answer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	_ = r.tlss.Deliver(p, a) // ErrNotPending: the connection has ended meanwhile
	r.kick()
}

// goesOn notes an error of the device, and reports whether there is any use in polling it again. It waits a little, so
// that a device that always fails is not polled without end.
func (r *Runner) goesOn(err error) bool {
	r.err = err
	switch {
	case errors.Is(err, phy.ErrClosed) || errors.Is(err, phy.ErrNeverWakes):
		return false
	case errors.Is(err, phy.ErrRefused): // one frame is lost, as others are on their way
		return true
	}
	r.mu.Unlock()
	r.trouble.pause()
	r.mu.Lock()
	return true
}

// Err gives the last error of the device, nil if there was none. One that is [phy.ErrClosed] has ended the Runner.
func (r *Runner) Err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// Wake makes the goroutine poll at once. It is needed after the clock of [Config].Now was moved, and for nothing else.
func (r *Runner) Wake() { r.wakeUp() }

// Do calls f in between two polls, for what a Runner does not offer by itself: counters, routes, sockets of other
// kinds. f must not block, nor use a connection of the Runner.
func (r *Runner) Do(f func(ifc *iface.Interface, tcps *set.TCPSocketSet, tlss *set.TLSSocketSet)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tick()
	f(r.ifc, r.tcps, r.tlss)
	if r.asleep { // whatever f did
		r.rouse()
	}
}

// Close ends every connection, listener and look-up as their own Close does, waits until what was written has been
// acknowledged, for [Config].Linger at most, and closes the device, whose error it gives: that of a capture that could
// not be written, say. It always returns, and when it has, the goroutine has ended.
func (r *Runner) Close() error {
	r.mu.Lock()
	if r.closeBy.IsZero() {
		r.closeBy = r.now().Add(max(0, r.linger))
		r.end()
		r.rouse()
	}
	r.mu.Unlock()
	r.trouble.stop()
	<-r.done
	r.answerer.wait()
	return r.closeErr
}

// whyClosed is what the use of something closed gives.
func (r *Runner) whyClosed() error {
	if r.dead {
		return &explained{r.err, net.ErrClosed}
	}
	return net.ErrClosed
}

// closed reports that connections can't be made any more.
func (r *Runner) closed() bool { return r.dead || !r.closeBy.IsZero() }

// end closes all that is open.
func (r *Runner) end() {
	for l := range r.listeners {
		l.end()
	}
	for _, d := range r.resolvers {
		d.end()
	}
	r.lessee.news.wake()
	for c := range r.packets.open {
		c.end()
	}
	for _, c := range r.tcpHome.conns {
		c.end()
	}
	for _, c := range r.tlsHome.conns {
		c.end()
	}
}

// finished reports that the Runner is closed and has nothing left to send, or no time left. The lease is given back
// last.
func (r *Runner) finished() bool {
	if !r.closed() {
		return false
	}
	if !r.now().Before(r.closeBy) {
		return true
	}
	drained := len(r.parting.byHandle) == 0 && len(r.unsettled) == 0 && len(r.packets.leaving) == 0 && r.tlss.Lingering() == 0 && !r.ifc.Draining() && !set.HasWork(r.ifc, r.tcps, r.tlss)
	return drained && r.lessee.ended(r.now())
}
