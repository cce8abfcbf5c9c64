package drill

import (
	"testing"

	"smoltls/tcp"
)

func TestAConnectionIsOpenedFromWhereItIsBound(t *testing.T) {
	p := newPeer(t, Config{})
	fd, _ := p.w.Socket(AFInet, SockStream|SockNonblock, 0)
	p.must(p.w.Bind(fd, sockaddr(AFInet, p.local)))
	p.is(p.w.Bind(fd, sockaddr(AFInet, p.local)), EINVAL)
	p.is(p.w.Connect(fd, sockaddr(AFInet, p.remote), MovesClock), EINPROGRESS)
	p.expect(tcp.SYN, "")
	p.is(p.w.Connect(fd, sockaddr(AFInet, p.remote), MovesClock), EALREADY)
	p.send(tcp.SYN|tcp.ACK, "")
	p.expect(tcp.ACK, "")
	p.must(p.w.Connect(fd, sockaddr(AFInet, p.remote), MovesClock))
	p.is(p.w.Connect(fd, sockaddr(AFInet, p.remote), MovesClock), EISCONN)
	p.is(p.w.Listen(fd, 1), EINVAL)
}

func TestARefusedConnectionSaysSoOnce(t *testing.T) {
	p := newPeer(t, Config{})
	fd, _ := p.w.Socket(AFInet, SockStream|SockNonblock, 0)
	p.must(p.w.Bind(fd, sockaddr(AFInet, p.local)))
	p.is(p.w.Connect(fd, sockaddr(AFInet, p.remote), MovesClock), EINPROGRESS)
	p.expect(tcp.SYN, "")
	p.send(tcp.RST|tcp.ACK, "")
	for _, want := range []Errno{ECONNREFUSED, 0} {
		b, _ := p.w.Getsockopt(fd, SolSocket, SoError)
		p.is(Errno(b[0]), want)
	}
}

func TestASocketThatListensNeedsAPlace(t *testing.T) {
	p := newPeer(t, Config{})
	fd, _ := p.w.Socket(AFInet, SockStream|SockNonblock, 0)
	p.is(p.w.Listen(fd, 1), EINVAL)
	_, _, errno := p.w.Accept(fd, MovesClock)
	p.is(errno, EINVAL)
	p.must(p.w.Bind(fd, sockaddr(AFInet, p.local)))
	p.must(p.w.Listen(fd, 1))
	p.must(p.w.Listen(fd, 1))
	_, _, errno = p.w.Accept(fd, MovesClock)
	p.is(errno, EAGAIN)
	p.is(p.w.Connect(fd, sockaddr(AFInet, p.remote), MovesClock), EISCONN)
	other, _ := p.w.Socket(AFInet, SockStream, 0)
	p.must(p.w.Bind(other, sockaddr(AFInet, p.local)))
	p.is(p.w.Listen(other, 1), EADDRINUSE)
}
