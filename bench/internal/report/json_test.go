package report

import (
	"strings"
	"testing"
)

func TestJSON(t *testing.T) {
	var b strings.Builder
	if err := JSON(&b, results()[:2]); err != nil {
		t.Fatal(err)
	}
	want := `{"figure":"bulk","unit":"MB/s","ours":1200,"peer":300,"limit":2000}
{"figure":"round trip","unit":"µs","ours":4,"peer":18.04,"limit":null}
`
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}
