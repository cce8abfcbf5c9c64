package tunserver

import (
	"sync"

	"smoltls/set"
	"smoltls/tlssock"
)

// answers has what connections wait for answered, each question in a goroutine that ends with its answer, while the
// main loop goes on. How many are under way is bounded by [set.Limits].Handshakes; a question that is given up on
// meanwhile ends with its guard's own patience.
type answers struct {
	sockets *set.TLSSocketSet
	wake    func() // the main loop

	under sync.WaitGroup
	mu    sync.Mutex
	done  []answered
}

type answered struct {
	question *tlssock.Pending
	answer   tlssock.Answer
}

// turn delivers what was answered and asks what is new. The main loop calls it after each poll.
func (a *answers) turn() {
	a.mu.Lock()
	done := a.done
	a.done = nil
	a.mu.Unlock()
	for _, d := range done {
		_ = a.sockets.Deliver(d.question, d.answer) // ErrNotPending: it was waited for long enough
	}
	for p := range a.sockets.Pending() {
		a.under.Go(func() {
			d := answered{p, p.Judge()} // no key and no callback of ours has other questions
			a.mu.Lock()
			a.done = append(a.done, d)
			a.mu.Unlock()
			a.wake()
		})
	}
}

// wait waits for the questions that are under way. Closing the guard ends them.
func (a *answers) wait() { a.under.Wait() }
