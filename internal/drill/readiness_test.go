package drill

import (
	"testing"
	"time"

	"smoltls/tcp"
)

// events polls one descriptor without waiting.
func (p *peer) events(fd int) int {
	fds := []PollFD{{FD: fd, Events: PollIn | PollOut | PollRdhup}}
	p.w.Poll(fds, 0, MovesClock)
	return fds[0].Revents
}

func TestADescriptorIsReadyForWhatItCanDo(t *testing.T) {
	p := newPeer(t, Config{})
	fd := p.accepted()
	for _, c := range []struct {
		flags tcp.Flags
		data  string
		want  int
	}{{tcp.ACK, "", PollOut}, {tcp.ACK, "x", PollOut | PollIn}, {tcp.ACK | tcp.FIN, "", PollOut | PollIn | PollRdhup}, {tcp.RST, "", PollOut | PollIn | PollRdhup | PollErr | PollHup}} {
		p.send(c.flags, c.data)
		if got := p.events(fd); got != c.want {
			t.Errorf("after %v: %#x, want %#x", c.flags, got, c.want)
		}
	}
	if got := p.events(fd + 100); got != PollNval {
		t.Errorf("%#x", got)
	}
	other, _ := p.w.Socket(AFInet, SockStream, 0)
	if got := p.events(other); got != PollOut|PollHup {
		t.Errorf("%#x", got)
	}
}

func TestPollWaitsForAsLongAsItIsTold(t *testing.T) {
	p := newPeer(t, Config{})
	fd := p.accepted()
	fds := []PollFD{{FD: fd, Events: PollIn}}
	began := p.w.Now()
	if n, errno := p.w.Poll(fds, time.Second, MovesClock); n != 0 || errno != 0 {
		t.Fatal(n, errno)
	}
	if d := p.w.Now().Sub(began); d != time.Second+tick {
		t.Fatal(d)
	}
	if _, errno := p.w.Poll(fds, -1, MovesClock); errno != EDEADLK {
		t.Fatal(errno)
	}
	p.send(tcp.ACK, "x")
	if n, errno := p.w.Poll(fds, -1, MovesClock); n != 1 || errno != 0 {
		t.Fatal(n, errno)
	}
}

func TestAListenerIsReadyWhenSomebodyWaits(t *testing.T) {
	p := newPeer(t, Config{})
	l := p.listener()
	if got := p.events(l); got != 0 {
		t.Fatalf("%#x", got)
	}
	p.send(tcp.SYN, "")
	p.expect(tcp.SYN|tcp.ACK, "")
	p.send(tcp.ACK, "")
	for range 2 {
		if got := p.events(l); got != PollIn {
			t.Fatalf("%#x", got)
		}
	}
	_, _, errno := p.w.Accept(l, MovesClock)
	p.must(errno)
	if got := p.events(l); got != 0 {
		t.Fatalf("%#x", got)
	}
}
