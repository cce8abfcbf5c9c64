package top

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"smoltls/iface"
	"smoltls/tlssock"
)

// counted is a number of something.
type counted struct {
	what string
	n    uint64
	tone Tone // when it is not 0
}

// totals are the lines between the bar and the table.
func totals(s *sampler) []Line {
	f, l := &s.now, &s.last
	moved := func(now, before uint64, t Tone) Tone {
		if now > before && s.samples > 1 {
			return t
		}
		return Plain
	}
	tcp := f.ifc.TCP
	sockets := []counted{{"open", uint64(f.sockets), Strong}, {"in handshake", uint64(f.handshaking), Plain}, {"ending", uint64(f.lingering), Plain}}
	if f.sockets > s.most && s.most > 0 {
		sockets = append(sockets, counted{"of them below", uint64(s.most), Warn})
	}
	return []Line{
		items("sockets", sockets...),
		items("handshakes", counted{"done", f.tls.HandshakesCompleted, Plain}, counted{"failed", f.tls.HandshakesFailed, moved(f.tls.HandshakesFailed, l.tls.HandshakesFailed, Bad)},
			counted{"resumed", f.tls.Resumptions, Plain}, counted{"with early data", f.tls.EarlyDataAccepted, Plain},
			counted{"early data refused", f.tls.EarlyDataRejected, Plain}, counted{"with ECH", f.tls.ECHAccepted, Plain}),
		traffic(s),
		items("TCP", counted{"retransmitted", tcp.Retransmits, moved(tcp.Retransmits, l.ifc.TCP.Retransmits, Warn)}, counted{"timeouts", tcp.Timeouts, moved(tcp.Timeouts, l.ifc.TCP.Timeouts, Warn)},
			counted{"out of order", tcp.OutOfOrder, Plain}, counted{"RST in", tcp.ResetsIn, Plain}, counted{"RST out", tcp.ResetsOut, Plain},
			counted{"failed", tcp.Failures, moved(tcp.Failures, l.ifc.TCP.Failures, Bad)}),
		items("alerts", alerts(f.tls)...),
		items("dropped", drops(f.ifc)...),
	}
}

// traffic is what goes over the device, and how much of it is application data.
func traffic(s *sampler) Line {
	in, out := s.now.tls.BytesIn, s.now.tls.BytesOut
	busy := func(r float64) Span { return Span{pad(rate(r), 9, true), Strong} }
	return Line{
		label("data"), busyOrDim(busy(s.perSecond(in - s.last.tls.BytesIn))), {" in, " + pad(size(float64(in)), 7, true) + " in all   ", Plain},
		busyOrDim(busy(s.perSecond(out - s.last.tls.BytesOut))), {" out, " + pad(size(float64(out)), 7, true) + " in all   ", Plain},
		{count(s.now.ifc.FramesIn) + " frames in, " + count(s.now.ifc.FramesOut) + " out", Dim},
	}
}

func busyOrDim(s Span) Span {
	if strings.HasSuffix(s.Text, "·") {
		s.Tone = Dim
	}
	return s
}

// label is what a line of totals begins with.
func label(s string) Span { return Span{pad(" "+s, 13, false), Dim} }

// items is a line of totals. Zeros are dim, and a line of nothing says so.
func items(name string, cs ...counted) Line {
	l := Line{label(name)}
	if len(cs) == 0 {
		return append(l, Span{"none", Dim})
	}
	for i, c := range cs {
		if i > 0 {
			l = append(l, Span{" · ", Dim})
		}
		if c.n == 0 {
			c.tone = Dim
		}
		l = append(l, Span{count(c.n) + " " + c.what, c.tone})
	}
	return l
}

// alerts are those that say that something is wrong, by kind: close_notify does not.
func alerts(s tlssock.Stats) (cs []counted) {
	for a := 1; a < len(s.AlertsSent); a++ {
		if n := s.AlertsSent[a]; n > 0 {
			cs = append(cs, counted{tlssock.Alert(a).String() + " sent", n, Bad})
		}
		if n := s.AlertsReceived[a]; n > 0 {
			cs = append(cs, counted{tlssock.Alert(a).String() + " received", n, Bad})
		}
	}
	return mostFirst(cs)
}

// drops are the frames and segments that were dropped, by reason.
func drops(s iface.Stats) (cs []counted) {
	for i, n := range s.Drops {
		if n > 0 {
			cs = append(cs, counted{iface.DropReason(i).String(), n, Warn})
		}
	}
	for i, n := range s.OutDrops {
		if n > 0 {
			cs = append(cs, counted{iface.DropReason(i).String() + " (out)", n, Warn})
		}
	}
	tcp := reflect.ValueOf(s.TCP) // every counter of a reason, the ones to come too
	for i := range tcp.NumField() {
		if name, ok := strings.CutPrefix(tcp.Type().Field(i).Name, "Drop"); ok && tcp.Field(i).Uint() > 0 {
			cs = append(cs, counted{words(name), tcp.Field(i).Uint(), Warn})
		}
	}
	return mostFirst(cs)
}

func mostFirst(cs []counted) []counted {
	slices.SortStableFunc(cs, func(a, b counted) int { return cmp.Compare(b.n, a.n) })
	return cs
}

// words makes words of a name in Go's manner: "OutOfOrderFull" is "out of order full", "BadACK" is "bad ACK".
func words(name string) string {
	rs := []rune(name)
	var b strings.Builder
	for i, r := range rs {
		nextIsLower := i+1 < len(rs) && unicode.IsLower(rs[i+1])
		afterLower := i > 0 && unicode.IsLower(rs[i-1])
		if i > 0 && unicode.IsUpper(r) && (afterLower || nextIsLower) {
			b.WriteByte(' ')
		}
		if unicode.IsUpper(r) && nextIsLower {
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}
