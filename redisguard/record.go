package redisguard

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"

	"smoltls/tlssock"
)

// lifetimes is for how many windows a record is kept.
const lifetimes = 4

// Errors of what Redis says.
var (
	errEvicts = errors.New("it may evict records before their time: set maxmemory-policy to noeviction")
	errInfo   = errors.New("INFO does not say which process answers")
)

// key is where a hello is recorded.
func (g *Guard) key(h *tlssock.EarlyHello) string {
	return g.cfg.Prefix + base64.RawURLEncoding.EncodeToString(h.ID[:])
}

// record records a batch in one round trip, and answers those in it. Who answers is asked last, over the same
// connection: when the records were lost before any of the batch was made, that shows.
func (g *Guard) record(ctx context.Context, batch []*question) error {
	pipe := g.client.Pipeline()
	made := make([]*redis.BoolCmd, len(batch))
	for i, q := range batch {
		made[i] = pipe.SetNX(ctx, g.key(&q.hello), 1, lifetimes*g.cfg.Window)
	}
	mark := g.cfg.Prefix + "mark" // shorter than any record's key
	pipe.SetNX(ctx, mark, rand.Text(), 0)
	set := pipe.Get(ctx, mark)
	info := pipe.Info(ctx, "server")
	if _, err := pipe.Exec(ctx); err != nil {
		return err
	}
	process, ok := field(info.Val(), "run_id")
	if !ok || process == "" {
		return errInfo
	}
	if owner := process + " " + set.Val(); owner != g.memory.owner {
		if err := g.keepsRecords(ctx); err != nil {
			return err
		}
		g.memory.remember(owner, g.cfg.Now())
	}
	for i, q := range batch {
		q.answer <- g.verdict(q, made[i].Val())
	}
	return nil
}

func (g *Guard) verdict(q *question, first bool) verdict {
	switch {
	case !first:
		return replayed
	case !g.memory.complete(q.hello):
		return unsure
	}
	return accepted
}

// keepsRecords looks whether Redis keeps what it was told until it expires.
func (g *Guard) keepsRecords(ctx context.Context) error {
	pipe := g.client.Pipeline() // over the connection of the others: a lone command may get one of its own
	info := pipe.Info(ctx, "memory")
	if _, err := pipe.Exec(ctx); err != nil {
		return err
	}
	limit, _ := field(info.Val(), "maxmemory")
	policy, ok := field(info.Val(), "maxmemory_policy")
	if ok && limit != "0" && policy != "noeviction" {
		return fmt.Errorf("%w (it is %s)", errEvicts, policy)
	}
	return nil
}

// field gives what INFO says under name.
func field(info, name string) (string, bool) {
	for line := range strings.Lines(info) {
		if k, v, ok := strings.Cut(strings.TrimSpace(line), ":"); ok && k == name {
			return v, true
		}
	}
	return "", false
}
