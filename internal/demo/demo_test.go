package demo

import (
	"strings"
	"testing"
	"time"
)

func TestTheDemonstrationShowsTheMainJobAndEveryBadCase(t *testing.T) {
	var out strings.Builder
	if err := Run(Options{Bytes: 3 << 20, Out: &out, Progress: func(string, int64) Progress { return noProgress{} }}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"TLS 1.3", "round trips  2.0", "client to server", "server to client", "3 MiB each way"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	for _, c := range cases {
		if !strings.Contains(out.String(), c.name+" ") {
			t.Errorf("no row for %q", c.name)
		}
	}
}

type noProgress struct{}

func (noProgress) Add(int) {}
func (noProgress) Finish() {}

func testIdentities(t *testing.T) *identities {
	t.Helper()
	ids, err := newIdentities(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return ids
}
