package redisguard

import (
	"context"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"smoltls/tlssock"
)

// Guard is a replay guard on Redis. Its methods may be called by any goroutine.
type Guard struct {
	cfg    Config
	client *redis.Client
	memory memory // of the one that asks
	queue  chan *question
	stats  counters
	rest   rest

	ctx    context.Context
	cancel context.CancelFunc
	ended  sync.WaitGroup
}

var _ tlssock.ReplayGuard = (*Guard)(nil)

// question is a hello that waits for its verdict.
type question struct {
	hello  tlssock.EarlyHello
	until  time.Time // after which nobody waits for it
	answer chan verdict
}

// New makes a guard. A Redis that is away now may be there when it is needed: errors are those of cfg, and wrap
// [ErrConfig].
func New(cfg Config) (*Guard, error) {
	cfg = cfg.withDefaults()
	o, err := cfg.options()
	if err != nil {
		return nil, err
	}
	g := &Guard{cfg: cfg, client: redis.NewClient(o), queue: make(chan *question, cfg.Queue), memory: memory{window: cfg.Window}}
	g.ctx, g.cancel = context.WithCancel(context.Background())
	g.ended.Go(g.run)
	return g, nil
}

// Accept implements [tlssock.ReplayGuard]: it waits for Redis, for [Config].Timeout at most. now is the present time,
// by the clock of Config.Now.
func (g *Guard) Accept(now time.Time, h tlssock.EarlyHello) bool {
	v := g.judge(now, h)
	g.stats.count(v)
	return v == accepted
}

func (g *Guard) judge(now time.Time, h tlssock.EarlyHello) verdict {
	if late := now.Sub(h.Expected); late > g.cfg.Window || late < -g.cfg.Window { // RFC 8446 §8.3
		return untimely
	}
	real := time.Now()
	if g.ctx.Err() != nil || g.rest.resting(real, g.cfg.Timeout) {
		return failed
	}
	q := &question{hello: h, until: real.Add(g.cfg.Timeout), answer: make(chan verdict, 1)}
	select {
	case g.queue <- q:
	default:
		return crowded
	}
	patience := time.NewTimer(g.cfg.Timeout)
	defer patience.Stop()
	select {
	case v := <-q.answer:
		return v
	case <-patience.C:
	case <-g.ctx.Done():
	}
	return failed
}

// Close ends the guard: who waits is refused at once, and so is everything after it.
func (g *Guard) Close() error {
	g.cancel()
	err := g.client.Close() // ends what is under way
	g.ended.Wait()
	return err
}

// run asks, one batch after the other; first of all who is there, and since when it can be relied on.
func (g *Guard) run() {
	g.ask(nil)
	for {
		select {
		case <-g.ctx.Done():
			return
		case q := <-g.queue:
			if batch := g.gather(q); len(batch) > 0 {
				g.ask(batch)
			}
		}
	}
}

// gather takes what waits besides first into a batch, but for those that nobody waits for any more.
func (g *Guard) gather(first *question) (batch []*question) {
	now := time.Now()
	take := func(q *question) {
		if now.Before(q.until) {
			batch = append(batch, q)
		}
	}
	for take(first); len(batch) < g.cfg.Batch; {
		select {
		case q := <-g.queue:
			take(q)
		default:
			return batch
		}
	}
	return batch
}

// ask puts a batch to Redis and gives each its verdict.
func (g *Guard) ask(batch []*question) {
	ctx, cancel := context.WithTimeout(g.ctx, g.cfg.Timeout)
	defer cancel()
	err := g.record(ctx, batch)
	if g.ctx.Err() != nil {
		return
	}
	if lost, back := g.rest.note(err, time.Now().Add(g.cfg.Pause)); g.cfg.Logger != nil {
		switch {
		case lost:
			g.cfg.Logger.Warn("redisguard: early data is refused: Redis does not answer", "err", err)
		case back:
			g.cfg.Logger.Info("redisguard: Redis answers again")
		}
	}
	if err != nil {
		for _, q := range batch {
			q.answer <- failed
		}
	}
}
