package tlstest

import (
	"io"
	"net/netip"
	"testing"
	"time"

	"smoltls/netconn"
	"smoltls/phy"
	"smoltls/tlssock"
)

// Where the two ends of a Network are (RFC 5737, RFC 3849).
var (
	ClientAddr  = netip.MustParseAddr("192.0.2.1")
	ServerAddr  = netip.MustParseAddr("192.0.2.2")
	ClientAddr6 = netip.MustParseAddr("2001:db8::1")
	ServerAddr6 = netip.MustParseAddr("2001:db8::2")
)

// Network is two stacks on an Ethernet in memory: all that a test of its own needs. It ends with the test.
type Network struct {
	ClientStack, ServerStack *netconn.Runner
	Clock                    *Clock
	Link                     *Link

	capture *phy.CaptureDevice // nil: none
}

// NewNetwork makes a Network. Of o it looks at Now, Faults and Capture.
func NewNetwork(t testing.TB, o Options) *Network {
	t.Helper()
	left, right := phy.NewSharedPipe(phy.PipeConfig{Medium: phy.MediumEthernet})
	n := &Network{Clock: newClock(o.Now)}
	n.Link = newLink(left, o.Faults)
	var dev phy.Device = n.Link.device()
	if o.Capture != nil {
		var err error
		if n.capture, err = phy.Capture(dev, o.Capture, phy.CaptureOptions{Interface: "client"}); err != nil {
			t.Fatalf("tlstest: capture: %v", err)
		}
		dev = n.capture
	}
	n.ClientStack = n.start(t, dev, ClientAddr, ClientAddr6)
	n.ServerStack = n.start(t, right, ServerAddr, ServerAddr6)
	n.Link.runner = n.ClientStack
	n.Clock.wake = []*netconn.Runner{n.ClientStack, n.ServerStack}
	return n
}

// farewell is how long a network goes on after its test for what is still to be acknowledged: nobody looks any more.
const farewell = 100 * time.Millisecond

func (n *Network) start(t testing.TB, dev phy.Device, four, six netip.Addr) *netconn.Runner {
	t.Helper()
	r, err := netconn.Start(netconn.Config{
		Device: dev, Addrs: []netip.Prefix{netip.PrefixFrom(four, 24), netip.PrefixFrom(six, 64)}, Now: n.Clock.Now, Linger: farewell,
	})
	if err != nil {
		t.Fatalf("tlstest: %v", err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// keyLog is where the secrets of connections go, so that the capture shows them decrypted; nil: nowhere.
func (n *Network) keyLog() io.Writer {
	if n.capture == nil {
		return nil
	}
	return n.capture.KeyLog()
}

// other gives the other role.
func other(r tlssock.Role) tlssock.Role { return 1 - r }
