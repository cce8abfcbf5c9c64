package tcp

import "testing"

func TestEmitIntoABufferThatIsTooShortWritesNothingAndLosesNothing(t *testing.T) {
	s := newScript(t, nil).established().run("write 100")
	for size := range MaxHeaderLen + 1 {
		if n := s.sock.Emit(s.now, make([]byte, size), 0); n != 0 {
			t.Fatalf("%d bytes into %d", n, size)
		}
	}
	s.run("> P. 1(100)")
}

func TestEmitCutsToTheBufferThatItGets(t *testing.T) {
	s := newScript(t, nil).established().run(`
		write 100
		closewrite`)
	if n := s.sock.Emit(s.now, make([]byte, HeaderLen+60), 0); n != HeaderLen+60 {
		t.Fatal(n)
	}
	s.run(`
		> FP. 61(40)
		> -`)
}

func TestEmitWakesNobodyAndAllocatesNothing(t *testing.T) {
	s := newScript(t, nil).established()
	var buf [2000]byte
	var seg Segment
	data := make([]byte, 1000)
	if n := testing.AllocsPerRun(1000, func() {
		s.sock.TryWrite(data)
		n := s.sock.Emit(s.now, buf[:], 0)
		if seg.Parse(buf[:n]) != nil || len(seg.Payload) != 1000 {
			t.Fatal(n)
		}
		s.sock.Process(s.now, &Segment{Seq: s.sock.rcvNxt, Ack: seg.Seq.Add(1000), Flags: ACK, Window: 10000, Options: Options{WScale: -1}})
	}); n != 0 {
		t.Fatalf("%v allocations", n)
	}
}

func TestRetransmissionsAllocateNothing(t *testing.T) {
	s := newScript(t, &Config{MaxRetries: 255, UserTimeout: -1}).established().run("write 1000")
	s.drain()
	var buf [2000]byte
	if n := testing.AllocsPerRun(100, func() {
		s.now = s.sock.Deadline()
		s.sock.Expire(s.now)
		if s.sock.Emit(s.now, buf[:], 0) == 0 {
			t.Fatal("nothing sent")
		}
	}); n != 0 {
		t.Fatalf("%v allocations", n)
	}
}
