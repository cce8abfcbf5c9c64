package tcp

import (
	"encoding/binary"
	"math/rand/v2"
	"strconv"
	"testing"
)

func TestWhatIsReportedIsNotSentAgain(t *testing.T) { // RFC 2018 §5.1, RFC 6675
	s := newScript(t, nil).sacking().run("write 10000")
	s.drain()
	s.run(`
		unpaced
		+ 100ms
		< . 1(0) ack 1 sack 1001-2001
		< . 1(0) ack 1 sack 3001-4001,1001-2001
		> -
		< . 1(0) ack 1 sack 5001-6001,3001-4001,1001-2001
		> . 1(1000)                 # each hole, and only the holes
		> -
		< . 1(0) ack 1 sack 5001-7001,3001-4001,1001-2001
		> . 2001(1000)
		< . 1(0) ack 1 sack 5001-9001,3001-4001,1001-2001
		> . 4001(1000)
		> -
		< . 1(0) ack 1 sack 5001-10001,3001-4001,1001-2001
		> -
		< . 1(0) ack 10001
		> -`)
	if st := s.env.Stats; st.Retransmits != 3 || st.FastRetransmits != 1 || st.Timeouts != 0 {
		t.Fatalf("%+v", st)
	}
}

func TestReportsThatMakeNoSenseArePassedOver(t *testing.T) {
	s := newScript(t, nil).sacking().run("write 5000")
	s.drain()
	s.run(`
		< . 1(0) ack 1 sack 3001-2001
		< . 1(0) ack 1 sack 4001-6001
		< . 1(0) ack 1 sack 90001-91001
		< . 1(0) ack 1 sack 2001-2001
		> -`)
	if s.sock.tx.sacked != 0 || s.env.Stats.DSACKs != 0 {
		t.Fatalf("%d bytes believed, %+v", s.sock.tx.sacked, s.env.Stats)
	}
}

func TestDuplicateReportsAreTold(t *testing.T) { // RFC 2883 §4
	s := newScript(t, nil).sacking().run("write 5000")
	s.drain()
	s.run("< . 1(0) ack 2001 sack 1-1001")
	if s.env.Stats.DSACKs != 1 || s.sock.tx.sacked != 0 {
		t.Fatalf("%+v", s.env.Stats)
	}
	s.run("< . 1(0) ack 2001 sack 3001-4001,3001-5001")
	if s.env.Stats.DSACKs != 2 || s.sock.tx.sacked != 2000 {
		t.Fatalf("%+v, %d", s.env.Stats, s.sock.tx.sacked)
	}
}

func TestTheScoreboardIsBounded(t *testing.T) { // leastRuns: a peer that reports every other byte
	s := newScript(t, &Config{SendBuffer: 64 << 10}).active().run(`
		> S 0(0)
		< S. 0(0) ack 1 win 65000 mss 1000 sackok
		> . 1(0) ack 1
		write 60000`)
	s.sock.cwnd = 1 << 20
	s.drain()
	for at := 2; at < 60000; at += 2 {
		s.sock.Process(s.now, &Segment{Seq: s.sock.rcvNxt, Ack: s.sock.sndUna, Flags: ACK, Window: 65000,
			Options: Options{WScale: -1, SACK: s.blocks(s.iss, strconv.Itoa(at)+"-"+strconv.Itoa(at+1))}})
		if len(s.sock.tx.runs()) > leastRuns {
			t.Fatal("more runs than there may be")
		}
	}
	if s.env.Stats.ScoreboardFull == 0 {
		t.Fatal("the bound was not met")
	}
	s.run("< . 1(0) ack 60001")
	s.drain()
	if s.sock.WriteBuffered() != 0 {
		t.Fatal("not acknowledged")
	}
}

func FuzzSACK(f *testing.F) {
	f.Add(uint64(1), []byte{0, 0, 4, 0, 0, 0, 8, 0})
	f.Add(uint64(2), []byte{0, 0, 0, 1, 0, 0, 20, 0, 255, 255, 255, 0, 0, 0, 0, 9})
	f.Fuzz(func(t *testing.T, seed uint64, raw []byte) {
		rnd := rand.New(rand.NewPCG(seed, 3))
		s := newScript(t, nil).sacking().run("write 30000")
		s.drain()
		for len(raw) >= 8 {
			n := min(len(raw)/8, 1+rnd.IntN(4)) * 8
			v := make([]byte, n)
			for i := 0; i < n; i += 4 { // numbers near to what is outstanding
				binary.BigEndian.PutUint32(v[i:], uint32(s.iss)+binary.BigEndian.Uint32(raw[i:])%40000)
			}
			raw = raw[n:]
			s.sock.Process(s.now, &Segment{Seq: s.sock.rcvNxt, Ack: s.sock.sndUna.Add(rnd.IntN(3) * 700), Flags: ACK, Window: 30000,
				Options: Options{WScale: -1, SACK: v}})
			s.advance(micros(uint32(rnd.IntN(300_000))))
			s.drain()
			if tx := s.sock.tx; tx != nil && tx.flight.pipe() < 0 {
				t.Fatal("less than nothing is on its way")
			}
		}
	})
}
