package ours

import (
	"crypto/tls"
	"net"
	"net/netip"

	"smoltls/bench/internal/identity"
	"smoltls/bench/internal/load"
	"smoltls/bench/internal/measure"
	"smoltls/netconn"
	"smoltls/phy"
	"smoltls/tcp"
)

// runners is a wire whose ends are polled by a netconn.Runner each.
type runners struct {
	client, server *netconn.Runner
}

func newRunners() (*runners, error) {
	a, b := phy.NewSharedPipe(phy.PipeConfig{Medium: phy.MediumIP, MTU: mtu})
	client, err := netconn.Start(netconn.Config{Device: a, Addrs: pairAddrs[:1]})
	if err != nil {
		return nil, err
	}
	server, err := netconn.Start(netconn.Config{Device: b, Addrs: pairAddrs[1:]})
	if err != nil {
		client.Close()
		return nil, err
	}
	return &runners{client, server}, nil
}

func (r *runners) close() {
	r.client.Close()
	r.server.Close()
}

// connect opens a connection, with TLS if there are configurations for it.
func (r *runners) connect(cfgs *configs) (client, server net.Conn, err error) {
	options := &tcp.Config{SendBuffer: load.Buffer, RecvBuffer: load.Buffer}
	lc := netconn.ListenConfig{TCP: tcp.ListenConfig{Config: options}}
	d := &netconn.Dialer{Runner: r.client, TCP: options}
	if cfgs != nil {
		lc.TLS, d.TLS = cfgs.server, cfgs.client
	}
	address := netip.AddrPortFrom(pairAddrs[1].Addr(), 443).String()
	l, err := r.server.ListenWith("tcp", address, lc)
	if err != nil {
		return nil, nil, err
	}
	defer l.Close()
	dial := d.Dial
	if cfgs != nil {
		dial = d.DialTLS
	}
	if client, err = dial("tcp", address); err != nil {
		return nil, nil, err
	}
	server, err = l.Accept()
	return client, server, err
}

// newNetConns gives both ends of a connection, with TLS if it is to be secure, by identities of a kind that both ends
// have, if both authenticate.
func newNetConns(secure bool, kind identity.Kind, mutual bool) (rs *runners, client, server net.Conn, err error) {
	var cfgs *configs
	if secure {
		if cfgs, err = newConfigs(kind, tls.X25519, mutual); err != nil {
			return nil, nil, nil, err
		}
	}
	if rs, err = newRunners(); err != nil {
		return nil, nil, nil, err
	}
	if client, server, err = rs.connect(cfgs); err != nil {
		rs.close()
		return nil, nil, nil, err
	}
	return rs, client, server, nil
}

// NetConnBulk moves data from one net.Conn of package netconn to another, in writes of chunk bytes.
func NetConnBulk(chunk int, secure bool) measure.Contender {
	return func(e measure.Effort, r *measure.Readings) error {
		rs, client, server, err := newNetConns(secure, identity.P256, true)
		if err != nil {
			return err
		}
		defer rs.close()
		t, err := load.Bulk(client, server, chunk, e.WarmBytes, e.BulkBytes)
		if err != nil {
			return err
		}
		r.Add(bulkRate, measure.MBps(t.Bytes, t.Elapsed))
		r.Add(bulkMallocs, measure.PerOp(t.Mallocs, float64(t.Bytes)/float64(chunk)))
		return nil
	}
}

// NetConnRoundTrips times a byte to an echo and back through package netconn. Figure 0 is its time in µs.
func NetConnRoundTrips(secure bool) measure.Contender {
	return func(e measure.Effort, r *measure.Readings) error {
		rs, client, server, err := newNetConns(secure, identity.Ed25519, false)
		if err != nil {
			return err
		}
		defer rs.close()
		go load.Echo(server)
		if _, err := load.RoundTrips(client, e.RoundTrips/5+1); err != nil {
			return err
		}
		d, err := load.RoundTrips(client, e.RoundTrips)
		if err != nil {
			return err
		}
		r.Add(0, measure.Micros(d, e.RoundTrips))
		return nil
	}
}
