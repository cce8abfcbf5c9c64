package drill

import (
	"net/netip"
	"testing"

	"smoltls/tcp"
)

func TestAConnectionLivesAndEnds(t *testing.T) {
	p := newPeer(t, Config{})
	fd := p.accepted()
	if n, errno := p.w.Write(fd, [][]byte{[]byte("hello "), []byte("you")}, 0, MovesClock); n != 9 || errno != 0 {
		t.Fatal(n, errno)
	}
	p.expect(tcp.ACK, "hello you")
	p.send(tcp.ACK|tcp.FIN, "bye")
	p.expect(tcp.ACK, "")
	b := make([]byte, 10)
	if n, errno := p.w.Read(fd, [][]byte{b}, 0, MovesClock); string(b[:max(n, 0)]) != "bye" || errno != 0 {
		t.Fatal(n, errno)
	}
	if n, errno := p.w.Read(fd, [][]byte{b}, 0, MovesClock); n != 0 || errno != 0 {
		t.Fatal(n, errno)
	}
	p.must(p.w.Close(fd))
	p.expect(tcp.ACK|tcp.FIN, "")
	p.send(tcp.ACK, "")
	if _, _, ok := p.w.Receive(); ok {
		t.Fatal("something left")
	}
}

func TestWhatIsLostIsSentAgainAtItsTime(t *testing.T) {
	p := newPeer(t, Config{})
	fd := p.accepted()
	p.w.Write(fd, [][]byte{[]byte("x")}, 0, MovesClock)
	first := p.expect(tcp.ACK, "x")
	if d := p.expect(tcp.ACK, "x").Sub(first); d < tcp.DefaultMinRTO || d > tcp.DefaultInitialRTO {
		t.Fatal(d)
	}
}

func TestAWorldWithoutAddressesThatItCanHaveIsRefused(t *testing.T) {
	if _, err := New(Config{Addrs: []netip.Prefix{netip.MustParsePrefix("224.0.0.1/8")}}); err == nil {
		t.Fatal("an interface with a group's address")
	}
}
