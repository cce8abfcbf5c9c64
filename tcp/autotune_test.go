package tcp

import (
	"testing"
	"time"

	"smoltls/internal/bufpool"
)

func TestBuffersThatTuneThemselvesFillALongPath(t *testing.T) {
	for _, c := range []Congestion{CUBIC, NewReno, BBR} {
		p := newBottleneck(t, 1, 100, 50*time.Millisecond, 1, 0) // 1.25 MB each way round
		f := p.add(Config{Congestion: c, MaxSendBuffer: 16 << 20, MaxRecvBuffer: 16 << 20}, 0)
		if _, sum := p.measure(5*time.Second, 10*time.Second); sum < 0.95 {
			t.Errorf("%v: %.3f of the link", c, sum)
		}
		if most := f.b.recvLimit(); most < p.bdp() || most > 16<<20 {
			t.Errorf("%v: a receive buffer of %d for a path of %d", c, most, p.bdp())
		}
		if most := f.a.sendLimit(); most < p.bdp() || most > 16<<20 {
			t.Errorf("%v: a send buffer of %d for a path of %d", c, most, p.bdp())
		}
	}
}

func TestBuffersDoNotGrowBeyondTheirBounds(t *testing.T) {
	p := newBottleneck(t, 1, 100, 50*time.Millisecond, 1, 0)
	f := p.add(Config{MaxSendBuffer: 300 << 10, MaxRecvBuffer: 200_000}, 0)
	for range 50 {
		p.run(100 * time.Millisecond)
		if n := f.a.WriteBuffered(); n > bufpool.Size(300<<10) {
			t.Fatalf("%d bytes in the send buffer", n)
		}
		if n := f.b.Info().RecvWindow; n > 200_000 {
			t.Fatalf("a window of %d bytes", n)
		}
	}
	if f.b.recvLimit() != 200_000 {
		t.Errorf("%d of 200,000 bytes are used", f.b.recvLimit())
	}
}

func TestTheBufferOfOneWhoDoesNotReadDoesNotGrow(t *testing.T) {
	p := newBottleneck(t, 1, 100, 50*time.Millisecond, 1, 0)
	f := p.add(Config{MaxSendBuffer: 16 << 20, MaxRecvBuffer: 16 << 20}, 0)
	f.slow = 1 << 30
	p.run(5 * time.Second)
	if f.b.recvLimit() != DefaultBuffer || f.b.ReadBuffered() > DefaultBuffer {
		t.Errorf("a buffer of %d, with %d bytes in it", f.b.recvLimit(), f.b.ReadBuffered())
	}
}

func TestBuffersDoNotGrowWhereMemoryIsScarce(t *testing.T) {
	p := newBottleneck(t, 1, 100, 20*time.Millisecond, 1, 0)
	p.env.Pool = bufpool.New(bufpool.Config{Limit: 8 << 20})
	f := p.add(Config{MaxSendBuffer: 16 << 20, MaxRecvBuffer: 16 << 20}, 0)
	hold := p.env.Pool.Get(4 << 20)
	p.run(2 * time.Second)
	if f.b.recvLimit() != DefaultBuffer || f.a.sendLimit() != DefaultBuffer {
		t.Errorf("%d and %d", f.b.recvLimit(), f.a.sendLimit())
	}
	p.env.Pool.Put(hold)
	p.run(3 * time.Second)
	if f.b.recvLimit() == DefaultBuffer || f.a.sendLimit() == DefaultBuffer {
		t.Error("nor when there is memory again")
	}
}

