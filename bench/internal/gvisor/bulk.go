package gvisor

import (
	"crypto/tls"
	"net"

	"smoltls/bench/internal/identity"
	"smoltls/bench/internal/load"
	"smoltls/bench/internal/measure"
)

// Figures of a bulk transfer, in order.
const (
	bulkRate    = iota // MB/s
	bulkMallocs        // allocations for each write
)

// BulkTCP moves data over TCP alone, in writes of chunk bytes.
func BulkTCP(chunk int) measure.Contender {
	return bulk(chunk, newWire, plainly)
}

// BulkTLS moves data over TLS, in writes of chunk bytes, each of which is a record.
func BulkTLS(chunk int) measure.Contender {
	return bulk(chunk, newWire, securely)
}

// BulkOffload is either over a link that takes segments of up to 60 KiB without a checksum.
func BulkOffload(chunk int, secure bool) measure.Contender {
	if secure {
		return bulk(chunk, newOffloadWire, securely)
	}
	return bulk(chunk, newOffloadWire, plainly)
}

func plainly(l *listener) (client, server net.Conn, err error) { return l.connect() }

func securely(l *listener) (client, server net.Conn, err error) {
	ids, err := identity.NewPair(identity.P256)
	if err != nil {
		return nil, nil, err
	}
	return l.connectTLS(ids.StdConfigs(tls.X25519, true))
}

func bulk(chunk int, newWire func() (*wire, error), connect connectFunc) measure.Contender {
	return func(e measure.Effort, r *measure.Readings) error {
		w, err := newWire()
		if err != nil {
			return err
		}
		defer w.close()
		l, err := w.listen()
		if err != nil {
			return err
		}
		client, server, err := connect(l)
		if err != nil {
			return err
		}
		t, err := load.Bulk(client, server, chunk, e.WarmBytes, e.BulkBytes)
		if err != nil {
			return err
		}
		r.Add(bulkRate, measure.MBps(t.Bytes, t.Elapsed))
		r.Add(bulkMallocs, measure.PerOp(t.Mallocs, float64(t.Bytes)/float64(chunk)))
		return nil
	}
}
