package kernel

import (
	"crypto/tls"
	"net"
	"net/netip"

	"smoltls/bench/internal/identity"
	"smoltls/bench/internal/load"
	"smoltls/bench/internal/measure"
)

// Port is where the kernel listens.
const Port = 443

// Chunk is the size of a write over TAP or veth, in bytes.
const Chunk = 16 << 10

// Bulk moves data from kernel to kernel over veth, over TCP alone or with crypto/tls at both ends. Figure 0 is its
// rate.
func Bulk(l Link) measure.Contender {
	return func(e measure.Effort, r *measure.Readings) error {
		v, err := NewVeth(l)
		if err != nil {
			return err
		}
		defer v.Close()
		from, to, err := v.connect()
		if err != nil {
			return err
		}
		defer from.Close()
		defer to.Close()
		if l.Secure {
			if from, to, err = secured(from, to); err != nil {
				return err
			}
		}
		t, err := load.Bulk(from, to, Chunk, e.WarmBytes, e.TAPBytes)
		if err != nil {
			return err
		}
		r.Add(0, measure.MBps(t.Bytes, t.Elapsed))
		return nil
	}
}

// connect gives both ends of a TCP connection over the pair.
func (v *Veth) connect() (client, server net.Conn, err error) {
	at := netip.AddrPortFrom(vethAddrs[1].Addr(), Port)
	l, err := v.ends[1].Listen(at)
	if err != nil {
		return nil, nil, err
	}
	defer l.Close()
	if client, err = v.ends[0].Dial(at); err != nil { // the kernel completes it before anybody accepts
		return nil, nil, err
	}
	server, err = l.Accept()
	return client, server, err
}

// secured puts TLS over both ends of a connection.
func secured(client, server net.Conn) (c, s net.Conn, err error) {
	ids, err := identity.NewPair(identity.P256)
	if err != nil {
		return nil, nil, err
	}
	clientCfg, serverCfg := ids.StdConfigs(tls.X25519, true)
	return load.Secure(client, server, clientCfg, serverCfg)
}
