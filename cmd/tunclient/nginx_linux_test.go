package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smoltls/cmd/internal/cmdtest"
	"smoltls/internal/nstest"
	"smoltls/phy"
)

// site is nginx, and dnsmasq that knows its names, in a namespace behind a TAP device.
type site struct {
	t     *testing.T
	ns    *nstest.NetNS
	dev   *kept
	dir   string
	roots string
	file  []byte
	nginx *nstest.Cmd
}

// kept is a device that commands may close and another may use again.
type kept struct{ *phy.TunTap }

// Close does nothing.
func (kept) Close() error { return nil }

const nginxConf = `daemon off; master_process off; error_log stderr notice; pid DIR/pid;
events {}
http {
	access_log DIR/access.log;
	client_body_temp_path DIR/t1; proxy_temp_path DIR/t2; fastcgi_temp_path DIR/t3; uwsgi_temp_path DIR/t4; scgi_temp_path DIR/t5;
	server {
		listen 80; listen [::]:80;
		location / { return 301 https://$host$request_uri; }
		location /plain/ { alias DIR/www/; }
	}
	server {
		listen 443 ssl http2; listen [::]:443 ssl http2;
		ssl_certificate CERT; ssl_certificate_key KEY; ssl_protocols TLSv1.3; root DIR/www;
		location /slow/ { alias DIR/www/; limit_rate 4m; }
		location /norange/ { alias DIR/www/; max_ranges 0; }
		location = /elsewhere { return 302 https://other.test/file; }
		location = /circle { return 302 /round; }
		location = /round { return 302 /circle; }
		location = /down { return 302 http://web.test/plain/file; }
		location /secret/ { alias DIR/www/; auth_basic x; auth_basic_user_file DIR/users; }
	}
}
`

func newSite(t *testing.T, dnsmasqArgs ...string) *site {
	t.Helper()
	nstest.Program(t, "nginx")
	dnsmasq := nstest.Program(t, "dnsmasq")
	s := &site{t: t, dir: t.TempDir(), file: make([]byte, 8<<20)}
	rand.NewChaCha8([32]byte{}).Read(s.file)
	id, roots := cmdtest.Certified(t, "web.test", "other.test", "xn--bcher-kva.test", "192.0.2.1", "2001:db8::1")
	s.roots = roots
	s.write("nginx.conf", []byte(strings.NewReplacer("DIR", s.dir, "CERT", id.Cert, "KEY", id.Key).Replace(nginxConf)))
	s.write("users", []byte("user:{PLAIN}pass\n"))
	if err := os.Chmod(s.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(s.dir, "www"), 0o755); err != nil {
		t.Fatal(err)
	}
	s.write("www/file", s.file)
	dev, ns := nstest.TAP(t, netip.MustParsePrefix("192.0.2.1/24"), netip.MustParsePrefix("2001:db8::1/64"))
	s.dev, s.ns = &kept{dev}, ns
	s.start("started", dnsmasq, append(dnsmasqArgs, "--keep-in-foreground", "--log-facility=-", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--user=root", "--pid-file=", "--local=/test/",
		"--host-record=web.test,192.0.2.1,2001:db8::1", "--host-record=other.test,192.0.2.1", "--host-record=xn--bcher-kva.test,2001:db8::1")...)
	s.startNginx()
	return s
}

func (s *site) write(name string, text []byte) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, name), text, 0o644); err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) startNginx() {
	s.t.Helper()
	s.nginx = s.start("event method", nstest.Program(s.t, "nginx"), "-p", s.dir, "-c", filepath.Join(s.dir, "nginx.conf"), "-e", "stderr")
}

// start starts a server and waits until it says that it is ready.
func (s *site) start(ready, program string, args ...string) *nstest.Cmd {
	s.t.Helper()
	cmd := s.ns.Command(program, args...)
	out, err := cmd.StderrPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	var said strings.Builder
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if fmt.Fprintln(&said, lines.Text()); strings.Contains(lines.Text(), ready) {
			go io.Copy(io.Discard, out)
			return cmd
		}
	}
	s.t.Fatalf("%s does not start:\n%s", program, &said)
	return nil
}

// run runs the client with those arguments more.
func (s *site) run(dev phy.Device, args ...string) (stdout, stderr string, err error) {
	s.t.Helper()
	p := s.client(dev, args...)
	err = p.Wait()
	return p.Stdout.String(), p.Stderr.String(), err
}

func (s *site) client(dev phy.Device, args ...string) *cmdtest.Process {
	s.t.Helper()
	return cmdtest.Start(s.t, run, dev, nil, append([]string{"-tap", "given", "-addr", "192.0.2.2/24", "-addr", "2001:db8::2/64", "-dns", "192.0.2.1", "-roots", s.roots}, args...)...)
}

// curl runs it in the namespace; its -L is what we do by ourselves.
func (s *site) curl(args ...string) (out []byte, err error) {
	all := []string{"--silent", "--show-error", "--fail", "--location", "--max-redirs", "20", "--cacert", s.roots}
	for _, name := range []string{"web.test", "other.test", "xn--bcher-kva.test"} {
		all = append(all, "--resolve", name+":443:192.0.2.1", "--resolve", name+":80:192.0.2.1")
	}
	return s.ns.Command(nstest.Program(s.t, "curl"), append(all, args...)...).Output()
}

