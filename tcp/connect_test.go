package tcp

import (
	"errors"
	"fmt"
	"io"
	"testing"
)

func TestConnectOffersSegmentSizeScaleAndTimestamps(t *testing.T) {
	newScript(t, &Config{RecvBuffer: 1 << 20}).active().run(`
		> S 0(0) mss 1460 wscale 5 win 65535 ts 5000 0
		> -
		state SYN-SENT`)
}

func TestConnectAgreesOnOptionsThatBothHave(t *testing.T) { // RFC 7323 §2.2, §3.2; RFC 6691
	newScript(t, &Config{RecvBuffer: 1 << 20}).active().run(`
		> S 0(0)
		< S. 0(0) ack 1 win 1000 mss 1000 wscale 3 ts 777 5000
		> . 1(0) ack 1 win 32768 ts 5000 777  # 1 MiB >> 5
		write 3000
		> . 1(988) ack 1                     # the peer's 1000 less our timestamps; its window of 1000 was not scaled in SYN
		< . 1(0) ack 989 win 1000 ts 778 5000
		> . 989(988)                         # now it counts 8000
		> . 1977(988)
		> P. 2965(36)
		> -`)
}

func TestConnectUsesNoOptionThatThePeerLacks(t *testing.T) {
	newScript(t, &Config{RecvBuffer: 1 << 20}).active().run(`
		> S 0(0)
		< S. 0(0) ack 1 win 5000
		> . 1(0) ack 1 win 65535 nots
		write 600
		> . 1(536)                           # no MSS option: 536 (RFC 9293 §3.7.1, MUST-15)
		> P. 537(64)`)
}

func TestConnectHoldsTheSegmentSizeWithinTheRange(t *testing.T) {
	newScript(t, nil).active().run(`
		> S 0(0)
		< S. 0(0) ack 1 mss 1
		> . 1(0)
		write 100
		> . 1(64)                            # a segment of one byte would be all header
		> P. 65(36)`)
	newScript(t, nil).active().run(`
		> S 0(0)
		< S. 0(0) ack 1 mss 9000
		> . 1(0)
		write 1461
		> . 1(1460)                          # the path's limit
		> P. 1461(1)`)
}

func TestConnectOnASocketThatIsOpenIsRefused(t *testing.T) {
	s := newScript(t, nil).established()
	if err := s.sock.Connect(s.now, 1, 2, 3, 1460); !errors.Is(err, ErrInUse) {
		t.Fatal(err)
	}
}

func TestConnectWithoutEntropySaysSo(t *testing.T) {
	env := Env{Rand: errReader{}}
	e := &end{}
	e.Init(&env, e, nil)
	if err := e.Connect(0, 1, 2, 3, 1460); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatal(err)
	}
	if e.State() != StateClosed {
		t.Fatal(e.State())
	}
}

type errReader struct{}

func (errReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestConnectNotifiesWhenTheHandshakeIsDone(t *testing.T) {
	s := newScript(t, nil).established()
	if s.sock.notified == 0 || s.env.Stats.ActiveOpens != 1 || s.env.Stats.Established != 1 {
		t.Fatalf("notified %d, %+v", s.sock.notified, s.env.Stats)
	}
}

func TestTheLargestSegmentMayBeBounded(t *testing.T) { // RFC 9293 §3.7.1
	for _, c := range []struct{ most, peer, told, sent int }{{1100, 1460, 1100, 1100}, {1100, 900, 1100, 900}, {5000, 1300, scriptMSS, 1300}, {1, 1460, minMSS, minMSS}} {
		cfg := &Config{MaxSegment: c.most}
		s := newScript(t, cfg).active().run(fmt.Sprintf("> S 0(0) mss %d\n< S. 0(0) ack 1 mss %d\n> . 1(0) ack 1", c.told, c.peer))
		if got := s.sock.Info().MSS; got != c.sent {
			t.Errorf("%+v: opened actively, it sends %d", c, got)
		}
		p := newScript(t, cfg).passive(fmt.Sprintf("mss %d", c.peer)).run(fmt.Sprintf("> S. 0(0) mss %d\n< . 1(0) ack 1", c.told))
		if got := p.sock.Info().MSS; got != c.sent {
			t.Errorf("%+v: opened passively, it sends %d", c, got)
		}
	}
}
