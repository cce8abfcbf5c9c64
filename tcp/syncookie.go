package tcp

import (
	"crypto/sha256"
	"encoding/binary"
)

// A SYN cookie is an initial sequence number that carries what the listener would have to remember of a SYN (RFC 4987
// §3.6), so that a queue full of forged ones keeps nobody out:
//
//	5 bits  the time, in units of cookieUnit
//	3 bits  which of cookieMSS the peer takes
//	24 bits a keyed hash of that, the connection's four-tuple and the peer's sequence number
//
// The peer's ACK brings it back. What else a SYN can ask for goes into the low bits of our timestamp, which comes back
// too: a peer without timestamps gets neither window scaling nor selective acknowledgements.
const (
	cookieUnit = 64e9 // ns
	cookieAge  = 1    // how many units old a cookie may be, besides the one that runs
	cookieHash = 1<<24 - 1

	cookieTSBits  = 6
	cookieWScale  = 0x0f // in the timestamp: the peer's window scale, or
	cookieNoScale = 0x0f // that it has none
	cookieSACK    = 0x10
	cookieECN     = 0x20
)

// cookieMSS are the sizes that a cookie can tell apart, those of the links that there are: the least, IPv4's and IPv6's
// own, DSL and tunnels, Ethernet, jumbo frames.
var cookieMSS = [8]uint16{minMSS, defaultMSS, 1220, 1360, 1400, 1440, 1460, 8940}

// cookie makes the cookie of a SYN that was numbered irs, at a time, and a longer name for it that no other has.
func (e *Env) cookie(tuple []byte, irs Seq, mss int, unit uint64) (Seq, uint64) {
	var buf [32 + 64 + 13]byte
	n := copy(buf[:], e.cookieSecret[:])
	n += copy(buf[n:], tuple)
	binary.BigEndian.PutUint32(buf[n:], uint32(irs))
	binary.BigEndian.PutUint64(buf[n+4:], unit)
	buf[n+12] = byte(mss)
	sum := sha256.Sum256(buf[:n+13])
	return Seq(unit)<<27 | Seq(mss)<<24 | Seq(binary.BigEndian.Uint32(sum[:]))&cookieHash, binary.BigEndian.Uint64(sum[4:])
}

// cookieTS is our timestamp for the answer to syn: never ahead of the clock, as what is sent later must not be older
// (RFC 7323 §5).
func (e *Env) cookieTS(now Instant, syn *Segment, cfg *Config) uint32 {
	bits := uint32(cookieNoScale)
	if syn.WScale >= 0 {
		bits = uint32(syn.WScale)
	}
	if syn.SACKPermitted && !cfg.NoSACK {
		bits |= cookieSACK
	}
	if cookieTakesECN(syn, cfg) {
		bits |= cookieECN
	}
	val := e.tsVal(now)
	ts := val&^(1<<cookieTSBits-1) | bits
	if int32(ts-val) > 0 {
		ts -= 1 << cookieTSBits
	}
	return ts
}

func cookieTakesECN(syn *Segment, cfg *Config) bool {
	return syn.Flags.Has(ECE|CWR) && cfg.ECN != ECNOff
}

// Cookie writes the SYN+ACK that answers syn without anything being kept, into b, and gives its length: 0 when b is
// shorter than [MaxHeaderLen], or there is no entropy to make cookies from. It is for a SYN for which [Listener.Admit]
// says [AdmitCookie]. tuple is any unambiguous encoding of both addresses and ports, pathMSS and pseudo are as in
// [Socket.Connect] and [Socket.Emit].
func (l *Listener) Cookie(now Instant, tuple []byte, syn *Segment, pathMSS int, b []byte, pseudo uint32) int {
	e, cfg := l.env, l.config()
	if len(b) < MaxHeaderLen || e.seed() != nil {
		return 0
	}
	mss := len(cookieMSS) - 1
	for want := max(syn.MSS, minMSS); cookieMSS[mss] > want; {
		mss--
	}
	if syn.MSS == 0 {
		mss = 1
	}
	iss, _ := e.cookie(tuple, syn.Seq, mss, uint64(now/cookieUnit))
	o := Options{MSS: cfg.segmentOn(pathMSS), WScale: -1}
	if syn.HasTS && !cfg.NoTimestamps {
		o.HasTS, o.TSVal, o.TSEcr = true, e.cookieTS(now, syn, cfg), syn.TSVal
		o.SACKPermitted = syn.SACKPermitted && !cfg.NoSACK
		if syn.WScale >= 0 {
			o.WScale = int8(cfg.wscale())
		}
	}
	f := SYN | ACK
	if o.HasTS && cookieTakesECN(syn, cfg) {
		f |= ECE
	}
	n := HeaderLen + o.put(b[HeaderLen:])
	putHeader(b, syn.DstPort, syn.SrcPort, iss, syn.Seq+1, f, uint16(min(cfg.recvBuffer(), 0xffff)), n)
	putChecksum(b, n, n, pseudo, 0)
	e.Stats.SegmentsOut++
	e.Stats.SYNCookies++
	l.cookieAt, l.cookies = now, true
	return n
}

