package tcp

import (
	"bytes"
	"errors"
	"testing"
	"time"
)

// Requirements of RFC 9293 that no test of a single file is about. REQUIREMENTS.md names a test for each.

func TestAWindowIsUnsigned_RFC9293_MUST1(t *testing.T) {
	s := newScript(t, nil).established().run(`
		< . 1(0) ack 1 win 65535`)
	if got := s.sock.Info().SendWindow; got != 65535 {
		t.Fatalf("a window of 65535 is %d", got)
	}
}

// The script verifies the checksum of whatever is sent.
func TestEveryKindOfSegmentHasAChecksum_RFC9293_MUST2(t *testing.T) {
	newScript(t, nil).active().run(`
		> S 0(0)
		< S. 0(0) ack 1 mss 1000 sackok ts 7 5000
		> . 1(0) ack 1
		write 1001
		> . 1(988)
		> P. 989(13)
		< . 3(7) ack 1 ts 7 5000
		> . 1002(0) ack 1 sack 3-10
		closewrite
		> F. 1002(0)
		abort
		> R. 1003(0)`)
}

func TestARefusedSimultaneousOpenIsToldAndARefusedPassiveOneIsNot_RFC9293_MUST11(t *testing.T) {
	s := newScript(t, nil).active().run(`
		> S 0(0)
		< S 0(0)
		> S. 0(0) ack 1
		state SYN-RECEIVED
		< R. 1(0) ack 1
		state CLOSED`)
	if !errors.Is(s.sock.Err(), ErrRefused) {
		t.Fatalf("active: %v", s.sock.Err())
	}
	s = newScript(t, nil).passive("mss 1000").run(`
		> S. 0(0) ack 1
		< R 1(0)
		state CLOSED`)
	if s.listener.Admit() != AdmitOpen {
		t.Fatal("the listener does not listen any more")
	}
}

func TestAnAbortedConnectionTellsItsApplication_RFC9293_MUST12(t *testing.T) {
	s := newScript(t, nil).established().run(`
		write 10
		> P. 1(10)
		< R 1(0)`)
	if _, err := s.sock.TryWrite([]byte{1}); !errors.Is(err, ErrReset) {
		t.Errorf("writing: %v", err)
	}
	if _, err := s.sock.TryRead(make([]byte, 1)); !errors.Is(err, ErrReset) {
		t.Errorf("reading: %v", err)
	}
}

func TestKeepAliveProbesThatAreLostEndNothing_RFC9293_MUST29(t *testing.T) {
	newScript(t, &Config{KeepAlive: 2 * time.Hour}).established().run(`
		+ 2h
		> . 0(0)
		+ 75s
		> . 0(0)
		+ 75s
		> . 0(0)
		< . 1(0) ack 1              # the third is answered
		+ 2h
		> . 0(0)
		state ESTABLISHED`)
}

func TestOptionsAreReadAtAnyOffset_RFC9293_MUST64(t *testing.T) {
	ts := []byte{optTimestamps, 10, 0, 0, 0, 1, 0, 0, 0, 2}
	for pad := range 5 {
		b := append(bytes.Repeat([]byte{optNop}, pad), ts...)
		b = append(b, optMSS, 4, 1, 0)
		var o Options
		if err := o.Parse(b); err != nil || !o.HasTS || o.TSVal != 1 || o.TSEcr != 2 || o.MSS != 256 {
			t.Errorf("at %d: %v, %+v", pad, err, o)
		}
	}
}

func TestOnlySYNsHaveASegmentSize_RFC9293_MUST65(t *testing.T) {
	newScript(t, nil).active().run(`
		> S 0(0) mss 1460
		< S. 0(0) ack 1 mss 1000
		> . 1(0) mss 0 nowscale nosack
		write 10
		> P. 1(10) mss 0 nowscale
		closewrite
		> F. 11(0) mss 0 nowscale`)
}

// What is behind the end of the options in a header must be zeros: each of our headers is followed to its end.
func TestHeadersArePaddedWithZeros_RFC9293_MUST69(t *testing.T) {
	for _, c := range []*Config{nil, {NoTimestamps: true}, {NoSACK: true}, {NoTimestamps: true, NoSACK: true, RecvBuffer: 1 << 20}} {
		s := newScript(t, c).active()
		headers := 0
		check := func() {
			var b [2000]byte
			for n := s.sock.Emit(s.now, b[:], 0); n > 0; n = s.sock.Emit(s.now, b[:], 0) {
				headers++
				options := b[HeaderLen : int(b[12]>>4)*4]
				for len(options) > 0 && options[0] != optEnd {
					if options[0] == optNop {
						options = options[1:]
						continue
					}
					options = options[options[1]:]
				}
				if len(bytes.Trim(options, "\x00")) > 0 {
					t.Errorf("%+v: behind the end: %x", c, options)
				}
			}
		}
		check()
		s.run("< S. 0(0) ack 1 mss 1000 sackok wscale 3 ts 7 5000")
		check()
		s.run("< . 11(10) ack 1 ts 7 5000")
		check()
		if headers != 3 {
			t.Errorf("%+v: %d headers", c, headers)
		}
	}
}

func TestRSTIsHeardAtAClosedWindow_RFC9293_MUST66(t *testing.T) {
	for _, c := range []struct{ line, state string }{{"< R 2001(0)", "CLOSED"}, {"< .U 2001(0) ack 11", "ESTABLISHED"}} {
		s := newScript(t, &Config{RecvBuffer: 2000}).established().run(`
			write 10
			> P. 1(10)
			< . 1(1000) ack 1
			< . 1001(1000) ack 1
			> . 11(0) ack 2001 win 0
			` + c.line + `
			state ` + c.state)
		if c.state == "ESTABLISHED" && s.sock.Info().Unacked != 0 {
			t.Error("the ACK of an urgent segment is lost on a closed window")
		}
	}
}
