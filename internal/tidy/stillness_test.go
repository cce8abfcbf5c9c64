package tidy

import (
	"strconv"
	"testing"
)

func TestWhateverMovesByItselfIsFound(t *testing.T) {
	const suffix = " in a package that is driven by its caller's now alone"
	for code, want := range map[string]string{
		"func f() { go f() }":                              "go statement",
		"func f(c any) { c <- 1 }":                         "send on a channel",
		"func f(c any) { <-c }":                            "receive from a channel",
		"var c chan int":                                   "channel type",
		"func f() { select {} }":                           "select statement",
		"var m sync.Mutex":                                 "sync.Mutex",
		"type x struct { sync.RWMutex }":                   "sync.RWMutex",
		"func f(w *sync.WaitGroup) {}":                     "sync.WaitGroup",
		"var c = sync.NewCond(nil)":                        "sync.NewCond",
		"var c *sync.Cond":                                 "sync.Cond",
		"var t = time.Now()":                               "time.Now",
		"var now = time.Now":                               "time.Now",
		"func f(t time.Time) any { return time.Since(t) }": "time.Since",
		"func f(t time.Time) any { return time.Until(t) }": "time.Until",
		"var d = time.After(1)":                            "time.After",
		"func f() { time.Sleep(1) }":                       "time.Sleep",
		"var d = time.NewTimer(1)":                         "time.NewTimer",
		"var d = time.Tick(1)":                             "time.Tick",
		"var d = time.AfterFunc(1, nil)":                   "time.AfterFunc",
	} {
		file := "package p\nimport (\"sync\"; \"time\")\n" + code + "\n"
		for _, dir := range []string{"iface", "tcp", "x509lite", "tlssock", "tlssock/internal/suite", "set", "internal/ring", "internal/bufpool", "internal/checksum", "internal/ccm"} {
			expect(t, CheckStillness(read(t, dir+"/a.go", file)), dir+"/a.go:3: "+want+suffix)
		}
		expect(t, CheckStillness(read(t, "tcp/a_test.go", file, "phy/a.go", file, "cmd/x/a.go", file, "internal/simnet/a.go", file)))
	}
}

func TestAnotherNameHidesNothing(t *testing.T) {
	const suffix = " in a package that is driven by its caller's now alone"
	expect(t, CheckStillness(read(t, "tcp/a.go", "package tcp\nimport clock \"time\"\nvar t = clock.Now()\n")), "tcp/a.go:3: time.Now"+suffix)
	expect(t, CheckStillness(read(t, "tcp/a.go", "package tcp\nimport . \"time\"\nvar t = Now()\n")), "tcp/a.go:2: dot import of time"+suffix)
}

func TestWhatOnlyLooksLikeAClockIsLeftAlone(t *testing.T) {
	for i, code := range []string{
		"import \"time\"\nfunc f(t time.Time) time.Time { return t.Add(time.Second) }",
		"type clock struct{}\nfunc (clock) Now() int { return 0 }\nfunc f(time clock) int { return time.Now() }",
		"import \"time\"\ntype clock struct{}\nfunc (clock) Now() int { return 0 }\nfunc f(time clock) int { return time.Now() }\nvar d time.Duration",
		"import \"sync/atomic\"\nvar n atomic.Int64",
		"// time.Now would be wrong here: go, chan, select.\nvar text = \"time.Now\"",
	} {
		expect(t, CheckStillness(read(t, "tcp/a"+strconv.Itoa(i)+".go", "package tcp\n"+code+"\n")))
	}
}
