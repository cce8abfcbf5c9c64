package drill

import (
	"testing"

	"smoltls/tcp"
)

func TestOnlyStreamsOfTCPAreSockets(t *testing.T) {
	p := newPeer(t, Config{})
	for _, c := range []struct {
		family, kind, protocol int
		want                   Errno
	}{{AFInet, SockStream, 0, 0}, {AFInet6, SockStream | SockNonblock, ProtoTCP, 0}, {AFInet, SockStream, 17, EPROTONOSUPPORT}, {AFInet, 2, 0, EPROTONOSUPPORT}, {1, SockStream, 0, EAFNOSUPPORT}} {
		_, errno := p.w.Socket(c.family, c.kind, c.protocol)
		p.is(errno, c.want)
	}
}

func TestACallOnADescriptorThatIsNoneSaysSo(t *testing.T) {
	p := newPeer(t, Config{})
	const fd = FirstDescriptor
	_, fcntl := p.w.Fcntl(fd, FGetFL, 0)
	_, ioctl := p.w.Ioctl(fd, SIOCINQ)
	_, _, accept := p.w.Accept(fd, MovesClock)
	_, read := p.w.Read(fd, nil, 0, MovesClock)
	_, write := p.w.Write(fd, nil, 0, MovesClock)
	_, get := p.w.Getsockopt(fd, SolSocket, SoError)
	for _, errno := range []Errno{
		fcntl, ioctl, accept, read, write, get, p.w.Close(fd), p.w.Shutdown(fd, ShutRD), p.w.Bind(fd, nil), p.w.Listen(fd, 1), p.w.Connect(fd, nil, MovesClock),
		p.w.Setsockopt(fd, SolSocket, SoSndbuf, make([]byte, 4)),
	} {
		p.is(errno, EBADF)
	}
}

func TestFlagsOfADescriptorAreKept(t *testing.T) {
	p := newPeer(t, Config{})
	fd, _ := p.w.Socket(AFInet, SockStream, 0)
	for _, want := range []int{ORdwr, ORdwr | ONonblock, ORdwr} {
		_, errno := p.w.Fcntl(fd, FSetFL, want)
		p.must(errno)
		if got, _ := p.w.Fcntl(fd, FGetFL, 0); got != want {
			t.Errorf("%o, want %o", got, want)
		}
	}
	_, errno := p.w.Fcntl(fd, 1024, 0)
	p.is(errno, EINVAL)
}

func TestQueuesAreTold(t *testing.T) {
	p := newPeer(t, Config{})
	fd := p.accepted()
	queued := func(request, want int) {
		t.Helper()
		if n, errno := p.w.Ioctl(fd, request); n != want || errno != 0 {
			t.Fatalf("%#x: %d, errno %d", request, n, errno)
		}
	}
	queued(SIOCINQ, 0)
	p.send(tcp.ACK, "12345")
	queued(SIOCINQ, 5)
	p.w.Write(fd, [][]byte{make([]byte, 60000)}, 0, MovesClock)
	queued(SIOCOUTQ, 60000)
	queued(SIOCOUTQNSD, 60000-10*tcpDefaultMSS)
	p.w.Read(fd, [][]byte{make([]byte, 5)}, 0, MovesClock)
	p.send(tcp.ACK|tcp.FIN, "")
	queued(SIOCINQ, 0)
}

// tcpDefaultMSS is what goes to a peer that has named no segment size, ten of which are the first window.
const tcpDefaultMSS = 536

func TestEachDirectionEndsByItself(t *testing.T) {
	p := newPeer(t, Config{})
	fd := p.accepted()
	p.must(p.w.Shutdown(fd, ShutRD))
	if n, errno := p.w.Read(fd, [][]byte{make([]byte, 1)}, 0, MovesClock); n != 0 || errno != 0 {
		t.Fatal(n, errno)
	}
	p.must(p.w.Shutdown(fd, ShutRDWR))
	p.expect(tcp.FIN|tcp.ACK, "")
	_, errno := p.w.Write(fd, [][]byte{{1}}, 0, MovesClock)
	p.is(errno, EPIPE)
	p.is(p.w.Shutdown(fd, 3), EINVAL)
	other, _ := p.w.Socket(AFInet, SockStream, 0)
	p.is(p.w.Shutdown(other, ShutWR), ENOTCONN)
}

func TestClosingAListenerResetsWhatNobodyAccepted(t *testing.T) {
	p := newPeer(t, Config{})
	l := p.listener()
	p.send(tcp.SYN, "")
	p.expect(tcp.SYN|tcp.ACK, "")
	p.send(tcp.ACK, "")
	if n, _ := p.w.Poll([]PollFD{{FD: l, Events: PollIn}}, 0, MovesClock); n != 1 { // which takes it from the listener
		t.Fatal("nobody waits")
	}
	p.must(p.w.Close(l))
	p.expect(tcp.RST|tcp.ACK, "")
}
