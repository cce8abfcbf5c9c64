package iface

import (
	"bytes"
	"net/netip"
	"testing"
	"time"

	"smoltls/tcp"
)

// send sends n bytes over the connection, and wants them at the other end before the time is over. Both sides' clocks
// go from deadline to deadline.
func (p *pair) send(client, server *Conn, n int, patience time.Duration) {
	p.t.Helper()
	data := bytes.Repeat([]byte("0123456789abcdef!"), n/17+1)[:n]
	got, sent := make([]byte, 0, n), 0
	buf := make([]byte, 1<<16)
	for end := p.now.Add(patience); len(got) < n; {
		if p.now.After(end) {
			p.t.Fatalf("%d of %d bytes, %+v", len(got), n, client.Info())
		}
		k, _ := client.TryWrite(data[sent:])
		sent += k
		p.poll()
		k, _ = server.TryRead(buf)
		got = append(got, buf[:k]...)
		next := p.now.Add(10 * time.Millisecond)
		if k > 0 {
			next = p.now.Add(time.Millisecond)
		}
		p.now = next
	}
	if !bytes.Equal(got, data) {
		p.t.Fatal("altered")
	}
}

var bigBuffers = &tcp.Config{SendBuffer: 256 << 10, RecvBuffer: 256 << 10}

// A router that drops what is too long and says nothing: the connection gets through all the same, and finds how long
// its packets may be.
func TestBlackHolesAreFoundAndThenThePathsMTU_RFC4821_7(t *testing.T) {
	for _, c := range []struct {
		to  string
		mtu int
	}{{"192.0.2.2:80", 1400}, {"[2001:db8::2]:80", 1400}, {"192.0.2.2:80", 1280}, {"[2001:db8::2]:80", 1281}, {"192.0.2.2:80", 600}} {
		p, n := routed(t, c.mtu, false)
		n.mute = true
		client, server := p.connect(c.to, bigBuffers)
		p.send(client, server, 2_000_000, time.Minute)
		p.now = p.now.Add(20 * time.Second)
		for range 20 { // more, for the rest of the search
			p.send(client, server, 100_000, time.Minute)
			p.now = p.now.Add(pathProbeEvery)
		}
		found := client.Info().MSS + 12 + client.tuple.headersLen()
		if found > c.mtu || found <= c.mtu-pathSearchStep || p.a.Stats().BlackHoles == 0 {
			t.Errorf("%+v: packets of %d bytes, %+v", c, found, client.Info())
		}
		if i := client.Info(); i.Timeouts > 2*fullStops(c.mtu) {
			t.Errorf("%+v: %d timeouts", c, i.Timeouts)
		}
		if p.a.PathMTU(client.RemoteAddr().Addr()) != found {
			t.Errorf("%+v: %d for others", c, p.a.PathMTU(client.RemoteAddr().Addr()))
		}
		t.Log("# what is known is not tried again and again")
		before := n.drops
		for range 20 {
			p.send(client, server, 100_000, time.Minute)
			p.now = p.now.Add(pathProbeEvery)
		}
		if n.drops != before {
			t.Errorf("%+v: %d packets more were too long", c, n.drops-before)
		}
	}
}

// fullStops is how many timeouts in a row tell that a path takes no more than mtu.
func fullStops(mtu int) int {
	if mtu < basePLPMTU {
		return 6
	}
	return 3
}

func TestAnOutageLeavesNoShortSegmentsBehind(t *testing.T) {
	p, n := routed(t, 1500, false)
	n.mute = true
	client, server := p.connect("192.0.2.2:80", bigBuffers)
	p.send(client, server, 100_000, time.Minute)
	full := client.Info().MSS
	n.mtu = 0 // nothing gets through
	client.TryWrite(make([]byte, 100_000))
	for end := p.now.Add(5 * time.Second); p.now.Before(end); p.now = p.now.Add(10 * time.Millisecond) {
		p.poll()
	}
	if client.Info().MSS >= full || p.a.Stats().BlackHoles == 0 {
		t.Fatalf("%+v", client.Info())
	}
	n.mtu = 1500
	for range 2000 {
		p.poll()
		server.Discard(1 << 20)
		p.now = p.now.Add(10 * time.Millisecond)
	}
	p.send(client, server, 500_000, time.Minute)
	if client.Info().MSS != full || p.a.PathMTU(our4) != 1500 || len(p.a.paths) != 0 {
		t.Fatalf("%+v, %+v", client.Info(), p.a.paths)
	}
}

