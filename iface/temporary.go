package iface

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"time"

	"smoltls/tcp"
)

// Temporary addresses (RFC 8981): beside each address that stays the same in a network, one that is replaced from day
// to day, which packets leave from unless somebody chooses otherwise. What knows an address today knows nothing
// tomorrow.
const (
	tempPreferred   = 24 * time.Hour        // RFC 8981 §3.8, TEMP_PREFERRED_LIFETIME
	tempValid       = 2 * tempPreferred     // TEMP_VALID_LIFETIME
	maxDesyncFactor = tempPreferred / 5 * 2 // MAX_DESYNC_FACTOR: so that stations do not change together
	tempIDRetries   = 3                     // TEMP_IDGEN_RETRIES
)

// temporary is what an address is that is one.
type temporary struct {
	of        *address    // in whose network it is; nil: it is not temporary
	preferred tcp.Instant // until then at most, whatever routers say
	valid     tcp.Instant
	replaced  bool
}

// regenAdvance is how long before its time is over a temporary address gets a successor, which must be tested first
// (RFC 8981 §3.8, REGEN_ADVANCE).
func (i *Interface) regenAdvance() time.Duration {
	return 2*time.Second + time.Duration(tempIDRetries*max(0, i.dadTransmits))*i.neighbors.nd.retrans
}

// takeTemporary brings the temporary addresses beside stable, which a router has just spoken of, up to date, and forms
// one where there is none (RFC 8981 §3.4).
func (i *Interface) takeTemporary(stable *address) {
	if !i.temporaryAddrs {
		return
	}
	current := false
	for _, a := range i.addrs {
		if a.temp.of == stable {
			a.follow()
			current = current || !a.temp.replaced
		}
	}
	if !current {
		i.formTemporary(stable)
	}
}

// follow lets a, which is temporary, last no longer than the network's addresses and its own time.
func (a *address) follow() {
	a.valid = min(a.temp.valid, a.temp.of.valid)
	a.preferred = min(a.temp.preferred, a.temp.of.preferred, a.valid)
}

// formTemporary forms one beside stable, unless it would be over before it is tested.
func (i *Interface) formTemporary(stable *address) {
	a := &address{prefix: i.temporaryAddr(stable.prefix), auto: true}
	a.temp = temporary{of: stable, preferred: i.now.Add(tempPreferred - i.randomDelay(maxDesyncFactor)), valid: i.now.Add(tempValid)}
	if a.follow(); a.preferred <= i.now.Add(i.regenAdvance()) {
		return
	}
	i.addrs = append(i.addrs, a)
	i.dueBy(i.now)
	i.testAddr(a, i.randomDelay(maxFirstDelay))
}

// temporaryAddr chooses an address in a network at random (RFC 8981 §3.3.1).
func (i *Interface) temporaryAddr(network netip.Prefix) netip.Prefix {
	b := network.Addr().As16()
	for {
		id := i.rng.Uint64()
		binary.BigEndian.PutUint64(b[8:], id)
		if a := netip.AddrFrom16(b); !reservedID(id) && i.findAddr(a) == nil {
			return netip.PrefixFrom(a, idBits)
		}
	}
}

// replaceTemporaries gives those whose time is nearly over a successor (RFC 8981 §3.6). It gives when next.
func (i *Interface) replaceTemporaries() tcp.Instant {
	next := tcp.Never
	for _, a := range slices.Clone(i.addrs) {
		t := &a.temp
		if t.of == nil || t.replaced {
			continue
		}
		at := t.preferred.Add(-i.regenAdvance())
		if at > i.now {
			next = min(next, at)
			continue
		}
		if t.replaced = true; slices.Contains(i.addrs, t.of) {
			i.formTemporary(t.of)
		}
	}
	return next
}
