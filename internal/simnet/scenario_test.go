package simnet

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"testing"
	"time"

	"smoltls/iface"
	"smoltls/phy"
	"smoltls/set"
	"smoltls/tcp"
)

// eachKind runs a scenario for plain TCP and TLS, over IPv4 on Ethernet and IPv6 on bare IP.
func eachKind(t *testing.T, scenario func(t *testing.T, p *pairLab, begin func(client, server Script, h ...Habits) *Flow), c pairConfig) {
	t.Helper()
	for _, overTLS := range []bool{false, true} {
		for _, m := range []phy.Medium{phy.MediumEthernet, phy.MediumIP} {
			t.Run(fmt.Sprintf("TLS %v, %v", overTLS, m), func(t *testing.T) {
				c.medium = m
				c.device = func(name string, d phy.Device) phy.Device { return capture(t, name, d) }
				p, err := newPairLab(max(*seedFlag, 1), c)
				if err != nil {
					t.Fatal(err)
				}
				to := server4
				if m == phy.MediumIP {
					to = server6
				}
				scenario(t, p, func(client, server Script, h ...Habits) *Flow {
					t.Helper()
					f, err := p.begin(overTLS, to, patient, client, server, h...)
					if err != nil {
						t.Fatal(err)
					}
					return f
				})
			})
		}
	}
}

var wan = Path{Delay: 20 * time.Millisecond, Rate: 50_000_000, QueueBytes: 300_000}

func (p *pairLab) finish(t *testing.T) {
	t.Helper()
	if err := p.Finish(time.Hour); err != nil {
		t.Fatal(err)
	}
}

func (p *pairLab) finishIntact(t *testing.T) {
	t.Helper()
	p.finish(t)
	if err := p.Intact(); err != nil {
		t.Fatal(err)
	}
}

func TestBulkBothWaysAtTheSameTime(t *testing.T) {
	eachKind(t, func(t *testing.T, p *pairLab, begin func(c, s Script, h ...Habits) *Flow) {
		begin(Exchange(3<<20), Exchange(2<<20), Habits{Chunk: 5000}, Habits{ZeroCopy: true})
		p.finishIntact(t)
		if there, back := p.wire.Count(); there.Overflowed+back.Overflowed > 0 && there.Bytes < 3<<20 {
			t.Errorf("%+v %+v", there, back)
		}
	}, pairConfig{there: wan, back: wan})
}

func TestRequestsAndResponsesTakeARoundTripEach(t *testing.T) {
	const rounds, rtt = 50, 40 * time.Millisecond
	eachKind(t, func(t *testing.T, p *pairLab, begin func(c, s Script, h ...Habits) *Flow) {
		begin(Repeat(rounds, Step{Write: 100}, Step{Read: 1000}), Repeat(rounds, Step{Read: 100}, Step{Write: 1000}))
		if err := p.Run(time.Hour, func() bool { return p.open == 0 }); err != nil {
			t.Fatal(err)
		}
		// The handshakes of TCP and TLS and the neighbour take less than five round trips; bytes take time on the link
		// too.
		if d := p.Elapsed(); d < rounds*rtt || d > (rounds+5)*rtt+50*time.Millisecond {
			t.Errorf("%d rounds took %v", rounds, d)
		}
		p.finish(t)
	}, pairConfig{there: wan, back: wan})
}

func TestHalfClosedConnectionsCarryTheOtherDirection(t *testing.T) {
	eachKind(t, func(t *testing.T, p *pairLab, begin func(c, s Script, h ...Habits) *Flow) {
		begin(Script{{Write: 1000, CloseWrite: true}, {Read: ToEOF}}, Script{{Read: ToEOF}, {Pause: time.Minute}, {Write: 500_000, CloseWrite: true}})
		p.finishIntact(t)
	}, pairConfig{there: wan, back: wan})
}