// Cookies reports whether cookies that may still come back are out, so that an ACK which belongs to no connection is
// one for [Listener.TakeCookie].
func (l *Listener) Cookies(now Instant) bool {
	return l.cookies && now-l.cookieAt < (cookieAge+1)*cookieUnit
}

// Handshake is what a cookie brings back.
type Handshake struct {
	syn, ack  Segment // of the peer
	iss       Seq     // our initial sequence number
	unit, key uint64  // of the cookie
}

// TakeCookie gives the handshake that seg, an ACK that belongs to no connection, completes, if it brings back a cookie
// of ours that is not too old and has not opened a connection before; tuple is as for [Listener.Cookie]. Others are
// counted. A keep-alive probe (RFC 9293 §3.8.4) will do: where the server is to speak first, that is all that comes of
// a peer whose ACK was lost.
func (l *Listener) TakeCookie(now Instant, tuple []byte, seg *Segment) (h Handshake, ok bool) {
	if l.Cookies(now) {
		h = Handshake{ack: *seg, iss: seg.Ack - 1}
		if l.check(now, tuple, &h) {
			return h, true
		}
		if len(seg.Payload) <= 1 {
			h.ack.Seq, h.ack.Payload = seg.Seq+1, nil
			if l.check(now, tuple, &h) {
				return h, true
			}
		}
	}
	l.env.Stats.DropSYNCookie++
	return Handshake{}, false
}

// check fills in what the cookie of h tells, if it is one.
func (l *Listener) check(now Instant, tuple []byte, h *Handshake) bool {
	unit := uint64(now / cookieUnit)
	mss, age := int(h.iss>>24&7), (unit-uint64(h.iss>>27))&31
	if age > cookieAge || age > unit {
		return false
	}
	var want Seq
	h.unit = unit - age
	want, h.key = l.env.cookie(tuple, h.ack.Seq-1, mss, h.unit)
	h.syn = cookieSYN(&h.ack, cookieMSS[mss])
	return want == h.iss && !l.spent.has(h.unit, h.key)
}

// cookieSYN is the SYN that went before ack, whose timestamp brings back what cookieTS noted of it.
func cookieSYN(ack *Segment, mss uint16) Segment {
	syn := Segment{SrcPort: ack.SrcPort, DstPort: ack.DstPort, Seq: ack.Seq - 1, Flags: SYN, Window: ack.Window}
	syn.MSS, syn.WScale = mss, -1
	if ack.HasTS {
		bits := ack.TSEcr
		syn.HasTS, syn.TSVal = true, ack.TSVal
		syn.SACKPermitted = bits&cookieSACK != 0
		if bits&cookieECN != 0 {
			syn.Flags |= ECE | CWR
		}
		if w := bits & cookieWScale; w != cookieNoScale {
			syn.WScale = int8(w)
		}
	}
	return syn
}

// Restore puts s, which was Init-ed with Config, where it would be had the listener kept the SYN, spends the cookie,
// and takes the ACK that brought it. [Listener.Admit] must not have said [AdmitNone]. Errors: those of [Listener.Open].
func (l *Listener) Restore(now Instant, s *Socket, h *Handshake, pathMSS int) error {
	if err := l.Open(now, s, &h.syn, h.iss, pathMSS); err != nil {
		return err
	}
	s.flags &^= flagSYN // it is sent
	s.sndNxt, s.sndMax = h.iss+1, h.iss+1
	l.spent.add(h.unit, h.key)
	l.env.Stats.SYNCookiesTaken++
	s.Process(now, &h.ack)
	return nil
}
