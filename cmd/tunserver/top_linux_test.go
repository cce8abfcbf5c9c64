package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smoltls/cmd/internal/cmdtest"
	"smoltls/internal/nstest"
	"smoltls/x509lite"
)

// onATerminal starts the command as it is, with -top and more flags, on a terminal and a TUN device in a network of its
// own.
func onATerminal(t *testing.T, more ...string) (*nstest.NetNS, *cmdtest.PTY, *nstest.Cmd) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat("/dev/net/tun"); err != nil {
		nstest.Missing(t, "tun", err.Error())
	}
	ns := nstest.NewNetNS(t)
	p := cmdtest.NewPTY(t, 150, 30)
	cmd := ns.Command(self, append([]string{"-tun", "tun0", "-host", "192.0.2.1/24", "-addr", "192.0.2.2/24", "-top"}, more...)...)
	cmd.Env = append(os.Environ(), "BE_THE_COMMAND=1")
	p.Attach(cmd.Cmd)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	return ns, p, cmd
}

// TestTopShowsTheClientsOfAServerThatRuns: the command as it is, on a terminal and a TUN device, with crypto/tls over
// the kernel's TCP as the clients.
func TestTopShowsTheClientsOfAServerThatRuns(t *testing.T) {
	id := cmdtest.NewIdentity(t, x509lite.SelfSignedOptions{Names: []string{"server"}})
	ns, p, cmd := onATerminal(t, "-cert", id.Cert, "-key", id.Key, "-serve", "echo", "-v")
	p.Await("the empty table", func(s string) bool {
		return strings.Contains(s, "tunserver  tun0  192.0.2.2/24") && strings.Contains(s, " 0 open")
	})

	t.Log("# three clients: each sends ten times as much as the one before")
	var conns []*tls.Conn
	for i, size := range []int{1000, 10_000, 100_000} {
		var raw net.Conn
		if err := ns.Do(func() (err error) { raw, err = net.DialTimeout("tcp", "192.0.2.2:443", 20*time.Second); return err }); err != nil {
			t.Fatal(err)
		}
		defer raw.Close()
		c := tls.Client(raw, trusting(t, id))
		if err := roundTrip(c, size); err != nil {
			t.Fatalf("client %d: %v", i, err)
		}
		conns = append(conns, c)
	}
	peer := func(i int) string { return conns[i].LocalAddr().String() }
	order := func(is ...int) func(string) bool {
		return func(s string) bool {
			at := 0
			for _, i := range is {
				j := strings.Index(s[at:], "\n"+peer(i))
				if j < 0 {
					return false
				}
				at += j
			}
			return strings.Count(s, "established") == len(is)
		}
	}
	s := p.Await("three rows, the oldest first", order(0, 1, 2))
	for _, want := range []string{"3 open", "3 done", "AES_128_GCM", "X25519MLKEM768", "1.00 kB", "10.0 kB", "100 kB", "AGE ▼", "connected: version TLS 1.3"} {
		if !strings.Contains(s, want) {
			t.Errorf("no %q in\n%s", want, s)
		}
	}
	for range 5 { // RTT, CWND, SENDQ, RECVQ, IN
		p.Press("\x1b[C")
	}
	p.Await("the most bytes first", func(s string) bool { return strings.Contains(s, "IN ▼") && order(2, 1, 0)(s) })
	p.Press("r")
	p.Await("the other way round", func(s string) bool { return strings.Contains(s, "IN ▲") && order(0, 1, 2)(s) })
	_, port, _ := net.SplitHostPort(peer(1))
	p.Press("/:" + port + "\r")
	p.Await("one by its port", func(s string) bool { return order(1)(s) && strings.Contains(s, "1 of them with") })
	p.Press("\x1b")
	p.Resize(80, 20)
	p.Await("the same on a smaller terminal", func(s string) bool {
		return order(0, 1, 2)(s) && !strings.Contains(s, "SUITE") && strings.Contains(strings.Split(s, "\n")[19], "q quit")
	})
	conns[0].Close()
	p.Await("who has left is gone", order(1, 2))

	p.Press("q")
	if err := cmd.Wait(); err != nil {
		t.Errorf("it ends with %v", err)
	}
	p.Await("the terminal as it was, with the log", func(string) bool {
		_, after, _ := strings.Cut(p.Raw(), "\x1b[?1049l")
		return p.Restored() && strings.Count(after, "connected: version TLS 1.3") == 3
	})
	if _, err := conns[2].Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("a client of a server that was quit: %v, want io.EOF after close_notify", err)
	}
}

// TestTheTableShowsWhatIsSaidOfTicketKeys: by a goroutine that began before there was a table.
func TestTheTableShowsWhatIsSaidOfTicketKeys(t *testing.T) {
	keys := filepath.Join(t.TempDir(), "keys")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(keys, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(strings.Repeat("1", 64))
	_, p, cmd := onATerminal(t, "-state", t.TempDir(), "-ticket-keys", keys)
	p.Await("the table", func(s string) bool { return strings.Contains(s, "q quit") })
	write("no keys")
	const said = "ticket keys stay as they are"
	p.Await("what is wrong with them", func(s string) bool { return strings.Contains(s, said) })
	p.Press("q")
	if err := cmd.Wait(); err != nil {
		t.Errorf("it ends with %v", err)
	}
	p.Await("the terminal as it was, with the log", func(string) bool {
		_, after, _ := strings.Cut(p.Raw(), "\x1b[?1049l")
		return p.Restored() && strings.Count(after, said) == 1
	})
}

// trusting is a client's configuration that accepts id alone.
func trusting(t *testing.T, id *cmdtest.Identity) *tls.Config {
	t.Helper()
	leaf, err := x509.ParseCertificate(id.Chain[0])
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	return &tls.Config{RootCAs: roots, ServerName: "server"}
}

// roundTrip sends n bytes and wants them back.
func roundTrip(c *tls.Conn, n int) error {
	c.SetDeadline(time.Now().Add(cmdtest.Patience))
	sent := make(chan error, 1)
	go func() {
		_, err := c.Write(make([]byte, n))
		sent <- err
	}()
	if _, err := io.ReadFull(c, make([]byte, n)); err != nil {
		return fmt.Errorf("reading: %w", err)
	}
	return <-sent
}
