package netconn

import (
	"errors"
	"net/netip"
	"testing"
	"testing/synctest"

	"smoltls/iface"
	"smoltls/tlssock"
)

func TestAConnectionThatCanNotBeginLeavesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		nowhere := netip.MustParseAddrPort("198.51.100.1:80")
		if _, err := w.client.connect(nowhere, nil, false, nil, nil); !errors.Is(err, iface.ErrNoRoute) {
			t.Errorf("TCP: %v", err)
		}
		if _, err := w.client.connect(nowhere, w.clientTLS, false, nil, nil); !errors.Is(err, iface.ErrNoRoute) {
			t.Errorf("TLS: %v", err)
		}
		if _, err := w.client.connect(netip.MustParseAddrPort("192.0.2.2:80"), &tlssock.Config{}, false, nil, nil); !errors.Is(err, tlssock.ErrConfig) {
			t.Errorf("TLS without trust: %v", err)
		}
		if n := len(w.client.tcpHome.conns) + len(w.client.tlsHome.conns) + w.client.tcps.Len() + w.client.tlss.Len(); n != 0 {
			t.Errorf("%d are left", n)
		}
	})
}
