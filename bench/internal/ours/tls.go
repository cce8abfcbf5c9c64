package ours

import (
	"crypto/tls"
	"errors"
	"fmt"
	"time"

	"smoltls/bench/internal/identity"
	"smoltls/bench/internal/load"
	"smoltls/bench/internal/measure"
	"smoltls/tlssock"
)

// engines are two ends of TLS that are handed each other's records.
type engines struct {
	env            tlssock.Env
	cfgs           *configs
	client, server *tlssock.Engine
	buf            []byte
}

// TLSHandshake authenticates both ends, or resumes, without TCP.
func TLSHandshake(k identity.Kind, group tls.CurveID, mode load.Handshake) measure.Contender {
	return func(e measure.Effort, r *measure.Readings) error {
		cfgs, err := newConfigs(k, group, true)
		if err != nil {
			return err
		}
		if mode != load.Full {
			cfgs.client.ClientSessionCache = tlssock.NewLRUClientSessionCache(0)
		}
		if mode == load.Early {
			cfgs.client.EnableEarlyData, cfgs.server.MaxEarlyData = true, 1024
		}
		w := &engines{env: tlssock.Env{Now: time.Now()}, cfgs: cfgs, buf: make([]byte, 4096)}
		run := func(n int) error {
			for range n {
				if err := w.once(mode); err != nil {
					return err
				}
			}
			return nil
		}
		if err := w.once(load.Full); err != nil { // for the first ticket
			return err
		}
		w.env.Now = w.env.Now.Add(time.Minute) // a server that has just begun takes no early data (RFC 8446 §8.2)
		elapsed, mallocs, err := measure.Timed(func() error { return errors.Join(w.once(load.Full), run(e.Handshakes/10+1)) }, func() error { return run(e.Handshakes) })
		if err != nil {
			return err
		}
		r.Add(handshakeTime, measure.Micros(elapsed, e.Handshakes))
		r.Add(handshakeMallocs, measure.PerOp(mallocs, float64(e.Handshakes)))
		return nil
	}
}

// once does one handshake, and a byte from the server after it.
func (w *engines) once(mode load.Handshake) (err error) {
	if err = w.begin(); err != nil {
		return err
	}
	defer w.client.Free()
	defer w.server.Free()
	if err := w.client.Start(); err != nil {
		return err
	}
	if mode == load.Early {
		if err := w.sendEarly(); err != nil {
			return err
		}
	}
	for moved := true; moved; {
		forth, err := w.carry(w.client, w.server)
		if err != nil {
			return err
		}
		back, err := w.carry(w.server, w.client)
		if err != nil {
			return err
		}
		moved = forth || back
	}
	if cs := w.server.ConnectionState(); cs.DidResume != (w.cfgs.client.ClientSessionCache != nil) && mode != load.Full || mode == load.Early && cs.EarlyData != tlssock.EarlyDataAccepted {
		return fmt.Errorf("ours: resumed %v, early data %v", cs.DidResume, cs.EarlyData)
	}
	n, err := w.server.Seal(w.buf, []byte{1})
	if err != nil {
		return err
	}
	_, err = w.client.Receive(nil, w.buf[:n])
	return err
}

func (w *engines) begin() (err error) {
	if w.client, err = tlssock.NewEngine(&w.env, w.cfgs.client, tlssock.RoleClient); err != nil {
		return err
	}
	w.server, err = tlssock.NewEngine(&w.env, w.cfgs.server, tlssock.RoleServer)
	return err
}

// sendEarly sends the ClientHello, and a byte after it.
func (w *engines) sendEarly() error {
	if _, err := w.carry(w.client, w.server); err != nil {
		return err
	}
	n, err := w.client.SealEarly(w.buf, []byte{1})
	if err != nil {
		return err
	}
	_, err = w.server.Receive(nil, w.buf[:n])
	return err
}

// carry hands what one end has to send to the other, and reports whether there was something.
func (w *engines) carry(from, to *tlssock.Engine) (bool, error) {
	out := from.Output()
	if len(out) == 0 {
		return false, nil
	}
	w.buf = append(w.buf[:0], out...)
	from.Sent(len(out))
	for b := w.buf; len(b) > 0; {
		n, err := to.RecordLen(b)
		if err != nil {
			return false, err
		}
		if _, err := to.Receive(nil, b[:n]); err != nil {
			return false, err
		}
		b = b[n:]
	}
	return true, nil
}

// SealAndOpen makes records of 16 KiB under one suite and opens them, in place.
func SealAndOpen(suite uint16) measure.Contender {
	return func(e measure.Effort, r *measure.Readings) error {
		cfgs, err := newConfigs(identity.Ed25519, tls.X25519, true)
		if err != nil {
			return err
		}
		cfgs.client.CipherSuites = []uint16{suite}
		cfgs.server.CipherSuites = []uint16{suite}
		w := &engines{env: tlssock.Env{Now: time.Now()}, cfgs: cfgs, buf: make([]byte, 4096)}
		if err := w.begin(); err != nil {
			return err
		}
		if err := w.client.Start(); err != nil {
			return err
		}
		for range 2 {
			if _, err := w.carry(w.client, w.server); err != nil {
				return err
			}
			if _, err := w.carry(w.server, w.client); err != nil {
				return err
			}
		}
		buf := make([]byte, w.client.SealedLen(load.Record))
		run := func(bytes int64) error {
			for ; bytes > 0; bytes -= load.Record {
				n, err := w.client.Seal(buf, buf[5:5+load.Record])
				if err != nil {
					return err
				}
				if _, err := w.server.Receive(nil, buf[:n]); err != nil {
					return err
				}
			}
			return nil
		}
		elapsed, _, err := measure.Timed(func() error { return run(e.WarmBytes) }, func() error { return run(e.BulkBytes) })
		if err != nil {
			return err
		}
		r.Add(0, measure.MBps(e.BulkBytes, elapsed))
		return nil
	}
}
