package tlssock

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"os/exec"
	"strings"
	"testing"
)

// digits is data in which OpenSSL's programs see no command, from one generator.
func digits(n int, seed uint32) string {
	b := make([]byte, n)
	for i := range b {
		seed = seed*1664525 + 1013904223
		b[i] = '0' + byte(seed>>24)%10
	}
	return string(b)
}

// updateDuringTransfer sends data both ways, while either end updates its keys and makes the other do so; K and k are
// the program's commands for that. It gives what was sent to the program, between marks.
func updateDuringTransfer(t *testing.T, p *socketPeer, stdin io.Writer) string {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var sent strings.Builder
	send := func(data string) { p.send(data); sent.WriteString(data) }
	stats := &p.eng.env.Stats
	skip, want, due := p.got.Len(), "", uint64(0)
	typed := func(data string) { // as if at a keyboard, and wait for it
		t.Helper()
		want += data
		io.WriteString(stdin, data)
		must(p.until(func() bool { return p.got.Len() >= skip+len(want) }))
	}
	update := func(request bool) {
		t.Helper()
		must(p.eng.KeyUpdate(request))
		must(p.until(func() bool { return true }))
	}
	send("<<")
	for round := range uint32(8) {
		update(true) // one at a time is on its way, so that each has its answer
		due++
		for n := range uint32(24) {
			send(digits(16384-int(n), round<<8|n))
			if n%4 == 0 {
				update(false)
			}
		}
		typed(digits(60000, ^round))
		for stats.KeyUpdatesIn < due { // the answer comes with what it writes when it has read
			typed("0")
		}
		io.WriteString(stdin, [2]string{"K\n", "k\n"}[round%2])
		due++
		must(p.until(func() bool { return stats.KeyUpdatesIn == due }))
	}
	send(">>")
	update(true)
	for due++; stats.KeyUpdatesIn < due; {
		typed("0")
	}
	if got := p.got.String()[skip:]; got != want {
		t.Errorf("%d bytes came, of %d, or others", len(got), len(want))
	}
	if stats.KeyUpdatesIn != 17 || stats.KeyUpdatesOut != 8*7+1+4 {
		t.Errorf("%d key updates in, %d out", stats.KeyUpdatesIn, stats.KeyUpdatesOut)
	}
	return sent.String()
}

// wantPrinted looks for what was sent in what a program printed, among messages of its own.
func wantPrinted(t *testing.T, printed, sent string) {
	t.Helper()
	for _, chatter := range []string{"SSL_do_handshake -> 1\n", "Read BLOCK\n", "read R BLOCK\n", "KEYUPDATE\n"} {
		printed = strings.ReplaceAll(printed, chatter, "")
	}
	if !strings.Contains(printed, sent) {
		t.Errorf("%d bytes printed, and not among them the %d that were sent", len(printed), len(sent))
	}
}

// Keys are updated by both ends while three megabytes go one way and half of one the other.
func TestKeyUpdatesDuringATransferWithOpenSSLServer(t *testing.T) {
	program := openssl(t)
	id := makeID(t, "P-256", testServerName)
	cert, key := pemFiles(t, id)
	for _, suite := range []uint16{tls.TLS_AES_128_GCM_SHA256, tls.TLS_AES_256_GCM_SHA384, tls.TLS_CHACHA20_POLY1305_SHA256} {
		var sent string
		printed := interactive(t, program, []string{"-cert", cert, "-key", key, "-naccept", "1"}, func(address string, stdin io.Writer) {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			p := newSocketPeer(t, conn, &Config{Trust: id.pin(), ServerName: testServerName, CipherSuites: []uint16{suite}}, RoleClient)
			if err := p.until(p.eng.HandshakeComplete); err != nil {
				t.Fatal(err)
			}
			sent = updateDuringTransfer(t, p, stdin)
		})
		t.Log(CipherSuiteName(suite))
		wantPrinted(t, printed, sent)
	}
}

func TestKeyUpdatesDuringATransferWithOpenSSLClient(t *testing.T) {
	program := openssl(t)
	id := makeID(t, "P-256", testServerName)
	for _, suite := range []uint16{tls.TLS_AES_128_GCM_SHA256, tls.TLS_AES_256_GCM_SHA384, tls.TLS_CHACHA20_POLY1305_SHA256} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(patience(t), program, "s_client", "-connect", listener.Addr().String(), "-tls1_3")
		var printed strings.Builder
		cmd.Stdout = &printed
		stdin, err := cmd.StdinPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		conn, err := listener.Accept()
		if err != nil {
			t.Fatal(err)
		}
		listener.Close()
		p := newSocketPeer(t, conn, &Config{
			Certificates: []tls.Certificate{id.cert}, CipherSuites: []uint16{suite}, SessionTicketsDisabled: true,
		}, RoleServer)
		err = p.until(p.eng.HandshakeComplete)
		if err != nil {
			t.Fatal(err)
		}
		sent := updateDuringTransfer(t, p, stdin)
		p.eng.CloseWrite()
		_ = p.until(func() bool { return true })
		conn.Close()
		stdin.Close()
		_ = cmd.Wait()
		t.Log(CipherSuiteName(suite), fmt.Sprint(cmd.ProcessState))
		wantPrinted(t, printed.String(), sent)
	}
}