// The last bytes and the end of data come through though whoever sent them has closed, and forgotten the socket.
func TestWhatWasWrittenBeforeCloseArrives(t *testing.T) {
	eachKind(t, func(t *testing.T, p *pairLab, begin func(c, s Script, h ...Habits) *Flow) {
		f := begin(Script{{Read: ToEOF}}, Script{{Write: 60_000}})
		p.finishIntact(t)
		if f.Client.Received != 60_000 || !f.Client.EOF {
			t.Errorf("%v", f.Client)
		}
	}, pairConfig{there: wan, back: wan})
}

func TestAnAbortReachesThePeer(t *testing.T) {
	eachKind(t, func(t *testing.T, p *pairLab, begin func(c, s Script, h ...Habits) *Flow) {
		f := begin(Script{{Write: 100_000, Read: 10_000}, {Pause: time.Second, Abort: true}}, Script{{Write: 10_000, Read: 100_000}, {Read: ToEOF}})
		p.finish(t)
		if !f.Client.Aborted || !errors.Is(f.Server.Err, tcp.ErrReset) || f.Server.Received != 100_000 {
			t.Errorf("%v; %v", f.Client, f.Server)
		}
	}, pairConfig{there: wan, back: wan})
}

func TestAPeerThatStopsEarlyIsSeen(t *testing.T) {
	eachKind(t, func(t *testing.T, p *pairLab, begin func(c, s Script, h ...Habits) *Flow) {
		f := begin(Script{{Read: 1000}}, Script{{Write: 500, CloseWrite: true}, {Read: ToEOF}})
		p.finish(t)
		if !errors.Is(f.Client.Err, io.ErrUnexpectedEOF) || f.Client.Received != 500 {
			t.Errorf("%v", f.Client)
		}
	}, pairConfig{there: wan, back: wan})
}

func TestAReaderThatSleepsHoldsTheWriterAndLosesNothing(t *testing.T) {
	eachKind(t, func(t *testing.T, p *pairLab, begin func(c, s Script, h ...Habits) *Flow) {
		slow := append(Repeat(20, Step{Read: 10_000}, Step{Pause: 7 * time.Second}), Step{Read: ToEOF, CloseWrite: true})
		begin(Exchange(400_000), slow)
		p.finishIntact(t)
		if p.Elapsed() < 140*time.Second {
			t.Errorf("after %v the reader was still asleep", p.Elapsed())
		}
		if p.a.Iface.Stats().TCP.ZeroProbes == 0 {
			t.Error("the window was never closed")
		}
	}, pairConfig{there: wan, back: wan})
}

func TestACutLinkIsOutlived(t *testing.T) {
	eachKind(t, func(t *testing.T, p *pairLab, begin func(c, s Script, h ...Habits) *Flow) {
		begin(Exchange(5<<20), Exchange(5<<20))
		p.After(300*time.Millisecond, func() { p.wire.Cut(true) })
		p.After(2*time.Minute, func() { p.wire.Cut(false) })
		p.finishIntact(t)
		if p.Elapsed() < 2*time.Minute {
			t.Errorf("done after %v: the cut came too late", p.Elapsed())
		}
	}, pairConfig{there: wan, back: wan})
}

func TestALinkThatStaysCutEndsBothEndsWithAReason(t *testing.T) {
	impatient := &tcp.Config{KeepAlive: 30 * time.Second, UserTimeout: time.Minute}
	for _, overTLS := range []bool{false, true} {
		p, err := newPairLab(1, pairConfig{there: wan, back: wan, listen: tcp.ListenConfig{Config: impatient}})
		if err != nil {
			t.Fatal(err)
		}
		f, err := p.begin(overTLS, server4, impatient, Exchange(5<<20), Exchange(0))
		if err != nil {
			t.Fatal(err)
		}
		p.After(300*time.Millisecond, func() { p.wire.Cut(true) })
		p.finish(t)
		if !errors.Is(f.Client.Err, tcp.ErrTimeout) || !errors.Is(f.Server.Err, tcp.ErrTimeout) {
			t.Errorf("TLS %v: %v; %v", overTLS, f.Client, f.Server)
		}
	}
}

