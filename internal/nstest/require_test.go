package nstest

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// verdict is a testing.TB that records how a test would have ended.
type verdict struct {
	testing.TB
	skipped, failed string
}

func (v *verdict) Helper() {}
func (v *verdict) Fatalf(format string, args ...any) {
	v.failed = fmt.Sprintf(format, args...)
	runtime.Goexit()
}
func (v *verdict) Skipf(format string, args ...any) {
	v.skipped = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// ending runs f as a test would be run and tells how it ended.
func ending(f func(testing.TB)) *verdict {
	v := &verdict{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(v)
	}()
	<-done
	return v
}

func TestMissingProgramSkipsUnlessItIsRequired(t *testing.T) {
	const name = "no-such-program-anywhere"
	for list, fails := range map[string]bool{
		"": false, "tun,openssl": false, name: true, "tun, " + name + " ,curl": true, name + "s": false, ",,": false,
	} {
		t.Setenv(RequireVariable, list)
		v := ending(func(t testing.TB) { Program(t, name) })
		got := v.skipped
		if fails {
			got = v.failed
		}
		if !strings.Contains(got, name) || (v.failed != "") != fails {
			t.Errorf("with %q: skipped %q, failed %q", list, v.skipped, v.failed)
		}
	}
}

func TestProgramThatExistsIsFound(t *testing.T) {
	v := ending(func(tb testing.TB) {
		if Program(tb, "go") == "" {
			t.Error("no path")
		}
	})
	if v.failed+v.skipped != "" {
		t.Skip("no go command on the path")
	}
}

func TestAloneMakesPeersMissing(t *testing.T) {
	t.Setenv(RequireVariable, "")
	t.Setenv(AloneVariable, "1")
	if v := ending(func(t testing.TB) { Program(t, "go") }); v.skipped == "" {
		t.Error("a program was found")
	}
	if v := ending(func(t testing.TB) { NewNetNS(t) }); v.skipped == "" {
		t.Error("a namespace was made")
	}
}
