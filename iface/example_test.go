package iface_test

import (
	"fmt"
	"net/netip"
	"time"

	"smoltls/iface"
	"smoltls/phy"
	"smoltls/tcp"
)

// nobody hears of news: the example looks for itself. Sets (smoltls/set) hear of it.
type nobody struct{}

func (nobody) ConnEvent(*iface.Conn) {}

// Two interfaces at the ends of an Ethernet. Sets of sockets, with handles and TLS, are in smoltls/set.
func Example() {
	left, right := phy.NewPipe(phy.PipeConfig{Medium: phy.MediumEthernet})
	open := func(dev phy.Device, addr string) *iface.Interface {
		i, err := iface.New(iface.Config{Device: dev, Addrs: []netip.Prefix{netip.MustParsePrefix(addr)}})
		if err != nil {
			panic(err)
		}
		return i
	}
	client, server := open(left, "192.0.2.1/24"), open(right, "192.0.2.2/24")

	at := netip.MustParseAddrPort("192.0.2.2:80")
	var l iface.Listener
	alloc := func() (*iface.Conn, iface.Owner) { return new(iface.Conn), nobody{} }
	if err := server.Listen(&l, at, tcp.ListenConfig{}, alloc); err != nil {
		panic(err)
	}
	var c iface.Conn
	if err := client.Connect(&c, nobody{}, at, nil); err != nil {
		panic(err)
	}

	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) // the clock is whatever one says
	const frames = 64
	poll := func() {
		for range 10 {
			for _, i := range []*iface.Interface{client, server} {
				i.Ingress(now, frames)
				i.Egress(now, frames)
			}
		}
	}
	poll()
	accepted, ok := l.Accept()
	fmt.Println(ok, c.State(), accepted.RemoteAddr().Addr())
	c.TryWrite([]byte("hello"))
	poll()
	fmt.Printf("%s\n", accepted.Peek())
	// Output:
	// true ESTABLISHED 192.0.2.1
	// hello
}
