package ours

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
	"time"

	"smoltls/bench/internal/identity"
	"smoltls/bench/internal/kernel"
	"smoltls/bench/internal/load"
	"smoltls/bench/internal/measure"
	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
)

// tap is an end on a TAP interface, driven as a program with one main loop does it.
type tap struct {
	end
	ns    *kernel.Namespace
	unpin func()
}

func newTAP(cfgs *configs, l kernel.Link) (*tap, error) {
	t := &tap{unpin: func() {}}
	var err error
	t.ns, err = kernel.NewTAP(l, func() error {
		dev, err := phy.OpenTAP(kernel.TAPName, phy.TunTapOptions{MTU: mtu, Offload: l.Offload})
		if err == nil && l.Offload && dev.Offload() == 0 {
			err = measure.Skip("this kernel's TAP interfaces have no offload")
		}
		if err == nil {
			t.dev = dev
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if l.Apart {
		unpin, err := phy.Pin(kernel.LoopCPU)
		if err != nil {
			t.close()
			return nil, err
		}
		t.unpin = unpin
	}
	if t.ifc, err = iface.New(iface.Config{Device: t.dev, Addrs: []netip.Prefix{kernel.UserPrefix}}); err != nil {
		t.close()
		return nil, err
	}
	t.open(cfgs)
	return t, nil
}

func (t *tap) close() {
	t.unpin()
	t.dev.Close()
	t.ns.Close()
}

// until runs the main loop until done: take turns, and sleep when there is nothing to do.
func (t *tap) until(done func() bool) error {
	for !done() {
		now := time.Now()
		busy, err := t.turn(now)
		if err != nil {
			return err
		}
		if busy {
			continue
		}
		at := t.pollAt(now)
		if give := now.Add(stall); at.IsZero() || at.After(give) {
			at = give
		}
		if err := t.dev.Wait(at); err != nil {
			return err
		}
		if time.Since(now) >= stall {
			return errStalled
		}
	}
	return nil
}

// connect opens a connection to the kernel and gives its handle, and the kernel's end of it with TLS, if any, under
// way.
func (t *tap) connect(serverCfg *tls.Config) (set.Handle, net.Conn, error) {
	at := netip.AddrPortFrom(kernel.HostPrefix.Addr(), kernel.Port)
	l, err := t.ns.Listen(at)
	if err != nil {
		return set.Handle{}, nil, err
	}
	defer l.Close()
	h, err := t.sockets.connect(at)
	if err != nil {
		return h, nil, err
	}
	served := make(chan accepted, 1)
	go func() { served <- accept(l, serverCfg) }()
	s, _ := t.sockets.get(h)
	if err := t.until(func() bool { return t.sockets.established(h) || s.Err() != nil }); err != nil {
		return h, nil, err
	}
	if s.Err() != nil {
		return h, nil, fmt.Errorf("connecting to the kernel: %w", s.Err())
	}
	a := <-served
	return h, a.conn, a.err
}

// accepted is the kernel's end of a connection.
type accepted struct {
	conn net.Conn
	err  error
}

func accept(l net.Listener, cfg *tls.Config) accepted {
	c, err := l.Accept()
	if err != nil || cfg == nil {
		return accepted{c, err}
	}
	s := tls.Server(c, cfg)
	return accepted{s, s.Handshake()}
}

// BulkTAP moves data between us and the kernel over TAP, to the kernel if up. Figure 0 is its rate.
func BulkTAP(up bool, l kernel.Link) measure.Contender {
	return func(e measure.Effort, r *measure.Readings) error {
		var ourCfgs *configs
		var serverCfg *tls.Config
		if l.Secure {
			ids, err := identity.NewPair(identity.P256)
			if err != nil {
				return err
			}
			if ourCfgs, err = configsFor(ids, tls.X25519, true); err != nil {
				return err
			}
			_, serverCfg = ids.StdConfigs(tls.X25519, true)
		}
		t, err := newTAP(ourCfgs, l)
		if err != nil {
			return err
		}
		defer t.close()
		h, conn, err := t.connect(serverCfg)
		if err != nil {
			return err
		}
		defer conn.Close()
		transfer := t.download
		if up {
			transfer = t.upload
		}
		x, err := transfer(h, conn, e.WarmBytes, e.TAPBytes)
		if err != nil {
			return err
		}
		r.Add(0, measure.MBps(x.Bytes, x.Elapsed))
		return nil
	}
}

// upload writes in our loop and measures at the kernel's end.
func (t *tap) upload(h set.Handle, conn net.Conn, warm, total int64) (load.Transfer, error) {
	s, _ := t.sockets.get(h)
	out := &source{chunk: make([]byte, kernel.Chunk), left: warm + total}
	t.serve = only(h, func() error { return out.write(s) })
	var x load.Transfer
	var readErr error
	received := make(chan struct{})
	go func() {
		defer t.dev.(phy.Waker).Wake()
		defer close(received)
		x, readErr = load.Receive(conn, warm, total)
	}()
	if err := out.write(s); err != nil {
		return x, err
	}
	err := t.until(func() bool {
		select {
		case <-received:
			return true
		default:
			return false
		}
	})
	if err != nil {
		return x, err
	}
	return x, readErr
}

// download reads in our loop and measures there.
func (t *tap) download(h set.Handle, conn net.Conn, warm, total int64) (load.Transfer, error) {
	s, _ := t.sockets.get(h)
	in := &drain{buf: make([]byte, load.ReadBuffer)}
	t.serve = only(h, func() error { return in.read(s) })
	wrote := make(chan error, 1)
	go func() { wrote <- load.Send(conn, kernel.Chunk, warm+total) }()
	if err := t.until(func() bool { return in.got >= warm }); err != nil {
		return load.Transfer{}, err
	}
	warmed := in.got
	m := measure.StartWarm()
	if err := t.until(func() bool { return in.got >= warm+total }); err != nil {
		return load.Transfer{}, err
	}
	elapsed, mallocs := m.Stop()
	return load.Transfer{Bytes: in.got - warmed, Elapsed: elapsed, Mallocs: mallocs}, <-wrote
}
