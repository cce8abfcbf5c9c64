package tcp_test

import (
	"fmt"

	"smoltls/tcp"
)

// station is the host of a socket: an interface in miniature, which looks for itself whether there is something to do.
type station struct{ tcp.Socket }

func (*station) Wake()   {}
func (*station) Notify() {}

// Two sockets and nothing between them: what one emits the other one processes. An interface adds headers and a device.
func Example() {
	var env tcp.Env
	var listener tcp.Listener
	listener.Init(&env, tcp.ListenConfig{})
	client, server := new(station), new(station)
	client.Init(&env, client, nil)
	server.Init(&env, server, nil)

	now := tcp.Instant(0)
	if err := client.Connect(now, 50_000, 80, 1, 1460); err != nil {
		fmt.Println(err)
		return
	}
	carry := func(from, to *station) (some bool) {
		var buf [2000]byte
		var seg tcp.Segment
		for n := from.Emit(now, buf[:], 0); n > 0; n = from.Emit(now, buf[:], 0) {
			if err := seg.Parse(buf[:n]); err != nil {
				fmt.Println(err)
				return false
			}
			if some = true; to.State() == tcp.StateClosed {
				listener.Open(now, &to.Socket, &seg, 1000, 1460)
			} else {
				to.Process(now, &seg)
			}
		}
		return some
	}
	rest := func() {
		for carry(client, server) || carry(server, client) {
		}
	}

	rest()
	fmt.Println(client.State(), server.State())
	client.TryWrite([]byte("hello"))
	client.CloseWrite()
	rest()
	fmt.Printf("%s %v %v\n", server.Peek(), client.State(), server.State())
	// Output:
	// ESTABLISHED ESTABLISHED
	// hello FIN-WAIT-2 CLOSE-WAIT
}
