package cli

import (
	"context"
	"time"

	"smoltls/iface"
	"smoltls/netconn"
	"smoltls/set"
)

// Watch shows the live table of a runner's sockets until the context ends or leave is called, if -top asks for it. The
// context that it gives ends by the user's wish too, with the cause [ErrInterrupted].
func (c *Common) Watch(ctx context.Context, env *Env, r *netconn.Runner) (watched context.Context, leave func(), err error) {
	watched, cancel := context.WithCancelCause(ctx)
	news := make(chan struct{}, 1)
	wake := func() {
		select {
		case news <- struct{}{}:
		default: // it will be looked at
		}
	}
	var table *live
	r.Do(func(ifc *iface.Interface, _ *set.TCPSocketSet, tlss *set.TLSSocketSet) {
		table, err = c.openTable(env, ifc, tlss, wake, func() { cancel(ErrInterrupted) })
	})
	if table == nil {
		return watched, func() { cancel(nil) }, err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer table.close()
		for watched.Err() == nil {
			r.Do(func(*iface.Interface, *set.TCPSocketSet, *set.TLSSocketSet) { table.poll(time.Now()) })
			select {
			case <-watched.Done():
			case <-news:
			case <-time.After(time.Until(table.until(time.Now().Add(time.Second)))):
			}
		}
	}()
	return watched, func() {
		cancel(nil)
		<-ended
	}, nil
}