func TestARebootedPeerIsFoundOut(t *testing.T) {
	eachKind(t, func(t *testing.T, p *pairLab, begin func(c, s Script, h ...Habits) *Flow) {
		f := begin(Script{{Write: 1000}, {Read: 1000}, {Pause: 10 * time.Second}, {Write: 1000}, {Read: ToEOF}}, Script{{Read: 1000}, {Write: 1000}, {Read: ToEOF}})
		p.After(5*time.Second, func() {
			if err := p.b.Reboot(); err != nil {
				t.Error(err)
			}
		})
		p.finish(t)
		if f.Server.Err != ErrRebooted || !errors.Is(f.Client.Err, tcp.ErrReset) {
			t.Errorf("%v; %v", f.Client, f.Server)
		}
		begin(Exchange(1000), Exchange(1000)) // and serves again
		p.finish(t)
		if err := p.Flows[1].Intact(); err != nil {
			t.Error(err)
		}
	}, pairConfig{there: wan, back: wan})
}

func TestManySocketsShareOneLink(t *testing.T) {
	c := pairConfig{there: wan, back: wan, listen: tcp.ListenConfig{SYNQueue: 1000, AcceptQueue: 1000, Config: patient}}
	eachKind(t, func(t *testing.T, p *pairLab, begin func(c, s Script, h ...Habits) *Flow) {
		for i := range 300 {
			begin(Exchange(int64(i)*100), Exchange(20_000))
		}
		p.finishIntact(t)
	}, c)
}

func TestConnectionsBeyondTheBacklogComeInLater(t *testing.T) {
	queues := tcp.ListenConfig{SYNQueue: 5, AcceptQueue: 3, Config: patient, NoSYNCookies: true}
	c := pairConfig{there: wan, back: wan, listen: queues, station: StationConfig{Set: patientSet}}
	eachKind(t, func(t *testing.T, p *pairLab, begin func(c, s Script, h ...Habits) *Flow) {
		p.plain.Deaf, p.secure.Deaf = true, true
		p.After(20*time.Second, func() { p.plain.Deaf, p.secure.Deaf = false, false; p.b.wake(&Endpoint{Done: true}) })
		for range 40 {
			begin(Exchange(1000), Exchange(1000))
		}
		p.finishIntact(t)
		if st := p.b.Iface.Stats(); st.Drops[iface.DropListenerFull] == 0 {
			t.Errorf("nothing overflowed: %+v", st)
		}
	}, c)
}

func TestConnectionsBeyondTheSYNQueueComeInByCookies(t *testing.T) { // RFC 4987 §3.6
	c := pairConfig{there: wan, back: wan, listen: tcp.ListenConfig{SYNQueue: 5, Config: patient}, station: StationConfig{Set: patientSet}}
	eachKind(t, func(t *testing.T, p *pairLab, begin func(c, s Script, h ...Habits) *Flow) {
		for range 40 {
			begin(Exchange(20_000), Exchange(20_000))
		}
		p.finishIntact(t)
		if st := p.b.Iface.Stats(); st.TCP.SYNCookiesTaken != 35 || st.Drops[iface.DropListenerFull] != 0 {
			t.Errorf("%+v", st)
		}
	}, c)
}

func TestABoundedPoolSlowsDownAndLosesNothing(t *testing.T) {
	c := pairConfig{there: wan, back: wan, station: StationConfig{Iface: iface.Limits{BufferMemory: 256 << 10}, Set: patientSet}}
	eachKind(t, func(t *testing.T, p *pairLab, begin func(c, s Script, h ...Habits) *Flow) {
		for range 12 {
			begin(Exchange(200_000), Exchange(0))
		}
		p.finishIntact(t)
		if p.a.Iface.Pool().Refused() == 0 {
			t.Error("the pool's bound was never met")
		}
	}, c)
}

