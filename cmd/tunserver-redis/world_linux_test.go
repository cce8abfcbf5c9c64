package main

import (
	"bufio"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"smoltls/cmd/internal/cmdtest"
	"smoltls/internal/nstest"
	"smoltls/tlssock"
)

// TestMain makes the test's program the command, where a test asks for that.
func TestMain(m *testing.M) {
	if os.Getenv("BE_THE_COMMAND") != "" {
		main()
	}
	os.Exit(m.Run())
}

// server is the command in a process of its own, on a TUN device in the world's namespace.
type server struct {
	addr string
	log  cmdtest.Buffer
}

// serve starts one.
func serve(t *testing.T, ns *nstest.NetNS, device, host, addr string, args ...string) *server {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := &server{addr: addr}
	cmd := ns.Command(self, append([]string{"-tun", device, "-host", host + "/24", "-addr", addr + "/24", "-serve", "http", "-v"}, args...)...)
	cmd.Env = append(os.Environ(), "BE_THE_COMMAND=1")
	cmd.Stdout, cmd.Stderr = &s.log, &s.log
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // when the test is over
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Wait(); cmd.ProcessState.ExitCode() != 0 {
			t.Errorf("%s: %v", addr, err)
		}
		if t.Failed() {
			t.Logf("%s said:\n%s", addr, &s.log)
		}
	})
	if !s.log.Await(t, "serving http on "+addr) {
		t.Fatal("it does not serve")
	}
	return s
}

// redisServer is a redis-server on a socket in the file system.
type redisServer struct {
	t    *testing.T
	path string
	cmd  *exec.Cmd
}

func startRedis(t *testing.T) *redisServer {
	t.Helper()
	dir, err := os.MkdirTemp("", "redis") // t.TempDir is too long for a socket's name
	if err != nil {
		t.Fatal(err)
	}
	r := &redisServer{t: t, path: filepath.Join(dir, "socket")}
	r.start()
	t.Cleanup(func() {
		r.kill()
		os.RemoveAll(dir)
	})
	return r
}

func (r *redisServer) start() {
	r.t.Helper()
	r.cmd = exec.Command(nstest.Program(r.t, "redis-server"), "--port", "0", "--unixsocket", r.path, "--save", "", "--dir", filepath.Dir(r.path))
	out, err := r.cmd.StdoutPipe()
	if err == nil {
		err = r.cmd.Start()
	}
	if err != nil {
		r.t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.Contains(lines.Text(), "eady to accept connections") {
			go func() { // the rest is read, so that it can go on
				for lines.Scan() {
				}
			}()
			return
		}
	}
	r.t.Fatal("redis-server does not start")
}

func (r *redisServer) kill() {
	r.thaw()
	r.cmd.Process.Kill()
	r.cmd.Wait()
}

// freeze makes it take connections and answer nothing, until thaw.
func (r *redisServer) freeze() { r.cmd.Process.Signal(syscall.SIGSTOP) }
func (r *redisServer) thaw()   { r.cmd.Process.Signal(syscall.SIGCONT) }

// dial connects by the kernel's TCP, out of the namespace.
func dial(t *testing.T, ns *nstest.NetNS, s *server) (c net.Conn) {
	t.Helper()
	err := ns.Do(func() (err error) {
		c, err = net.DialTimeout("tcp", s.addr+":443", cmdtest.Patience)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	c.SetDeadline(time.Now().Add(cmdtest.Patience))
	t.Cleanup(func() { c.Close() })
	return c
}

const request = "GET /bytes/2000 HTTP/1.1\r\nHost: server\r\nConnection: close\r\n\r\n"

// flight is the first flight of a client that wants early data to be taken: the hello with the request behind it.
type flight struct {
	t      *testing.T
	client *tlssock.Engine
	sent   []byte
}

// fly makes one, with the session that cfg has.
func fly(t *testing.T, cfg *tlssock.Config) *flight {
	t.Helper()
	e, err := tlssock.NewEngine(&tlssock.Env{Now: time.Now()}, cfg, tlssock.RoleClient)
	if err == nil {
		err = e.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	f := &flight{t: t, client: e}
	f.collect()
	if room := e.EarlyDataRoom(); room > 0 {
		buf := make([]byte, e.SealedLen(len(request)))
		n, err := e.SealEarly(buf, []byte(request))
		if err != nil {
			t.Fatal(err)
		}
		f.sent = append(f.sent, buf[:n]...)
	}
	return f
}

// collect takes what the client has to send.
func (f *flight) collect() {
	out := f.client.Output()
	f.sent = append(f.sent, out...)
	f.client.Sent(len(out))
}

// land sends the flight, brings the handshake to its end, asks if it has not asked early, and gives the answer, up to
// the end of the connection.
func (f *flight) land(c net.Conn) (answer string) {
	f.t.Helper()
	var in, got []byte
	asked := len(f.sent) > 0 && f.client.EarlyDataRoom() > 0
	buf := make([]byte, 1<<14)
	for !f.client.PeerClosed() {
		if _, err := c.Write(f.sent); err != nil {
			f.t.Fatal(err)
		}
		f.sent = nil
		n, err := c.Read(buf)
		if in = append(in, buf[:n]...); err != nil {
			f.t.Fatalf("%v; %v", err, f.client.Err())
		}
		for len(in) >= 5 && !f.client.PeerClosed() {
			n, err := f.client.RecordLen(in)
			if err != nil || n > len(in) {
				break
			}
			app, err := f.client.Receive(nil, in[:n])
			if err != nil {
				f.t.Fatal(err)
			}
			got, in = append(got, app...), in[n:]
		}
		f.collect()
		if f.client.HandshakeComplete() && !asked {
			asked = true
			n, err := f.client.Seal(buf, []byte(request))
			if err != nil {
				f.t.Fatal(err)
			}
			f.sent = append(f.sent, buf[:n]...)
		}
	}
	return string(got)
}

// answers counts the answers, each of which must be whole.
func answers(t *testing.T, text string) int {
	t.Helper()
	n := strings.Count(text, "HTTP/1.1 200 OK\r\n")
	if bodies := len(text) - n*(strings.Index(text, "\r\n\r\n")+4); n > 0 && bodies != n*2000 {
		t.Errorf("%d answers with %d bytes", n, bodies)
	}
	return n
}

// accepted counts the connections whose early data s has taken.
func (s *server) accepted() int { return strings.Count(s.log.String(), "early data accepted") }

// hexKey is a line with a ticket key that is like no other.
func hexKey(n int) string { return strings.Repeat(strconv.Itoa(n), 64) + "\n" }
