package redisguard

import (
	"bufio"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"smoltls/internal/nstest"
	"smoltls/tlssock"
)

// server is a redis-server on a socket in the file system.
type server struct {
	t    *testing.T
	path string
	args []string
	cmd  *exec.Cmd
}

// startRedis starts one, with settings more.
func startRedis(t *testing.T, args ...string) *server {
	t.Helper()
	dir, err := os.MkdirTemp("", "redis") // t.TempDir is too long for a socket's name
	if err != nil {
		t.Fatal(err)
	}
	s := &server{t: t, path: filepath.Join(dir, "socket"), args: args}
	s.start()
	t.Cleanup(func() {
		s.kill()
		os.RemoveAll(dir)
	})
	return s
}

func (s *server) start() {
	s.t.Helper()
	program := nstest.Program(s.t, "redis-server")
	s.cmd = exec.Command(program, append([]string{"--port", "0", "--unixsocket", s.path, "--save", "", "--appendonly", "no", "--dir", filepath.Dir(s.path)}, s.args...)...)
	out, err := s.cmd.StdoutPipe()
	if err == nil {
		err = s.cmd.Start()
	}
	if err != nil {
		s.t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.Contains(lines.Text(), "eady to accept connections unix") || strings.Contains(lines.Text(), "ready to accept connections at "+s.path) {
			go func() { // what it says else is read, so that it can go on
				for lines.Scan() {
				}
			}()
			return
		}
	}
	s.t.Fatal("redis-server does not start")
}

// kill ends it at once; what it knew is lost.
func (s *server) kill() {
	s.cmd.Process.Signal(syscall.SIGCONT)
	s.cmd.Process.Kill()
	s.cmd.Wait()
}

// freeze makes it take connections and answer nothing, until thaw.
func (s *server) freeze() { s.cmd.Process.Signal(syscall.SIGSTOP) }
func (s *server) thaw()   { s.cmd.Process.Signal(syscall.SIGCONT) }

// do sends a command as its master.
func (s *server) do(args ...any) any {
	s.t.Helper()
	c := redis.NewClient(&redis.Options{Network: "unix", Addr: s.path})
	defer c.Close()
	v, err := c.Do(s.t.Context(), args...).Result()
	if err != nil {
		s.t.Fatal(args, err)
	}
	return v
}

// guard makes a guard on it whose clock stands at epoch, patient enough for a busy machine.
func (s *server) guard(change ...func(c *Config)) *Guard {
	s.t.Helper()
	cfg := Config{URL: "unix://" + s.path, Timeout: 20 * time.Second, Pause: time.Nanosecond, Now: func() time.Time { return epoch }}
	for _, f := range change {
		f(&cfg)
	}
	return newGuard(s.t, cfg)
}

func newGuard(t *testing.T, cfg Config) *Guard {
	t.Helper()
	g, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	return g
}

var epoch = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// hello is one like no other, which comes when it should, at a time after epoch when everything is known since epoch.
func hello(n uint64) tlssock.EarlyHello {
	at := epoch.Add(time.Hour)
	h := tlssock.EarlyHello{Issued: at, Expected: at}
	binary.BigEndian.PutUint64(h.ID[:], n)
	return h
}

// accepts asks at the time when h should come.
func accepts(g *Guard, h tlssock.EarlyHello) bool { return g.Accept(h.Expected, h) }
