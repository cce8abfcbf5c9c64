package cmdtest

import "testing"

func TestScreenReadsWhatWasDrawn(t *testing.T) {
	for drawn, want := range map[string]string{
		"ab\r\ncd":                           "ab\ncd\n",
		"\x1b[2;3Hµ·\x1b[1;1H\x1b[1;31mx":    "x\n  µ·\n",
		"abc\x1b[H\x1b[J12":                  "12\n\n",
		"abcd\x1b[1;3H\x1b[K":                "ab\n\n",
		"\x1b]2;title\x07\x1b(Bq\x1b[?1049h": "q\n\n",
		"too long a line":                    "too l\n\n",
	} {
		var s screen
		s.resize(5, 2)
		for i := range len(drawn) { // however it is cut
			s.write([]byte{drawn[i]})
		}
		if got := s.String(); got != want {
			t.Errorf("%q: %q, want %q", drawn, got, want)
		}
	}
}
