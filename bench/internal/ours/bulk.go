package ours

import (
	"crypto/tls"

	"smoltls/bench/internal/identity"
	"smoltls/bench/internal/load"
	"smoltls/bench/internal/measure"
	"smoltls/phy"
	"smoltls/set"
)

// Figures of a bulk transfer, in order.
const (
	bulkRate    = iota // MB/s
	bulkMallocs        // allocations for each write
)

// BulkTCP moves data over TCP alone, in writes of chunk bytes.
func BulkTCP(chunk int) measure.Contender { return bulk(chunk, false, 0) }

// BulkTLS moves data over TLS, in writes of chunk bytes.
func BulkTLS(chunk int) measure.Contender { return bulk(chunk, true, 0) }

// BulkOffload is either over a link with segmentation and checksum offload.
func BulkOffload(chunk int, secure bool) measure.Contender {
	return bulk(chunk, secure, phy.OffloadChecksum|phy.OffloadTSO4|phy.OffloadTSO6|phy.OffloadECN)
}

func bulk(chunk int, secure bool, o phy.Offload) measure.Contender {
	return func(e measure.Effort, r *measure.Readings) error {
		var cfgs *configs
		var err error
		if secure {
			if cfgs, err = newConfigs(identity.P256, tls.X25519, true); err != nil {
				return err
			}
		}
		w, err := newWireOver(cfgs, o)
		if err != nil {
			return err
		}
		client, server, err := w.connect(0)
		if err != nil {
			return err
		}
		t, err := w.transfer(client, server, chunk, e.WarmBytes, e.BulkBytes)
		if err != nil {
			return err
		}
		r.Add(bulkRate, measure.MBps(t.Bytes, t.Elapsed))
		r.Add(bulkMallocs, measure.PerOp(t.Mallocs, float64(t.Bytes)/float64(chunk)))
		return nil
	}
}

// transfer moves warm and then total bytes from client to server and measures the second part, at the reader's end.
func (w *wire) transfer(client, server set.Handle, chunk int, warm, total int64) (load.Transfer, error) {
	from, _ := w.client.sockets.get(client)
	to, _ := w.server.sockets.get(server)
	out := &source{chunk: make([]byte, chunk), left: warm + total}
	in := &drain{buf: make([]byte, load.ReadBuffer)}
	w.client.serve = only(client, func() error { return out.write(from) })
	w.server.serve = only(server, func() error { return in.read(to) })
	if err := out.write(from); err != nil {
		return load.Transfer{}, err
	}
	if err := w.until(func() bool { return in.got >= warm }); err != nil {
		return load.Transfer{}, err
	}
	warmed := in.got
	done := func() bool { return in.got >= warm+total }
	m := measure.StartWarm()
	err := w.until(done)
	elapsed, mallocs := m.Stop()
	return load.Transfer{Bytes: in.got - warmed, Elapsed: elapsed, Mallocs: mallocs}, err
}

// only serves one socket of a set; the others have nothing to say.
func only(h set.Handle, f func() error) func(set.Handle) error {
	return func(ready set.Handle) error {
		if ready != h {
			return nil
		}
		return f()
	}
}

// source writes until it has nothing left or the socket takes no more.
type source struct {
	chunk []byte
	off   int // of the chunk under way
	left  int64
}

func (s *source) write(to stream) error {
	for s.left > 0 {
		end := int(min(int64(len(s.chunk)), int64(s.off)+s.left))
		n, err := to.TryWrite(s.chunk[s.off:end])
		s.left -= int64(n)
		if s.off += n; s.off == len(s.chunk) {
			s.off = 0
		}
		if wouldBlock(err) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// drain reads until there is nothing more to read now.
type drain struct {
	buf []byte
	got int64
}

func (d *drain) read(from stream) error {
	for {
		n, err := from.TryRead(d.buf)
		d.got += int64(n)
		if wouldBlock(err) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
