package report

import (
	"strings"
	"testing"
)

func TestWhatWasWrittenIsReadAgain(t *testing.T) {
	var b strings.Builder
	if err := JSON(&b, results()); err != nil {
		t.Fatal(err)
	}
	got, err := ReadJSON(strings.NewReader(b.String()))
	if err != nil || len(got) != 4 || got["bulk"] != (Medians{1200, 300, 2000}) || got["up"] != (Medians{}) {
		t.Errorf("%+v, %v", got, err)
	}
	for _, bad := range []string{"x", `{"figure":"a"`, `{"other":1}`} {
		if _, err := ReadJSON(strings.NewReader(bad)); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
