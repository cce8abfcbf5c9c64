package top

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"smoltls/tlssock"
)

func TestASampleTellsWhatSocketsAreAndDo(t *testing.T) {
	w := newWorld(t)
	s := w.sampler()
	_, server := w.connect(40000)
	w.connect(40001)
	s.take(w.now)
	if len(s.rows) != 2 || s.now.sockets != 2 || s.now.tls.HandshakesCompleted != 2 {
		t.Fatalf("%d rows, %+v", len(s.rows), s.now)
	}
	server.TryWrite(make([]byte, 10_000))
	w.run(2 * time.Second)
	s.take(w.now)
	for _, r := range s.rows {
		if r.state != tlssock.StateEstablished || r.suite == "" || r.group != "X25519" || r.alpn != "http/1.1" || r.name != "server" || r.tcp.Cwnd == 0 {
			t.Errorf("%+v", r)
		}
		if r.peer == netip.MustParseAddrPort("192.0.2.1:40000") && (r.out != 10_000 || r.outRate < 4900 || r.outRate > 5100 || r.tcp.RTT == 0) {
			t.Errorf("10,000 bytes in two seconds are %d, %v/s", r.out, r.outRate)
		}
	}
	t.Log("# sockets that are gone are forgotten, and one in their place is another")
	for h := range w.tls[1].All() {
		w.tls[1].Remove(h)
		break
	}
	s.take(w.now)
	if len(s.rows) != 1 {
		t.Errorf("%d rows", len(s.rows))
	}
	w.connect(40002)
	s.take(w.now)
	for _, r := range s.rows {
		if r.peer.Port() == 40002 && (r.number != 3 || !r.since.Equal(w.now)) {
			t.Errorf("%+v", r)
		}
	}
}

func TestASampleOfNoTimeHasNoRates(t *testing.T) {
	w := newWorld(t)
	s := w.sampler()
	_, server := w.connect(40000)
	server.TryWrite(make([]byte, 100))
	s.take(w.now)
	s.take(w.now)
	for _, r := range s.rows {
		if r.outRate != 0 || r.out != 100 {
			t.Errorf("%+v", r)
		}
	}
}

func TestNoMoreRowsThanTheBound(t *testing.T) {
	w := newWorld(t)
	s := w.sampler()
	if s.most != MostRows {
		t.Errorf("%d rows at most", s.most)
	}
	s.most = 2
	for port := range uint16(3) {
		w.connect(40000 + port)
	}
	s.take(w.now)
	if got := totals(s)[0].String(); len(s.list) != 2 || !strings.Contains(got, "3 open") || !strings.Contains(got, "2 of them below") {
		t.Errorf("%d rows, %q", len(s.list), got)
	}
}
