package chart

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Bar is a figure of two contenders.
type Bar struct {
	Label      string
	Ours, Peer float64 // the peer's may be 0: it was not asked
}

// Panel is bars of one unit, on one scale that begins at zero.
type Panel struct {
	Title, Unit  string
	LessIsBetter bool
	Bars         []Bar
}

// The measures of a picture of bars, in pixels.
const (
	barsWidth   = 880
	margin      = 24.0
	labelWidth  = 216.0
	barsLeft    = margin + labelWidth
	longest     = 400.0 // bar
	thick       = 15.0  // bar
	betweenRows = 14.0
	rowHeight   = 2*thick + 2 + betweenRows
	headHeight  = 66.0
	panelHead   = 38.0
	panelFoot   = 2.0
	letter      = 6.6 // a letter of a note, about
)

// Bars draws panels one below the other: ours above the peer's, each with its figure, and how many times better ours
// is.
func Bars(title, ours, peer, note string, panels []Panel) []byte {
	h := headHeight + margin/2
	for _, p := range panels {
		h += panelHead + float64(len(p.Bars))*rowHeight + panelFoot
	}
	s := begin(barsWidth, int(math.Ceil(h)), title, describe(ours, peer, panels))
	s.text("title", startsAt, margin, 32, title)
	s.text("note", startsAt, margin, 52, note)
	x := barsWidth - margin
	for _, who := range []struct{ class, name string }{{"peer", peer}, {"ours", ours}} {
		s.text("note", endsAt, x, 52, who.name)
		x -= letter*float64(len([]rune(who.name))) + 20
		s.rect(who.class, "", x, 42, 12, 12, 2)
		x -= 24
	}
	y := headHeight
	for _, p := range panels {
		y = s.panel(p, y)
	}
	return s.end()
}

// panel draws p from y on, and gives where it ends.
func (s *svg) panel(p Panel, y float64) float64 {
	s.rule(margin, y+2, barsWidth-margin)
	s.text("title", startsAt, margin, y+26, p.Title)
	better := "more is better"
	if p.LessIsBetter {
		better = "less is better"
	}
	s.text("note", endsAt, barsWidth-margin, y+26, p.Unit+", "+better)
	most := 0.0
	for _, b := range p.Bars {
		most = max(most, b.Ours, b.Peer)
	}
	y += panelHead
	for _, b := range p.Bars {
		s.text("", startsAt, margin, y+thick+5, b.Label)
		s.bar("ours", y, b.Ours, most, p.Unit)
		if b.Peer > 0 {
			s.bar("peer", y+thick+2, b.Peer, most, p.Unit)
			s.text("gain", endsAt, barsWidth-margin, y+thick+5, gain(b, p.LessIsBetter))
		}
		y += rowHeight
	}
	return y + panelFoot
}

func (s *svg) bar(class string, y, v, most float64, unit string) {
	w := max(longest*v/most, 1.5)
	s.rect(class, "", barsLeft, y, w, thick, 2)
	s.text("value", startsAt, barsLeft+w+8, y+thick-3, Number(v)+" "+unit)
}

// gain says how many times better ours is.
func gain(b Bar, lessIsBetter bool) string {
	g := b.Ours / b.Peer
	if lessIsBetter {
		g = b.Peer / b.Ours
	}
	if g >= 99.5 {
		return Number(math.Round(g)) + " ×"
	}
	return strconv.FormatFloat(g, 'f', 1, 64) + " ×"
}

// Number gives a figure as tables have it: thousands apart, one decimal below a hundred.
func Number(v float64) string {
	if v < 99.95 {
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	digits := strconv.FormatFloat(v, 'f', 0, 64)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// describe says in words what is drawn.
func describe(ours, peer string, panels []Panel) string {
	var b strings.Builder
	for _, p := range panels {
		for _, bar := range p.Bars {
			fmt.Fprintf(&b, "%s, %s: %s %s %s", p.Title, bar.Label, ours, Number(bar.Ours), p.Unit)
			if bar.Peer > 0 {
				fmt.Fprintf(&b, ", %s %s %s", peer, Number(bar.Peer), p.Unit)
			}
			b.WriteString(". ")
		}
	}
	return strings.TrimSpace(b.String())
}
