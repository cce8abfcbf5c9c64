package drill

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"smoltls/tcp"
)

func TestOptionsReachTheConfiguration(t *testing.T) {
	p := newPeer(t, Config{})
	fd, _ := p.w.Socket(AFInet, SockStream, 0)
	for _, o := range []struct{ level, name, value int }{
		{SolTCP, TCPNodelay, 1}, {SolSocket, SoSndbuf, 1000}, {SolSocket, SoRcvbuf, 2000}, {SolSocket, SoKeepalive, 1}, {SolTCP, TCPKeepidle, 3}, {SolTCP, TCPKeepintvl, 4},
		{SolTCP, TCPKeepcnt, 5}, {SolTCP, TCPMaxseg, 1100}, {SolTCP, TCPUserTimeout, 6}, {SolIP, IPTos, 0xb8}, {SolIP, IPTTL, 7}, {SolSocket, SoReuseaddr, 1},
	} {
		p.must(p.w.Setsockopt(fd, o.level, o.name, number(o.value)))
	}
	p.must(p.w.Setsockopt(fd, SolTCP, TCPCongestion, []byte("bbr\x00")))
	p.must(p.w.Setsockopt(fd, SolSocket, SoLinger, append(number(1), number(8)...)))
	want := tcp.Config{
		MaxSegment: 1100,
		SendBuffer: 2000, MaxSendBuffer: 2000, RecvBuffer: 4000, MaxRecvBuffer: 4000, KeepAlive: 3 * time.Second, KeepAliveInterval: 4 * time.Second, KeepAliveCount: 5,
		UserTimeout: 6 * time.Millisecond, DSCP: 46, HopLimit: 7, Congestion: tcp.BBR, Linger: 8 * time.Second, AckDelay: quickACK, NoPacing: true,
	}
	if got := *p.w.descriptors[fd].cfg; got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestASegmentSizeIsToldBeforeThereIsAConnection(t *testing.T) {
	p := newPeer(t, Config{})
	fd, _ := p.w.Socket(AFInet, SockStream, 0)
	for _, want := range []int{defaultMSS, 900} {
		if b, _ := p.w.Getsockopt(fd, SolTCP, TCPMaxseg); int(binary.NativeEndian.Uint32(b)) != want {
			t.Errorf("% x, want %d", b, want)
		}
		p.must(p.w.Setsockopt(fd, SolTCP, TCPMaxseg, number(900)))
	}
}

func TestKeepAliveIsOnWhenItIsTurnedOn(t *testing.T) {
	p := newPeer(t, Config{})
	fd, _ := p.w.Socket(AFInet, SockStream, 0)
	for _, o := range []struct {
		level, name, value int
		want               time.Duration
	}{
		{SolSocket, SoKeepalive, 1, 2 * time.Hour}, {SolSocket, SoKeepalive, 0, 0}, {SolTCP, TCPKeepidle, 3, 0}, {SolSocket, SoKeepalive, 1, 3 * time.Second},
		{SolTCP, TCPKeepidle, 4, 4 * time.Second},
	} {
		p.must(p.w.Setsockopt(fd, o.level, o.name, number(o.value)))
		if got := p.w.descriptors[fd].cfg.KeepAlive; got != o.want {
			t.Errorf("%+v: %v", o, got)
		}
	}
}

func TestOptionsThatAreNoneAreRefused(t *testing.T) {
	p := newPeer(t, Config{})
	fd, _ := p.w.Socket(AFInet, SockStream, 0)
	p.is(p.w.Setsockopt(fd, SolTCP, TCPNodelay, []byte{1}), EINVAL)
	p.is(p.w.Setsockopt(fd, SolTCP, 1000, number(1)), ENOPROTOOPT)
	p.is(p.w.Setsockopt(fd, SolTCP, TCPCongestion, []byte("vegas")), EINVAL)
	p.is(p.w.Setsockopt(fd, SolSocket, SoLinger, number(1)), EINVAL)
	p.must(p.w.Setsockopt(fd, SolIP, IPTos, []byte{4}))
	for _, level := range []int{SolSocket, SolTCP, SolIP} {
		_, errno := p.w.Getsockopt(fd, level, 1000)
		p.is(errno, ENOPROTOOPT)
	}
}

func TestLingerMayEndAConnectionAtOnce(t *testing.T) {
	p := newPeer(t, Config{})
	fd := p.accepted()
	for _, value := range [][]byte{append(number(1), number(0)...), append(number(0), number(0)...), append(number(1), number(0)...)} {
		p.must(p.w.Setsockopt(fd, SolSocket, SoLinger, value))
	}
	p.must(p.w.Close(fd))
	p.expect(tcp.RST|tcp.ACK, "")
}

func TestWhatNagleHoldsBackLeavesWithTheOption(t *testing.T) {
	p := newPeer(t, Config{})
	fd := p.accepted()
	p.w.Write(fd, [][]byte{[]byte("first")}, 0, MovesClock)
	p.expect(tcp.ACK, "first")
	p.w.Write(fd, [][]byte{[]byte("second")}, 0, MovesClock)
	if len(p.w.wire.left) != 0 {
		t.Fatal("it left at once")
	}
	p.must(p.w.Setsockopt(fd, SolTCP, TCPNodelay, number(1)))
	p.expect(tcp.ACK, "second")
}

func TestOptionsCanBeAskedFor(t *testing.T) {
	p := newPeer(t, Config{})
	fd := p.accepted()
	for _, o := range []struct{ level, name, value int }{{SolSocket, SoType, SockStream}, {SolTCP, TCPNodelay, 0}, {SolTCP, TCPMaxseg, 536}, {SolTCP, TCPUserTimeout, 0}, {SolSocket, SoError, 0}} {
		b, errno := p.w.Getsockopt(fd, o.level, o.name)
		p.must(errno)
		if got := int(binary.NativeEndian.Uint32(b)); got != o.value {
			t.Errorf("%d of level %d is %d, want %d", o.name, o.level, got, o.value)
		}
	}
	if b, _ := p.w.Getsockopt(fd, SolTCP, TCPCongestion); !bytes.Equal(b, []byte("cubic\x00")) {
		t.Errorf("%q", b)
	}
	if b, _ := p.w.Getsockopt(fd, SolTCP, TCPInfo); len(b) != tcpInfoLen || b[0] != 1 {
		t.Errorf("% x", b)
	}
}
