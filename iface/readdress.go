package iface

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"smoltls/tcp"
)

// Addresses that come and go while the interface runs, as a protocol or a person gives them: DHCP's are (package dhcp).

// AddrConfig is an address for [Interface.AddAddr].
type AddrConfig struct {
	Prefix     netip.Prefix // the address, and the length of the network that is on the link
	ValidUntil time.Time    // then it is gone, and connections from it end with [ErrAddrGone]; zero: never

	// Probes is by how many questions an IPv4 address is tested on Ethernet before it is used, and makes it be
	// announced after that and defended (RFC 5227); zero or less: none of that. [DefaultProbes] is the RFC's number.
	// IPv6 addresses are tested as [Config].DADTransmits says.
	Probes        int
	ProbeInterval time.Duration // between two of them, a third more or less; default [DefaultProbeInterval]
}

// AddAddr makes c.Prefix an address of ours from now on; AddrTentative is its state while it is tested, and
// AddrDuplicate when another station has it. One that we have already gets another network and lifetime, and is tested
// anew only if it was found to be another's. Errors: [ErrConfig].
func (i *Interface) AddAddr(now time.Time, c AddrConfig) error {
	if err := checkAddr(c.Prefix, i.mtu); err != nil {
		return err
	}
	i.setNow(now)
	valid := tcp.Never
	if !c.ValidUntil.IsZero() {
		valid = tcp.Instant(c.ValidUntil.Sub(i.epoch))
	}
	i.dueBy(valid)
	if a := i.findAddr(c.Prefix.Addr()); a != nil {
		a.valid, a.preferred, a.temp = valid, tcp.Never, temporary{}
		i.dueBy(i.now) // to be preferred again
		if a.prefix != c.Prefix || a.auto {
			i.moveNetwork(a, c.Prefix)
		}
		if a.state == AddrDuplicate {
			a.guard = newGuard(&c)
			i.testAddr(a, i.firstProbe(a))
		}
		return nil
	}
	a := &address{prefix: c.Prefix, guard: newGuard(&c), preferred: tcp.Never, valid: valid}
	i.addrs = append(i.addrs, a)
	i.addNetwork(c.Prefix)
	i.testAddr(a, i.firstProbe(a))
	return nil
}

// RemoveAddr takes an address away, at once: connections from it end with [ErrAddrGone], and so does what sockets for
// datagrams that are bound to it do. Errors: [ErrNotOurs].
func (i *Interface) RemoveAddr(a netip.Addr) error {
	b := i.findAddr(plain(a))
	if b == nil {
		return fmt.Errorf("%w: %v", ErrNotOurs, a)
	}
	i.dropAddr(b)
	i.refreshRoutes()
	return nil
}

// AddrState gives the state of an address of ours; [AddrGone]: it is none.
func (i *Interface) AddrState(a netip.Addr) AddrState {
	if b := i.findAddr(plain(a)); b != nil {
		return b.state
	}
	return AddrGone
}

// addNetwork: the network of p is on the link.
func (i *Interface) addNetwork(p netip.Prefix) {
	i.configured = append(slices.Clone(i.configured), tableEntry{prefix: p.Masked()})
	if i.ether && p.Addr().Is6() && !i.configured.onLink(linkLocalNetwork.Addr()) {
		i.configured = append(i.configured, tableEntry{prefix: linkLocalNetwork}) // RFC 4861 §5.1, and stays
	}
	i.refreshRoutes()
}

// forgetNetwork undoes what addNetwork, or Config, has said once: another address may be in the same network.
func (i *Interface) forgetNetwork(p netip.Prefix) {
	for k, e := range i.configured {
		if e.prefix == p.Masked() && !e.via.IsValid() {
			i.configured = slices.Delete(slices.Clone(i.configured), k, k+1)
			break
		}
	}
	i.routesStale = true
	i.dueBy(i.now)
}

// moveNetwork gives an address another network.
func (i *Interface) moveNetwork(a *address, to netip.Prefix) {
	if !a.auto {
		i.forgetNetwork(a.prefix)
	}
	a.prefix, a.auto = to, false
	i.addNetwork(to)
	i.resetOurs()
}
