package cmdtest

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// PTY is a terminal that a program runs on: what it draws can be read, keys can be pressed.
type PTY struct {
	t      testing.TB
	master *os.File
	slave  *os.File
	modes  unix.Termios // before anybody changed them

	mu     sync.Mutex
	screen screen
	raw    strings.Builder
}

// NewPTY makes a terminal of w by h cells.
func NewPTY(t testing.TB, w, h int) *PTY {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { master.Close() })
	fd := int(master.Fd())
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	slave, err := os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { slave.Close() })
	p := &PTY{t: t, master: master, slave: slave}
	p.modes = p.termios()
	p.Resize(w, h)
	go p.read()
	return p
}

func (p *PTY) termios() unix.Termios {
	modes, err := unix.IoctlGetTermios(int(p.slave.Fd()), unix.TCGETS)
	if err != nil {
		p.t.Error(err)
		return unix.Termios{}
	}
	return *modes
}

// Attach makes p the controlling terminal of cmd, and its standard input, output and error where those are not set.
func (p *PTY) Attach(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 3}
	cmd.ExtraFiles = []*os.File{p.slave} // as file 3, whatever the other three are
	if cmd.Stdin == nil {
		cmd.Stdin = p.slave
	}
	if cmd.Stdout == nil {
		cmd.Stdout = p.slave
	}
	if cmd.Stderr == nil {
		cmd.Stderr = p.slave
	}
	cmd.Env = append(cmd.Env, "TERM=xterm-256color", "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "LINES=", "COLUMNS=")
}

// read follows what is drawn, until the terminal is closed.
func (p *PTY) read() {
	b := make([]byte, 4096)
	for {
		n, err := p.master.Read(b)
		if err != nil {
			return
		}
		p.mu.Lock()
		p.raw.Write(b[:n])
		p.screen.write(b[:n])
		p.mu.Unlock()
	}
}

// Press types keys.
func (p *PTY) Press(keys string) {
	p.t.Helper()
	if _, err := p.master.WriteString(keys); err != nil {
		p.t.Fatal(err)
	}
}

// Resize gives the terminal another size and tells who runs on it.
func (p *PTY) Resize(w, h int) {
	p.t.Helper()
	if err := unix.IoctlSetWinsize(int(p.master.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: uint16(h), Col: uint16(w)}); err != nil {
		p.t.Fatal(err)
	}
	p.mu.Lock()
	p.screen.resize(w, h)
	p.mu.Unlock()
}

// Screen gives what stands on the terminal, a line for each row.
func (p *PTY) Screen() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.screen.String()
}

// Raw gives everything that was written to the terminal.
func (p *PTY) Raw() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.raw.String()
}

// Await waits until what stands on the terminal is right, and fails the test when [Patience] is over.
func (p *PTY) Await(what string, right func(screen string) bool) string {
	p.t.Helper()
	for end := time.Now().Add(Patience); ; time.Sleep(5 * time.Millisecond) {
		s := p.Screen()
		if right(s) {
			return s
		}
		if time.Now().After(end) {
			p.t.Fatalf("%s: it does not come; there is\n%s", what, s)
		}
	}
}

// Restored reports whether the terminal is as it was: its modes, and the screen that was there before.
func (p *PTY) Restored() bool {
	raw := p.Raw()
	return p.termios() == p.modes && strings.LastIndex(raw, "\x1b[?1049h") < strings.LastIndex(raw, "\x1b[?1049l") && strings.LastIndex(raw, "\x1b[?25l") < strings.LastIndex(raw, "\x1b[?25h")
}
