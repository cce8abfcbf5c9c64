package chart

import (
	"fmt"
	"html"
	"strings"
)

// svg is a picture that is being drawn, in pixels from the upper left corner.
type svg struct {
	b    strings.Builder
	w, h int
}

// style are the colours of both schemes, and the sizes of text.
const style = `
  .card { fill: #ffffff; stroke: #d1d9e0 }
  text { font-family: system-ui, -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; font-size: 13px; fill: #1f2328 }
  .title { font-size: 15px; font-weight: 600 }
  .note { fill: #59636e; font-size: 12px }
  .value { font-variant-numeric: tabular-nums }
  .gain { font-weight: 600; font-variant-numeric: tabular-nums }
  .ours { fill: #1f6feb }
  .peer { fill: #9aa4af }
  .rule { stroke: #d1d9e0 }
  .cell { font-size: 12px; font-variant-numeric: tabular-nums }
  .light { fill: #ffffff }
  .dark { fill: #1f2328 }
  @media (prefers-color-scheme: dark) {
    .card { fill: #0d1117; stroke: #3d444d }
    text { fill: #f0f6fc }
    .note { fill: #9198a1 }
    .ours { fill: #4493f8 }
    .peer { fill: #656c76 }
    .rule { stroke: #3d444d }
    .light { fill: #ffffff }
    .dark { fill: #1f2328 }
  }
`

// begin starts a picture; what is for those who do not see it.
func begin(w, h int, title, what string) *svg {
	s := &svg{w: w, h: h}
	fmt.Fprintf(&s.b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-labelledby="t d">`+"\n", w, h, w, h)
	fmt.Fprintf(&s.b, "<title id=\"t\">%s</title>\n<desc id=\"d\">%s</desc>\n<style>%s</style>\n", html.EscapeString(title), html.EscapeString(what), style)
	fmt.Fprintf(&s.b, `<rect class="card" x="0.5" y="0.5" width="%d" height="%d" rx="8"/>`+"\n", w-1, h-1)
	return s
}

// end gives the picture.
func (s *svg) end() []byte { return []byte(s.b.String() + "</svg>\n") }

// Where text stands from its point.
const (
	startsAt = "start"
	endsAt   = "end"
	middle   = "middle"
)

func (s *svg) text(class, anchor string, x, y float64, text string) {
	fmt.Fprintf(&s.b, `<text class="%s" x="%s" y="%s" text-anchor="%s">%s</text>`+"\n", class, px(x), px(y), anchor, html.EscapeString(text))
}

// rect draws a rectangle; fill may be empty: the class says.
func (s *svg) rect(class, fill string, x, y, w, h, radius float64) {
	if fill != "" {
		fill = ` fill="` + fill + `"`
	}
	fmt.Fprintf(&s.b, `<rect class="%s"%s x="%s" y="%s" width="%s" height="%s" rx="%s"/>`+"\n", class, fill, px(x), px(y), px(w), px(h), px(radius))
}

func (s *svg) rule(x1, y, x2 float64) {
	fmt.Fprintf(&s.b, `<line class="rule" x1="%s" y1="%s" x2="%s" y2="%s"/>`+"\n", px(x1), px(y), px(x2), px(y))
}

// px gives a length in pixels, to the tenth.
func px(v float64) string {
	return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0")
}
