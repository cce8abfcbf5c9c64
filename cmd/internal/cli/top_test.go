package cli

import (
	"errors"
	"io"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"smoltls/cmd/internal/top"
	"smoltls/phy"
)

// AsTable names the variable that makes this test's program a command with a table, which ends as the variable says.
const AsTable = "SMOLTLS_TEST_TABLE"

// beATable shows a table until it is interrupted, or panics.
func beATable(env *Env) error {
	dev, _ := phy.NewSharedPipe(phy.PipeConfig{})
	env.Open = func(*Common, io.Writer) (phy.Device, error) { return dev, nil }
	c := &Common{Top: true, TAP: "tap7", Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")}}
	st, err := c.Open(env)
	if err != nil {
		return err
	}
	defer st.Close()
	defer st.InterruptOn(env)()
	env.Stderr.Write([]byte("said meanwhile\n"))
	for start := time.Now(); !st.Interrupted(); {
		if err := st.Poll(); err != nil {
			return err
		}
		if os.Getenv(AsTable) == "panic" && time.Since(start) > time.Second/2 {
			panic("a bug")
		}
		st.Wait(time.Now().Add(time.Second / 4))
	}
	env.Stdout.Write([]byte("the result\n"))
	return nil
}

// paper is a terminal that keeps what was shown last.
type paper struct {
	shown  string
	keys   []top.Key
	closed bool
}

func (p *paper) Size() (w, h int) { return 120, 30 }
func (p *paper) Close()           { p.closed = true }
func (p *paper) Show(lines []top.Line) {
	p.shown = ""
	for _, l := range lines {
		p.shown += l.String() + "\n"
	}
}
func (p *paper) Key() top.Key {
	if len(p.keys) == 0 {
		return top.KeyNone
	}
	k := p.keys[0]
	p.keys = p.keys[1:]
	return k
}

// openWithTable opens a stack with -top, on a terminal that open gives.
func openWithTable(t *testing.T, open func(*Env, func()) (top.Surface, error)) (st *Stack, said *strings.Builder, err error) {
	t.Helper()
	dev, _ := phy.NewSharedPipe(phy.PipeConfig{})
	said = &strings.Builder{}
	env := &Env{Name: "command", Stdout: said, Stderr: said, Terminal: open,
		Open: func(*Common, io.Writer) (phy.Device, error) { return dev, nil }}
	c := &Common{Top: true, TAP: "tap7", Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")}}
	if st, err = c.Open(env); err == nil {
		t.Cleanup(func() { st.Close() })
	}
	return st, said, err
}

func TestTheTableIsPolledWithTheStackAndQuits(t *testing.T) {
	p := &paper{}
	st, _, err := openWithTable(t, func(*Env, func()) (top.Surface, error) { return p, nil })
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Poll(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(p.shown, "command  tap7  192.0.2.1/24") || !strings.Contains(p.shown, "PEER") {
		t.Errorf("shown:\n%s", p.shown)
	}
	if at := st.table.until(time.Time{}); at.IsZero() || time.Until(at) > top.Interval {
		t.Errorf("the loop sleeps until %v", at)
	}
	if at := st.table.until(time.Now().Add(-time.Hour)); !at.Before(time.Now()) {
		t.Errorf("what the loop waits for is put off to %v", at)
	}
	p.keys = []top.Key{'q'}
	if st.Poll(); !st.Interrupted() || !p.closed {
		t.Errorf("q: interrupted %v, terminal closed %v", st.Interrupted(), p.closed)
	}
	if at := st.table.until(time.Time{}); !at.IsZero() {
		t.Errorf("a table that is gone wants to be shown at %v", at)
	}
}

func TestTheTerminalIsGivenBackHoweverItEnds(t *testing.T) {
	for how, end := range map[string]func(*Stack){"an interrupt": (*Stack).Interrupt, "the end": func(st *Stack) { st.Close() }, "a panic": func(st *Stack) {
		defer func() { recover() }()
		defer st.Close()
		panic("a bug")
	}} {
		p := &paper{}
		st, _, err := openWithTable(t, func(*Env, func()) (top.Surface, error) { return p, nil })
		if err != nil {
			t.Fatal(err)
		}
		if end(st); !p.closed {
			t.Errorf("%s: it is not", how)
		}
	}
}

func TestWithoutATerminalOneLineSaysSo(t *testing.T) {
	for how, open := range map[string]func(*Env, func()) (top.Surface, error){"no way to one": nil, "none": OpenTerminal} {
		st, said, err := openWithTable(t, open)
		if err != nil {
			t.Fatal(err)
		}
		st.Poll()
		if strings.Count(said.String(), "\n") != 1 || !strings.Contains(said.String(), "-top: there is no table") || st.table != nil {
			t.Errorf("%s: %q", how, said)
		}
	}
	bad := errors.New("no such TERM")
	if _, _, err := openWithTable(t, func(*Env, func()) (top.Surface, error) { return nil, bad }); !errors.Is(err, bad) || !strings.HasPrefix(err.Error(), "-top: ") {
		t.Errorf("%v", err)
	}
}