func TestTheReceiveBufferFollowsWhatIsReadInARoundTrip(t *testing.T) {
	s := newScript(t, &Config{RecvBuffer: 10_000, MaxRecvBuffer: 50_000}).active()
	for _, step := range []struct {
		lines string
		limit int
	}{
		{`
			> S 0(0)
			+ 100ms
			< S. 0(0) ack 1
			> . 1(0)
			< . 1(2500) ack 1
			read 2500
			+ 100ms
			> . 1(0)
			< . 2501(1000) ack 1        # a quarter of it in a round trip`, 10_000},
		{`
			read 1000
			< . 3501(7500) ack 1
			read 7500
			+ 99ms
			< . 11001(10) ack 1`, 10_000}, // the round trip is not over
		{`
			+ 1ms
			< . 11011(10) ack 1`, 40_000}, // 8,510 bytes, four times
		{`
			read 20
			+ 40ms
			> . 1(0)
			< . 11021(19980) ack 1
			read 19980
			+ 160ms
			< . 31001(1000) ack 1`, 40_000}, // as much, as it took two round trips
		{`
			read 1000
			> . 1(0)
			< . 32001(10000) ack 1
			read 10000
			+ 100ms
			> . 1(0)
			< . 42001(1000) ack 1`, 50_000}, // all there may be
	} {
		s.run(step.lines)
		if got := s.sock.recvLimit(); got != step.limit {
			t.Fatalf("%d, want %d, after %q", got, step.limit, step.lines)
		}
	}
}

func TestAWriterHearsOfABufferThatHasGrownAroundWhatIsInIt(t *testing.T) {
	s := newScript(t, &Config{SendBuffer: 10_000, MaxSendBuffer: 40_000}).sacking().run("write 20000")
	s.drain()
	s.sock.cwnd = 3000
	s.sock.flags &^= flagWantWrite
	if s.sock.Writable() {
		t.Fatal("20,000 bytes in a buffer of 10,000")
	}
	s.sock.cwnd = 13_000
	told := s.sock.notified
	s.run("+ 100ms\n< . 1(0) ack 1001")
	if s.sock.notified == told || !s.sock.Writable() {
		t.Fatal("19,000 bytes in a buffer of 40,000, and nobody is told")
	}
}

func TestTheSendBufferFollowsTheCongestionWindow(t *testing.T) {
	s := window(10_000, maxCwnd)
	s.env.Pool = bufpool.New(bufpool.Config{})
	for _, c := range []struct {
		cfg  Config
		cwnd uint32
		want int
	}{
		{Config{}, 10_000, DefaultBuffer}, {Config{}, 100_000, 512 << 10}, {Config{}, 1 << 30, DefaultMaxBuffer},
		{Config{SendBuffer: 5000}, 1 << 20, 5000}, {Config{SendBuffer: 5000, MaxSendBuffer: 70_000}, 10_000, 40_000},
		{Config{SendBuffer: 5000, MaxSendBuffer: 70_000}, 1 << 30, 70_000}, {Config{SendBuffer: 5000, MaxSendBuffer: 2000}, 1 << 30, 5000},
	} {
		s.cfg, s.cwnd = &c.cfg, c.cwnd
		if got := s.sendLimit(); got != c.want {
			t.Errorf("%+v, cwnd %d: %d, want %d", c.cfg, c.cwnd, got, c.want)
		}
	}
}

func TestMemoryOfBuffersThatHaveGrownIsUsedAgain(t *testing.T) {
	pool := bufpool.New(bufpool.Config{})
	for n := DefaultBuffer; n <= DefaultMaxBuffer; n *= 2 {
		if allocs := testing.AllocsPerRun(10, func() { pool.Put(pool.Get(n)) }); allocs != 0 {
			t.Errorf("a buffer of %d KiB costs %v allocations each time that it fills", n>>10, allocs)
		}
	}
}

func TestALargeReceiveBufferDoesNotGrowByThePassingOfTime(t *testing.T) {
	s := newScript(t, &Config{RecvBuffer: 512 << 20, MaxRecvBuffer: 1 << 30}).established().run("< P. 1(1000) ack 1\nread 1000")
	s.sock.srtt, s.sock.tunedFrom = 100_000, s.irs+1
	s.sock.tunedAt = s.now.micros() - 1<<35/1000 - 1 // nanoseconds, times so many bytes, are just more than 64 bits hold
	s.run("< P. 1001(1) ack 1")
	if got := s.sock.recvLimit(); got != 512<<20 {
		t.Fatal(got)
	}
}
