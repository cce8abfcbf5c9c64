package top

import (
	"net/netip"
	"strings"
	"time"

	"smoltls/iface"
	"smoltls/set"
	"smoltls/tcp"
	"smoltls/tlssock"
)

// MostRows is how many sockets are looked at; of more, those in the first places.
const MostRows = 10_000

// row is what is known of one socket.
type row struct {
	handle set.Handle
	number uint64    // in the order in which they were first seen
	since  time.Time // when that was
	seen   uint64    // the last sample that it was in

	peer                     netip.AddrPort
	state                    tlssock.SocketState
	tcp                      tcp.Info
	in, out                  uint64  // bytes of application data
	inRate, outRate          float64 // bytes a second, since the sample before
	suite, group, alpn, name string  // known when the handshake is over
	how                      string  // what is special about it
	known                    bool    // these are
}

// figures are the totals of one sample.
type figures struct {
	sockets, handshaking, lingering int
	ifc                             iface.Stats
	tls                             tlssock.Stats
}

// sampler reads a stack, and remembers what it takes to tell rates.
type sampler struct {
	ifc  *iface.Interface
	tlss *set.TLSSocketSet
	most int // rows

	started, at, before time.Time // the first sample, the last one, and the one before that
	samples             uint64
	rows                map[set.Handle]*row
	list                []*row // the same
	numbers             uint64
	now, last           figures
}

func newSampler(ifc *iface.Interface, tlss *set.TLSSocketSet) *sampler {
	return &sampler{ifc: ifc, tlss: tlss, most: MostRows, rows: make(map[set.Handle]*row)}
}

// take reads everything anew.
func (s *sampler) take(now time.Time) {
	if s.samples == 0 {
		s.started, s.at = now, now
	}
	s.samples++
	s.before, s.at = s.at, now
	s.last = s.now
	s.now = figures{s.tlss.Len(), s.tlss.Handshaking(), s.tlss.Lingering(), s.ifc.Stats(), s.tlss.Stats()}
	n := 0
	for h := range s.tlss.All() {
		if n++; n > s.most {
			break
		}
		s.read(h)
	}
	s.list = s.list[:0]
	for h, r := range s.rows {
		if r.seen != s.samples {
			delete(s.rows, h)
			continue
		}
		s.list = append(s.list, r)
	}
}

func (s *sampler) read(h set.Handle) {
	sock, _ := s.tlss.Get(h)
	r := s.rows[h]
	if r == nil {
		s.numbers++
		r = &row{handle: h, number: s.numbers, since: s.at}
		_, r.peer, _ = s.tlss.Addrs(h)
		s.rows[h] = r
	}
	r.seen = s.samples
	r.state, r.tcp = sock.State(), sock.Transport().Info()
	stats := sock.Stats()
	r.inRate, r.outRate = s.perSecond(stats.BytesIn-r.in), s.perSecond(stats.BytesOut-r.out)
	r.in, r.out = stats.BytesIn, stats.BytesOut
	if !r.known && sock.Engine().HandshakeComplete() {
		r.learn(sock.ConnectionState())
	}
}

// perSecond is n since the last sample as a rate.
func (s *sampler) perSecond(n uint64) float64 {
	d := s.at.Sub(s.before).Seconds()
	if d <= 0 {
		return 0
	}
	return float64(n) / d
}

// learn notes what the handshake came to.
func (r *row) learn(cs tlssock.ConnectionState) {
	r.known = true
	r.suite = strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(tlssock.CipherSuiteName(cs.CipherSuite), "TLS_"), "_SHA256"), "_SHA384")
	r.group = strings.TrimPrefix(cs.CurveID.String(), "Curve")
	r.alpn, r.name = cs.NegotiatedProtocol, cs.ServerName
	var how []string
	for _, h := range []struct {
		is   bool
		name string
	}{
		{cs.DidResume, "resumed"}, {cs.EarlyData == tlssock.EarlyDataAccepted, "0-RTT"}, {cs.EarlyData == tlssock.EarlyDataDeclined, "0-RTT declined"},
		{cs.HelloRetryRequest, "retried"}, {cs.ECHAccepted, "ECH"}, {cs.PeerVerified && !cs.DidResume, "verified"}, {len(cs.ExternalPSKIdentity) > 0, "PSK"},
	} {
		if h.is {
			how = append(how, h.name)
		}
	}
	r.how = strings.Join(how, ",")
}
