package tlssock

import (
	"testing"
	"unsafe"
)

// Both ends count the same, and an Env what all its engines do.
func TestStatsOfAConnection(t *testing.T) {
	p := newPair(t)
	p.mustHandshake()
	c, s := p.client.Stats(), p.server.Stats()
	if c.RecordsIn != s.RecordsOut || c.RecordsOut != s.RecordsIn || c.RecordsIn < 3 || c.BytesIn+c.BytesOut+s.BytesIn+s.BytesOut > 0 {
		t.Fatalf("after the handshake: %+v, %+v", c, s)
	}
	for range 5 {
		p.write(p.client, make([]byte, 1000))
	}
	p.write(p.server, make([]byte, 300))
	if err := p.client.KeyUpdate(true); err != nil {
		t.Fatal(err)
	}
	p.run()
	p.exchange("new keys")
	was := c
	c, s = p.client.Stats(), p.server.Stats()
	want := ConnectionStats{
		RecordsIn: was.RecordsIn + 3, RecordsOut: was.RecordsOut + 7, BytesIn: 308, BytesOut: 5008, KeyUpdatesIn: 1, KeyUpdatesOut: 1,
	}
	if c != want {
		t.Errorf("client %+v, want %+v", c, want)
	}
	if (s != ConnectionStats{c.RecordsOut, c.RecordsIn, c.BytesOut, c.BytesIn, 1, 1}) {
		t.Errorf("server %+v, client %+v", s, c)
	}
	all := p.env.Stats
	if all.RecordsIn != c.RecordsIn+s.RecordsIn || all.RecordsOut != all.RecordsIn || all.BytesOut != c.BytesOut+s.BytesOut || all.KeyUpdatesIn != 2 || all.HandshakesCompleted != 2 {
		t.Errorf("%+v", all)
	}
	p.client.CloseWrite()
	p.run()
	if after := p.client.Stats(); after.RecordsOut != c.RecordsOut+1 || p.env.Stats.AlertsSent[AlertCloseNotify] != 1 || p.env.Stats.AlertsReceived[AlertCloseNotify] != 1 {
		t.Errorf("%+v", after)
	}
	p.restart()
	if (p.client.Stats() != ConnectionStats{}) {
		t.Error("a new connection begins with what an old one did")
	}
}

// Handshakes are counted by what became of them, with the alerts of both ends.
func TestStatsOfHandshakesThatFail(t *testing.T) {
	p := newPair(t, func(c, s *Config) { c.Certificates = nil })
	p.handshake()
	s := p.env.Stats
	if s.HandshakesStarted != 2 || s.HandshakesCompleted != 1 || s.HandshakesFailed != 1 || // the client learns after its part
		s.AlertsSent[AlertCertificateRequired] != 1 || s.AlertsReceived[AlertCertificateRequired] != 1 {
		t.Errorf("started %d, completed %d, failed %d", s.HandshakesStarted, s.HandshakesCompleted, s.HandshakesFailed)
	}
}

func TestStatsOfAConnectionAreSmall(t *testing.T) {
	if n := unsafe.Sizeof(ConnectionStats{}); n > 40 {
		t.Errorf("%d bytes in every connection", n)
	}
}

func TestStatsOfSockets(t *testing.T) {
	w := newLine(t, nil)
	w.run()
	if _, err := w.c.tls.TryWrite([]byte("hello")); err != nil {
		t.Fatal(err)
	}
	w.run()
	if s := w.s.tls.Stats(); s.BytesIn != 5 || s.RecordsIn == 0 || w.c.tls.Stats().BytesOut != 5 {
		t.Errorf("%+v, %+v", s, w.c.tls.Stats())
	}
}
