package iface

import (
	"net/netip"
	"testing"
)

func TestIdentifiersAreStableAndOpaque_RFC7217_5(t *testing.T) {
	id := func(network netip.Prefix, change func(*Config)) netip.Addr {
		a := newAutoRig(t, change)
		var tries uint8
		return a.stableAddr(network, &tries).Addr()
	}
	base := id(netA, nil)
	if base != id(netA, func(c *Config) { c.HardwareAddr = peerMAC; c.Rand = zeroRand{9} }) {
		t.Error("it changes with the hardware or the run, though the secret is the same")
	}
	seen := map[[8]byte]string{}
	for name, a := range map[string]netip.Addr{
		"base": base, "another network": id(netB, nil), "another secret": id(netA, func(c *Config) { c.StableSecret = []byte("other") }),
		"another name": id(netA, func(c *Config) { c.StableName = "eth1" }), "another VLAN": id(netA, func(c *Config) { c.VLAN = 7 }),
		"no secret": id(netA, func(c *Config) { c.StableSecret = nil }), "no secret, another run": id(netA, func(c *Config) { c.StableSecret = nil; c.Rand = zeroRand{77} }),
	} {
		b := a.As16()
		k := [8]byte(b[8:])
		if other, same := seen[k]; same {
			t.Errorf("%s and %s have the same identifier", name, other)
		}
		seen[k] = name
		if network := netip.PrefixFrom(a, 64).Masked(); network != netA && network != netB {
			t.Errorf("%s: %v", name, a)
		}
	}
	a := newAutoRig(t, nil)
	b := netA.Addr().As16()
	if a.stableID([8]byte(b[:]), 0) == a.stableID([8]byte(b[:]), 1) {
		t.Error("DAD_Counter does not count")
	}
}

func TestReservedIdentifiersAreNotTaken_RFC5453_3(t *testing.T) {
	for id, want := range map[uint64]bool{
		0: true, 1: false, 0x02005efffe000000: true, 0x02005efffe005212: true, 0x02005efffeffffff: true, 0x02005effff000000: false, 0x02005efffdffffff: false,
		0xfdffffffffffff7f: false, 0xfdffffffffffff80: true, 0xfdffffffffffffff: true, 0xfe00000000000000: false,
	} {
		if reservedID(id) != want {
			t.Errorf("%016x: %t", id, !want)
		}
	}
}