func TestAPathThatARouterSaidWasNarrowIsTriedAgainAfterItsTime_RFC8201_4(t *testing.T) {
	p, n := routed(t, 1300, false)
	client, server := p.connect("[2001:db8::2]:80", bigBuffers)
	p.send(client, server, 500_000, time.Minute)
	if client.Info().MSS != 1300-72 {
		t.Fatalf("%+v", client.Info())
	}
	drops := n.drops
	p.send(client, server, 500_000, time.Minute)
	if n.mtu = 1500; n.drops != drops {
		t.Fatal("tried again at once")
	}
	p.now = p.now.Add(pathMTULife)
	p.send(client, server, 500_000, time.Minute)
	if client.Info().MSS != 1500-72 || p.a.Stats().PathsWidened != 1 {
		t.Fatalf("%+v", client.Info())
	}
}

func TestWhatARouterSaysOfAProbeIsTriedNext(t *testing.T) {
	p, n := routed(t, 1300, false)
	n.mute = true
	client, server := p.connect("192.0.2.2:80", bigBuffers)
	p.send(client, server, 100_000, time.Minute)
	n.mute, n.mtu = false, 1404
	p.now = p.now.Add(pathMTULife)
	for range 5 {
		p.send(client, server, 200_000, time.Minute)
		p.now = p.now.Add(pathProbeEvery)
	}
	if got := client.Info().MSS + 52; got != 1404 {
		t.Fatalf("packets of %d bytes, %+v", got, p.a.paths)
	}
}

func TestASearchTriesAllOfItAndThenTheMiddle_RFC4821_7_3(t *testing.T) {
	p := pathMTU{mtu: 1280, high: 1500}
	var tried []int
	for p.high != 0 && len(tried) < 100 {
		size := p.next()
		tried = append(tried, size)
		if size <= 1400 {
			p.arrived(size)
		} else {
			p.lost(size)
		}
	}
	if p.mtu > 1400 || p.mtu <= 1400-pathSearchStep || len(tried) > 20 || tried[0] != 1500 || tried[maxPathProbes] != 1390 {
		t.Fatalf("%v: %d", tried, p.mtu)
	}
	q := pathMTU{mtu: 1300, high: 1400}
	q.lost(1500) // of another connection, long ago
	q.lost(1200)
	if q.probes != 0 {
		t.Fatal("counted")
	}
}

func TestWhatOneConnectionFoundOthersTryAtOnce(t *testing.T) {
	p, n := routed(t, 1400, false)
	n.mute = true
	first, server := p.connect("192.0.2.2:80", bigBuffers)
	p.send(first, server, 100_000, time.Minute)
	second, server2 := p.connect("192.0.2.2:81", bigBuffers)
	if second.Info().MSS != basePLPMTU-52 {
		t.Fatalf("begins with segments of %d bytes", second.Info().MSS)
	}
	for range 20 {
		p.send(first, server, 200_000, time.Minute)
		p.now = p.now.Add(pathProbeEvery)
	}
	drops := n.drops
	p.send(second, server2, 200_000, time.Minute)
	if second.Info().MSS != first.Info().MSS || n.drops != drops {
		t.Fatalf("segments of %d and of %d bytes", first.Info().MSS, second.Info().MSS)
	}
}

func TestASuspicionIsForgottenSoon(t *testing.T) {
	p, n := routed(t, 0, false)
	n.mute = true
	c, a := &Conn{}, netip.MustParseAddr("192.0.2.2")
	*c = Conn{ifc: p.a.Interface, tuple: makeTuple(netip.MustParseAddrPort("192.0.2.1:5"), netip.AddrPortFrom(a, 80))}
	p.poll()
	if mss := c.BlackHole(0, 1460); mss != basePLPMTU-40 || p.a.PathMTU(a) != basePLPMTU {
		t.Fatal(mss)
	}
	p.now = p.now.Add(suspicionLife)
	if p.poll(); p.a.PathMTU(a) != 1500 {
		t.Fatalf("%d", p.a.PathMTU(a))
	}
	t.Log("# a probe that was lost makes it more than that")
	c.BlackHole(0, 1460)
	c.PathProbed(0, 1460, false)
	p.now = p.now.Add(suspicionLife)
	if p.poll(); p.a.PathMTU(a) != basePLPMTU {
		t.Fatalf("%d", p.a.PathMTU(a))
	}
	for mss, want := range map[int]int{basePLPMTU - 40: leastPLPMTU - 40, leastPLPMTU - 40: 0, 100: 0} {
		if got := c.BlackHole(0, mss); got != want {
			t.Errorf("after %d bytes %d are tried, wanted %d", mss, got, want)
		}
	}
}
