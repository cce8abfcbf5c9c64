package drill

import (
	"testing"

	"smoltls/tcp"
)

func TestReadingFillsBuffersOneAfterTheOther(t *testing.T) {
	p := newPeer(t, Config{})
	fd := p.accepted()
	p.send(tcp.ACK, "abcdef")
	a, b := make([]byte, 4), make([]byte, 4)
	for range 2 { // what was peeked at is still there
		if n, errno := p.w.Read(fd, [][]byte{b}, MsgPeek, MovesClock); n != 4 || errno != 0 || string(b) != "abcd" {
			t.Fatal(n, errno, b)
		}
	}
	if n, errno := p.w.Read(fd, [][]byte{a, nil, b}, 0, MovesClock); n != 6 || errno != 0 || string(a)+string(b[:2]) != "abcdef" {
		t.Fatal(n, errno)
	}
	for _, flags := range []int{MsgDontwait, MsgDontwait | MsgPeek} {
		_, errno := p.w.Read(fd, [][]byte{a}, flags, MovesClock)
		p.is(errno, EAGAIN)
	}
}

func TestWritingTakesWhatFitsOrWaits(t *testing.T) {
	p := newPeer(t, Config{})
	fd := p.accepted()
	p.must(p.w.Setsockopt(fd, SolSocket, SoSndbuf, number(5000)))
	n, errno := p.w.Write(fd, [][]byte{make([]byte, 20000)}, MsgDontwait, MovesClock)
	if n < 10000 || n == 20000 || errno != 0 {
		t.Fatal(n, errno)
	}
	_, errno = p.w.Write(fd, [][]byte{{1}}, MsgDontwait, MovesClock)
	p.is(errno, EAGAIN)
	_, errno = p.w.Write(fd, [][]byte{{1}}, 0, MovesClock) // whose peer never answers
	p.is(errno, ETIMEDOUT)
	_, errno = p.w.Write(fd, [][]byte{{1}}, 0, MovesClock)
	p.is(errno, EPIPE)
}

func TestAResetIsToldOnce(t *testing.T) {
	p := newPeer(t, Config{})
	fd := p.accepted()
	p.send(tcp.RST, "")
	_, errno := p.w.Read(fd, [][]byte{make([]byte, 1)}, 0, MovesClock)
	p.is(errno, ECONNRESET)
	if n, errno := p.w.Read(fd, [][]byte{make([]byte, 1)}, 0, MovesClock); n != 0 || errno != 0 {
		t.Fatal(n, errno)
	}
}

func TestASocketWithoutAConnectionTransfersNothing(t *testing.T) {
	p := newPeer(t, Config{})
	fd, _ := p.w.Socket(AFInet, SockStream, 0)
	_, errno := p.w.Read(fd, nil, 0, MovesClock)
	p.is(errno, ENOTCONN)
	_, errno = p.w.Write(fd, nil, 0, MovesClock)
	p.is(errno, EPIPE)
}