func TestACardThatRefusesFramesLosesNone(t *testing.T) {
	card := Path{Delay: time.Millisecond, Rate: 10_000_000, QueueFrames: 8, Refuse: true}
	eachKind(t, func(t *testing.T, p *pairLab, begin func(c, s Script, h ...Habits) *Flow) {
		begin(Exchange(2<<20), Exchange(0))
		p.finishIntact(t)
		if st := p.a.Iface.Stats().TCP; st.Retransmits != 0 {
			t.Errorf("%d retransmissions though nothing was lost", st.Retransmits)
		}
	}, pairConfig{there: card, back: card})
}

func TestSmallMTUsAndSmallBuffers(t *testing.T) {
	small := &tcp.Config{SendBuffer: 2048, RecvBuffer: 2048, KeepAlive: time.Minute}
	for _, c := range []struct {
		to  netip.Addr
		mtu int
	}{{server4, 576}, {server6, 1280}, {server4, 9000}} {
		for _, overTLS := range []bool{false, true} {
			cfg := small
			if overTLS { // a record lies whole in the ring
				cfg = &tcp.Config{SendBuffer: 32 << 10, RecvBuffer: 32 << 10, KeepAlive: time.Minute}
			}
			lc := pairConfig{there: wan, back: wan, listen: tcp.ListenConfig{Config: cfg}, mtu: max(c.mtu, 1280)}
			p, err := newPairLab(1, lc)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := p.begin(overTLS, c.to, cfg, Exchange(100_000), Exchange(100_000)); err != nil {
				t.Fatal(err)
			}
			p.finishIntact(t)
		}
	}
}

// A budget of one frame a poll slows nothing down but the poll.
func TestAPollMayHaveTheSmallestBudget(t *testing.T) {
	eachKind(t, func(t *testing.T, p *pairLab, begin func(c, s Script, h ...Habits) *Flow) {
		begin(Exchange(500_000), Exchange(500_000))
		p.finishIntact(t)
	}, pairConfig{there: wan, back: wan, station: StationConfig{Budget: set.Budget{Frames: 1}}})
}

func TestOneSeedIsOneRun(t *testing.T) {
	run := func(seed uint64) (trace uint64, polls int) {
		p, err := newPairLab(seed, pairConfig{there: hostile, back: hostile, station: StationConfig{Set: patientSet}})
		if err != nil {
			t.Fatal(err)
		}
		for i := range 8 {
			p.begin(i%2 == 0, server6, patient, Exchange(100_000), Exchange(50_000), Habits{Chunk: 3000})
		}
		if err := p.Finish(10 * time.Hour); err != nil {
			t.Fatal(err)
		}
		return p.Trace(), p.Polls
	}
	for seed := uint64(1); seed <= 5; seed++ {
		t1, p1 := run(seed)
		t2, p2 := run(seed)
		if t1 != t2 || p1 != p2 {
			t.Errorf("seed %d: traces %x and %x, %d and %d polls", seed, t1, t2, p1, p2)
		}
	}
}

// Silence is asked about every KeepAlive while the peer answers, however long it would be given if it did not.
func TestASilentPeerIsAskedOnTime(t *testing.T) {
	cfg := &tcp.Config{KeepAlive: 10 * time.Second, KeepAliveInterval: time.Minute}
	p, err := newPairLab(1, pairConfig{there: wan, back: wan, listen: tcp.ListenConfig{Config: &tcp.Config{}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.begin(false, server4, cfg, Script{{Pause: 101 * time.Second}}, Script{{Read: ToEOF}}); err != nil {
		t.Fatal(err)
	}
	p.finishIntact(t)
	if n := p.a.Iface.Stats().TCP.KeepAliveProbes; n < 9 || n > 10 {
		t.Errorf("asked %d times in 101 s", n)
	}
}
