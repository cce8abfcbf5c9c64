package tlssock

import (
	"bufio"
	"crypto/tls"
	"encoding/hex"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// interactive starts s_server without -rev: it prints what comes, and sends what is written to its standard input.
// connect is called with its address.
func interactive(t *testing.T, program string, args []string, connect func(address string, stdin io.Writer)) string {
	t.Helper()
	cmd := exec.CommandContext(patience(t), program, append([]string{"s_server", "-accept", "127.0.0.1:0", "-tls1_3"}, args...)...)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	var printed strings.Builder
	for {
		line, err := lines.ReadString('\n')
		if printed.WriteString(line); err != nil {
			_ = cmd.Wait()
			t.Fatalf("s_server: %v\n%s", err, printed.String())
		}
		if _, address, ok := strings.Cut(line, "ACCEPT "); ok {
			rest := make(chan string, 1)
			go func() { b, _ := io.ReadAll(lines); rest <- string(b) }()
			connect(strings.TrimSpace(address), stdin)
			stdin.Close()
			_ = cmd.Process.Kill()
			printed.WriteString(<-rest)
			_ = cmd.Wait()
			return printed.String()
		}
	}
}

// Our client resumes with s_server, and sends early data with its hello.
func TestOpenSSLServerTakesOurSessionsAndEarlyData(t *testing.T) {
	program := openssl(t, "-early_data")
	id := makeID(t, "P-256", testServerName)
	cert, key := pemFiles(t, id)
	for _, suite := range []string{"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"} {
		cfg := &Config{Trust: id.pin(), ServerName: testServerName, ClientSessionCache: NewLRUClientSessionCache(0), EnableEarlyData: true}
		printed := interactive(t, program, []string{"-cert", cert, "-key", key, "-early_data", "-naccept", "2", "-ciphersuites", suite}, func(address string, stdin io.Writer) {
			for n := range 2 {
				conn, err := net.Dial("tcp", address)
				if err != nil {
					t.Fatal(err)
				}
				p := newSocketPeer(t, conn, cfg, RoleClient)
				if n == 1 {
					p.earlyLine()
				}
				if err := p.until(p.eng.HandshakeComplete); err != nil {
					t.Fatal(err)
				}
				if _, err := io.WriteString(stdin, lineBack); err != nil {
					t.Fatal(err)
				}
				if err := p.until(func() bool { return p.got.Len() >= len(lineBack) && p.eng.env.Stats.TicketsIn > 0 }); err != nil || p.got.String() != lineBack {
					t.Errorf("%s, connection %d: %v, got %q", suite, n, err, p.got.String())
				}
				cs := p.eng.ConnectionState()
				if cs.DidResume != (n == 1) || n == 1 && cs.EarlyData != EarlyDataAccepted {
					t.Errorf("%s, connection %d: resumed %v, early data %v", suite, n, cs.DidResume, cs.EarlyData)
				}
				p.eng.CloseWrite()
				_ = p.until(func() bool { return true })
				conn.Close()
			}
		})
		// What it prints comes from two buffers.
		if !strings.Contains(printed, "Early data received:") || !strings.Contains(printed, strings.TrimSpace(lineForth)) {
			t.Errorf("%s: s_server prints\n%s", suite, printed)
		}
	}
}

// earlyLine sends the hello and a line of early data.
func (p *socketPeer) earlyLine() {
	p.t.Helper()
	if err := p.until(func() bool { return true }); err != nil {
		p.t.Fatal(err)
	}
	p.early(lineForth)
}

// early sends a record of early data.
func (p *socketPeer) early(data string) {
	p.t.Helper()
	buf := make([]byte, p.eng.SealedLen(len(data)))
	n, err := p.eng.SealEarly(buf, []byte(data))
	if err == nil {
		_, err = p.conn.Write(buf[:n])
	}
	if err != nil {
		p.t.Fatalf("early data: %v", err)
	}
}

// An s_server that has not the ticket's key passes over our early data, though it be in the smallest records, and the
// most of them.
func TestOpenSSLServerPassesOverOurEarlyData(t *testing.T) {
	program := openssl(t, "-early_data")
	id := makeID(t, "P-256", testServerName)
	cert, key := pemFiles(t, id)
	cfg := &Config{Trust: id.pin(), ServerName: testServerName, ClientSessionCache: NewLRUClientSessionCache(0), EnableEarlyData: true, ResendEarlyData: true}
	for n := range 2 { // each with ticket keys of its own
		interactive(t, program, []string{"-cert", cert, "-key", key, "-early_data", "-naccept", "1"}, func(address string, stdin io.Writer) {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			p := newSocketPeer(t, conn, cfg, RoleClient)
			if err := p.until(func() bool { return true }); err != nil {
				t.Fatal(err)
			}
			for n == 1 && p.eng.EarlyDataRoom() > 0 {
				p.early("x")
			}
			if err := p.until(p.eng.HandshakeComplete); err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(stdin, lineBack); err != nil {
				t.Fatal(err)
			}
			if err := p.until(func() bool { return p.got.Len() >= len(lineBack) && p.eng.env.Stats.TicketsIn > 0 }); err != nil {
				t.Fatal(err)
			}
			if s := p.eng.ConnectionState().EarlyData; n == 1 && s != EarlyDataNotResumed {
				t.Errorf("early data: %v", s)
			}
		})
	}
}

// s_client resumes with our server, with early data that is accepted, and that is not.
func TestOpenSSLClientResumesAndSendsEarlyData(t *testing.T) {
	program := openssl(t, "-early_data", "-sess_out")
	dir := t.TempDir()
	session, early := filepath.Join(dir, "session"), filepath.Join(dir, "early")
	if err := os.WriteFile(early, []byte("comes early\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg := &Config{Certificates: []tls.Certificate{makeID(t, "P-256", testServerName).cert}, MaxEarlyData: 1000}
	withClient(t, program, []string{"-sess_out", session}, func(conn net.Conn) { serveLine(t, conn, cfg) })
	for _, accept := range []bool{true, false} {
		if !accept {
			cfg = cfg.Clone()
			cfg.MaxEarlyData = 0
		}
		var eng *Engine
		printed := withClient(t, program, []string{"-sess_in", session, "-early_data", early}, func(conn net.Conn) { eng = serveLine(t, conn, cfg) })
		cs, got := eng.ConnectionState(), make([]byte, 100)
		got = got[:eng.ReadEarly(got)]
		if !cs.DidResume || (cs.EarlyData == EarlyDataAccepted) != accept || (string(got) == "comes early\n") != accept {
			t.Errorf("accept %v: resumed %v, early data %v: %q", accept, cs.DidResume, cs.EarlyData, got)
		}
		want := map[bool]string{true: "Early data was accepted", false: "Early data was rejected"}[accept]
		if !strings.Contains(printed, want) || !strings.Contains(printed, "Reused, TLSv1.3") {
			t.Errorf("s_client prints\n%s", printed)
		}
	}
}

// OpenSSL takes external keys as they are.
func TestOpenSSLWithExternalKeys(t *testing.T) {
	program := openssl(t, "-psk_identity")
	key := testPSK("device-7", direct)
	args := []string{"-psk", hex.EncodeToString(key.Key), "-psk_identity", "device-7"}
	printed := withServer(t, program, append([]string{"-nocert"}, args...), func(conn net.Conn) {
		eng := askLine(t, conn, &Config{ExternalPSKs: []ExternalPSK{testPSK("device-7"), key}})
		if cs := eng.ConnectionState(); string(cs.ExternalPSKIdentity) != "device-7" || cs.DidResume {
			t.Errorf("our client: %+v", cs)
		}
	})
	printed += withClient(t, program, append([]string{"-ciphersuites", "TLS_AES_128_GCM_SHA256"}, args...), func(conn net.Conn) {
		eng := serveLine(t, conn, &Config{ExternalPSKs: []ExternalPSK{key}})
		if cs := eng.ConnectionState(); string(cs.ExternalPSKIdentity) != "device-7" {
			t.Errorf("our server: %+v", cs)
		}
	})
	if t.Failed() {
		t.Log(printed)
	}
}
