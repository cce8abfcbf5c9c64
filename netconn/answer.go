package netconn

import (
	"context"
	"sync"

	"smoltls/tlssock"
)

// answerer has what connections wait for answered, each in a goroutine that ends with its answer.
type answerer struct {
	answer func(context.Context, *tlssock.Pending) tlssock.Answer
	ctx    context.Context
	cancel context.CancelFunc
	under  sync.WaitGroup
}

func (a *answerer) init(answer func(context.Context, *tlssock.Pending) tlssock.Answer) {
	if answer == nil {
		answer = defaultAnswer
	}
	a.answer = answer
	a.ctx, a.cancel = context.WithCancel(context.Background())
}

// ask has p answered. How many can be under way is bounded by set.Limits.Handshakes: each belongs to a handshake.
func (a *answerer) ask(p *tlssock.Pending, deliver func(*tlssock.Pending, tlssock.Answer)) {
	a.under.Go(func() { deliver(p, a.answer(a.ctx, p)) })
}

// wait ends the context of all answers and waits for them.
func (a *answerer) wait() {
	a.cancel()
	a.under.Wait()
}
