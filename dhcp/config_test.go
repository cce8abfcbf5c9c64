package dhcp

import (
	"bytes"
	"encoding/hex"
	"errors"
	"net/netip"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"smoltls/iface"
	"smoltls/phy"
)

func newInterface(t *testing.T, m phy.Medium) *iface.Interface {
	t.Helper()
	dev, _ := phy.NewPipe(phy.PipeConfig{Medium: m})
	ifc, err := iface.New(iface.Config{Device: dev, HardwareAddr: clientMAC, AddrsLater: true})
	if err != nil {
		t.Fatal(err)
	}
	return ifc
}

func TestConfigurationsThatCanNotWork(t *testing.T) {
	long := strings.Repeat("x", maxOption+1)
	for name, c := range map[string]Config{
		"identifier too short": {ClientID: []byte{1}}, "identifier too long": {ClientID: []byte(long)}, "host name": {Hostname: long}, "class": {VendorClass: long}, "options": {Options: []byte(long)},
		"IPv6": {Request: netip.IPv6Loopback()}, "lease of nothing": {Lease: &Lease{}}, "negative wait": {SelectWait: -1}, "negative delay": {StartDelay: -1},
		"timeouts": {Timeout: 2 * time.Second, MaxTimeout: time.Second}, "offers": {Limits: Limits{Offers: -1}}, "messages": {Limits: Limits{MessageSize: leastMessage - 1}},
	} {
		if _, err := New(newInterface(t, phy.MediumEthernet), c); !errors.Is(err, ErrConfig) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := New(newInterface(t, phy.MediumIP), Config{}); !errors.Is(err, ErrConfig) {
		t.Errorf("without Ethernet: %v", err)
	}
	failing := errors.New("no entropy")
	if _, err := New(newInterface(t, phy.MediumEthernet), Config{Rand: iotest.ErrReader(failing)}); !errors.Is(err, failing) {
		t.Error(err)
	}
	ifc := newInterface(t, phy.MediumEthernet)
	if _, err := New(ifc, Config{}); err != nil {
		t.Fatal(err)
	}
	if _, err := New(ifc, Config{}); !errors.Is(err, iface.ErrAddrInUse) {
		t.Errorf("a second client: %v", err)
	}
}

func TestTheClientIsIdentified_RFC4361_6_1(t *testing.T) {
	if got := hex.EncodeToString(clientID([6]byte{0xaa, 0xbb, 1, 2, 3, 4})); got != "ff"+"01020304"+"0003"+"0001"+"aabb01020304" {
		t.Error(got)
	}
	w := newWorld(t, Config{})
	w.untilBound()
	for _, h := range w.heard {
		if !bytes.Equal(h.options[61], clientID(clientMAC)) {
			t.Errorf("%x", h.options[61])
		}
	}
}