// TestFromNginxAsCurlDoes: names over IPv4 and IPv6, redirects to https and to another host, passwords, literals; and
// what curl refuses, we refuse.
func TestFromNginxAsCurlDoes(t *testing.T) {
	s := newSite(t)
	for _, url := range []string{
		"http://web.test/file", "https://web.test/elsewhere", "https://user:pass@web.test/secret/file", "https://xn--bcher-kva.test/file", "https://192.0.2.1/file",
		"https://[2001:db8::1]/file", "http://web.test/plain/file",
		"https://web.test/secret/file", "https://web.test/absent", "https://web.test/circle", "https://absent.test/", "https://web.test:80/",
	} {
		want, refused := s.curl(url)
		got, _, err := s.run(s.dev, url)
		if got != string(want) || (err == nil) != (refused == nil) {
			t.Errorf("%s: %d bytes, %v; curl has %d, %v", url, len(got), err, len(want), refused)
		}
		if err == nil && got != string(s.file) || err != nil && !oneLine(err) {
			t.Errorf("%s: %d bytes, %v", url, len(got), err)
		}
	}
	if got, _, err := s.run(s.dev, "https://bücher.test/file"); err != nil || got != string(s.file) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if _, _, err := s.run(s.dev, "https://web.test/down"); !oneLine(err, "no longer be protected") {
		t.Error(err)
	}
}

// after is a device that does something once, when so many frames have come.
type after struct {
	phy.Device
	frames int
	do     func()
}

// Receive implements phy.Device.
func (a *after) Receive(now time.Time) ([]byte, error) {
	p, err := a.Device.Receive(now)
	if len(p) > 0 {
		if a.frames--; a.frames == 0 {
			a.do()
		}
	}
	return p, err
}

// Wake implements phy.Waker.
func (a *after) Wake() { a.Device.(phy.Waker).Wake() }

// kill ends nginx at once. The kernel resets its connections.
func (s *site) kill() {
	s.nginx.Process.Kill()
	s.nginx.Wait()
}

// TestAServerThatDiesAndComesBack: the download goes on by itself, or in the next run, and what it becomes is what curl
// has.
func TestAServerThatDiesAndComesBack(t *testing.T) {
	s := newSite(t)
	const half = 2500 // frames, of 1,448 bytes of TCP at most
	t.Run("meanwhile", func(t *testing.T) {
		name := filepath.Join(t.TempDir(), "file")
		_, said, err := s.run(&after{s.dev, half, func() { s.kill(); s.startNginx() }}, "-o", name, "https://web.test/slow/file")
		if got, _ := os.ReadFile(name); err != nil || !bytes.Equal(got, s.file) || !strings.Contains(said, "trying again in 1s") {
			t.Errorf("%d bytes, %v, %q", len(got), err, said)
		}
	})
	t.Run("until the next run", func(t *testing.T) {
		name := filepath.Join(t.TempDir(), "file")
		for _, url := range []string{"https://web.test/slow/file", "http://web.test/plain/file"} {
			_, _, err := s.run(&after{s.dev, half, s.kill}, "-o", name, "-retries", "0", "-v", url)
			if err != nil && !oneLine(err, "kept in "+name+".part: the same command goes on from there") {
				t.Error(err)
			}
			if err == nil {
				continue // all of it was on the way already
			}
			part, _ := os.ReadFile(name + ".part")
			s.startNginx()
			_, said, err := s.run(s.dev, "-o", name, url)
			if got, _ := os.ReadFile(name); err != nil || !bytes.Equal(got, s.file) || said != "" {
				t.Errorf("%s: %d bytes, %v, %q", url, len(got), err, said)
			}
			log, _ := os.ReadFile(filepath.Join(s.dir, "access.log"))
			if want := fmt.Sprintf("206 %d ", len(s.file)-len(part)); len(part) == 0 || !strings.Contains(string(log), want) {
				t.Errorf("%s: after %d bytes nginx did not answer %s:\n%s", url, len(part), want, log)
			}
		}
	})
	t.Run("as curl goes on", func(t *testing.T) {
		name := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(name, s.file[:1<<20], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := s.curl("--continue-at", "-", "--output", name, "https://web.test/file"); err != nil {
			t.Fatal(err)
		}
		if got, _ := os.ReadFile(name); !bytes.Equal(got, s.file) {
			t.Error("curl has something else")
		}
	})
}

// TestWhatHasChangedBeginsAnew: the file on the server is another one meanwhile, or it is sent whole only.
func TestWhatHasChangedBeginsAnew(t *testing.T) {
	s := newSite(t)
	for path, change := range map[string]func(){
		"/slow/file":    func() { s.file = bytes.Repeat([]byte("another"), 1<<19); s.write("www/file", s.file) },
		"/norange/file": func() {},
	} {
		name := filepath.Join(t.TempDir(), "file")
		if _, _, err := s.run(&after{s.dev, 1000, s.kill}, "-o", name, "-retries", "0", "https://web.test"+path); !oneLine(err, "kept in") {
			t.Error(err)
		}
		change()
		s.startNginx()
		_, said, err := s.run(s.dev, "-o", name, "https://web.test"+path)
		if got, _ := os.ReadFile(name); err != nil || !bytes.Equal(got, s.file) || !strings.Contains(said, "beginning anew") {
			t.Errorf("%s: %d bytes, %v, %q", path, len(got), err, said)
		}
	}
}
