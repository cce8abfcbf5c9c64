package tlssock

import (
	"bufio"
	"context"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smoltls/internal/nstest"
)

// openssl gives the path of OpenSSL. It must know all of the options, which the test is about, of s_client.
func openssl(t testing.TB, options ...string) string {
	t.Helper()
	path := nstest.Program(t, "openssl")
	help, _ := exec.Command(path, "s_client", "-help").CombinedOutput()
	for _, o := range options {
		if !strings.Contains(string(help), o) {
			nstest.Missing(t, "openssl-3.2", path+" does not know "+o)
		}
	}
	return path
}

// pemFiles writes the certificates and the key of an identity, and gives the names of the files.
func pemFiles(t testing.TB, id testID) (cert, key string) {
	t.Helper()
	dir := t.TempDir()
	write := func(name, typ string, ders ...[]byte) string {
		var b []byte
		for _, der := range ders {
			b = append(b, pem.EncodeToMemory(&pem.Block{Type: typ, Bytes: der})...)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(id.cert.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	return write("cert.pem", "CERTIFICATE", id.cert.Certificate...), write("key.pem", "PRIVATE KEY", pkcs8)
}

// socketPeer runs one of our engines over a socket of the kernel's.
type socketPeer struct {
	t    testing.TB
	eng  *Engine
	conn net.Conn
	in   *bufio.Reader
	got  strings.Builder
}

func newSocketPeer(t testing.TB, conn net.Conn, cfg *Config, role Role) *socketPeer {
	t.Helper()
	eng, err := NewEngine(&Env{Now: epoch}, cfg, role)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(); eng.Free() })
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil { // so that a test that hangs says where
		t.Fatal(err)
	}
	return &socketPeer{t: t, eng: eng, conn: conn, in: bufio.NewReaderSize(conn, 32<<10)}
}

// until moves records until done says so, or the connection fails.
func (p *socketPeer) until(done func() bool) error {
	if err := p.eng.Start(); err != nil {
		return err
	}
	for {
		if out := p.eng.Output(); len(out) > 0 {
			n, err := p.conn.Write(out)
			if p.eng.Sent(n); err != nil {
				return err
			}
			continue
		}
		if p.eng.Err() != nil || done() {
			return p.eng.Err()
		}
		header, err := p.in.Peek(5)
		if err != nil {
			return err
		}
		size, err := p.eng.RecordLen(header)
		if err != nil {
			return err
		}
		record := make([]byte, size)
		if _, err := io.ReadFull(p.in, record); err != nil {
			return err
		}
		app, err := p.eng.Receive(nil, record)
		if p.got.Write(app); err != nil && p.eng.Err() == nil {
			return err
		}
	}
}

func (p *socketPeer) send(data string) {
	p.t.Helper()
	buf := make([]byte, len(data)+p.eng.Overhead())
	n, err := p.eng.Seal(buf, []byte(data))
	if err == nil {
		_, err = p.conn.Write(buf[:n])
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

// patience ends a program that hangs, so that the test says where.
func patience(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// withServer starts s_server, which sends every line back reversed, and lets client speak to it. It gives what s_server
// prints.
func withServer(t *testing.T, program string, args []string, client func(net.Conn)) string {
	t.Helper()
	cmd := exec.CommandContext(patience(t), program, append([]string{"s_server", "-accept", "127.0.0.1:0", "-rev", "-tls1_3", "-naccept", "1"}, args...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var problems strings.Builder
	cmd.Stderr = &problems
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	lines := bufio.NewReader(out)
	var printed strings.Builder
	for {
		line, err := lines.ReadString('\n')
		printed.WriteString(line)
		if err != nil {
			t.Fatalf("s_server: %v\n%s%s", err, printed.String(), problems.String())
		}
		if _, address, ok := strings.Cut(line, "ACCEPT "); ok {
			conn, err := net.Dial("tcp", strings.TrimSpace(address))
			if err != nil {
				t.Fatal(err)
			}
			client(conn)
			conn.Close()
			break
		}
	}
	rest, _ := io.ReadAll(lines)
	_ = cmd.Wait()
	return printed.String() + string(rest) + problems.String()
}

// withClient runs s_client, which sends a line, against server. It gives what s_client prints.
func withClient(t *testing.T, program string, args []string, server func(net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	args = append([]string{"s_client", "-connect", listener.Addr().String(), "-tls1_3", "-ign_eof"}, args...)
	return withProgram(t, exec.CommandContext(patience(t), program, args...), listener, server)
}

// withProgram runs a client that calls the listener and sends a line. It gives what it prints.
func withProgram(t *testing.T, cmd *exec.Cmd, listener net.Listener, server func(net.Conn)) string {
	t.Helper()
	cmd.Stdin = strings.NewReader(lineForth)
	var printed strings.Builder
	cmd.Stdout, cmd.Stderr = &printed, &printed
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); listener.Close(); close(ended) }() // one that never comes ends the wait for it
	conn, err := listener.Accept()
	if err == nil {
		server(conn)
		conn.Close()
	}
	<-ended
	if err != nil {
		t.Errorf("%v: %v\n%s", cmd.Args, err, printed.String())
	}
	return printed.String()
}

const lineForth, lineBack = "what goes forth\n", "htrof seog tahw\n"

// serveLine is a server's part with s_client: one line, sent back reversed, and the end.
func serveLine(t *testing.T, conn net.Conn, cfg *Config) *Engine {
	t.Helper()
	p := newSocketPeer(t, conn, cfg, RoleServer)
	if err := p.until(func() bool { return strings.Contains(p.got.String(), "\n") }); err != nil {
		t.Errorf("our server: %v", err)
		return p.eng
	}
	if p.got.String() != lineForth {
		t.Errorf("our server got %q", p.got.String())
	}
	p.send(lineBack)
	p.eng.CloseWrite()
	if err := p.until(func() bool { return true }); err != nil {
		t.Errorf("our server: %v", err)
	}
	return p.eng
}

// askLine is a client's part with s_server -rev.
func askLine(t *testing.T, conn net.Conn, cfg *Config) *Engine {
	t.Helper()
	p := newSocketPeer(t, conn, cfg, RoleClient)
	err := p.until(p.eng.HandshakeComplete)
	if err == nil {
		p.send(lineForth)
		err = p.until(func() bool { return strings.Contains(p.got.String(), "\n") })
	}
	if err != nil || p.got.String() != lineBack {
		t.Errorf("our client: %v, got %q", err, p.got.String())
	}
	return p.eng
}
