package phy_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"io"
	"math/big"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"smoltls/internal/checksum"
	"smoltls/internal/nstest"
	"smoltls/phy"
)

// wire puts what a client and a server write into TCP segments that pass a capture: the client's
// side of a pipe is captured, so that its segments go out and the server's come in.
type wire struct {
	mu         sync.Mutex
	now        time.Time
	client     phy.Device
	server     phy.Device
	addr       [2]netip.AddrPort // of the client, of the server
	seq        [2]uint32
	sendErrors int
}

const tcpSYN, tcpACK, tcpPSH = 2, 16, 8

// segment sends one TCP segment from side 0 (client) or 1 (server).
func (w *wire) segment(from int, flags byte, payload []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(time.Millisecond)
	devs := [2]phy.Device{w.client, w.server}
	p := devs[from].Buffer(40 + len(payload))
	clear(p)
	src, dst := w.addr[from], w.addr[1-from]
	p[0], p[8], p[9] = 0x45, 64, 6
	binary.BigEndian.PutUint16(p[2:], uint16(len(p)))
	copy(p[12:], src.Addr().AsSlice())
	copy(p[16:], dst.Addr().AsSlice())
	binary.BigEndian.PutUint16(p[10:], ^checksum.Fold(checksum.Sum(p[:20], 0)))
	s := p[20:]
	binary.BigEndian.PutUint16(s[0:], src.Port())
	binary.BigEndian.PutUint16(s[2:], dst.Port())
	binary.BigEndian.PutUint32(s[4:], w.seq[from])
	if flags&tcpACK != 0 {
		binary.BigEndian.PutUint32(s[8:], w.seq[1-from])
	}
	s[12], s[13] = 5<<4, flags
	binary.BigEndian.PutUint16(s[14:], 65535)
	copy(s[20:], payload)
	pseudo := checksum.Pseudo(src.Addr(), dst.Addr(), 6, len(s))
	binary.BigEndian.PutUint16(s[16:], ^checksum.Fold(checksum.Sum(s, pseudo)))
	w.seq[from] += uint32(len(payload))
	if flags&tcpSYN != 0 {
		w.seq[from]++
	}
	if devs[from].Send(w.now, len(p)) != nil {
		w.sendErrors++
	}
	if f, err := devs[1-from].Receive(w.now); f == nil || err != nil {
		w.sendErrors++
	}
}

// tapped is a connection whose writes are also put on the wire.
type tapped struct {
	net.Conn
	w    *wire
	side int
}

func (c tapped) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		n := min(len(rest), 1400)
		c.w.segment(c.side, tcpACK|tcpPSH, rest[:n])
		rest = rest[n:]
	}
	return c.Conn.Write(p)
}

func selfSigned(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"test"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// secretExchange writes a capture of an HTTP request and response over TLS 1.3.
func secretExchange(t *testing.T, file io.Writer, keyLog bool) {
	t.Helper()
	a, b := phy.NewPipe(phy.PipeConfig{Medium: phy.MediumIP})
	captured, err := phy.Capture(a, file, phy.CaptureOptions{Interface: "test0"})
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{now: time.Unix(1_700_000_000, 123456789), client: captured, server: b}
	w.addr[0], w.addr[1] = netip.MustParseAddrPort("10.0.0.1:40000"), netip.MustParseAddrPort("10.0.0.2:443")
	w.segment(0, tcpSYN, nil)
	w.segment(1, tcpSYN|tcpACK, nil)
	w.segment(0, tcpACK, nil)

	near, far := net.Pipe()
	server := tls.Server(tapped{far, w, 1}, &tls.Config{Certificates: []tls.Certificate{selfSigned(t)}, MinVersion: tls.VersionTLS13})
	config := &tls.Config{InsecureSkipVerify: true}
	if keyLog {
		config.KeyLogWriter = captured.KeyLog()
	}
	client := tls.Client(tapped{near, w, 0}, config)
	done := make(chan error, 1)
	go func() {
		_, err := io.ReadFull(server, make([]byte, len(request)))
		if err == nil {
			_, err = io.WriteString(server, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret")
		}
		done <- err
	}()
	if _, err := io.WriteString(client, request); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(client, make([]byte, 44)); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil || w.sendErrors > 0 {
		t.Fatal(err, w.sendErrors)
	}
	if err := captured.Close(); err != nil {
		t.Fatal(err)
	}
}

const request = "GET /hidden/path HTTP/1.1\r\nHost: test\r\n\r\n"

func TestTsharkOpensACaptureDecrypted(t *testing.T) {
	tshark := nstest.Program(t, "tshark")
	show := func(file string, args ...string) string {
		out, err := exec.CommandContext(t.Context(), tshark, append([]string{"-r", file}, args...)...).Output()
		if err != nil {
			t.Fatalf("tshark: %v", err)
		}
		return string(out)
	}
	for _, keyLog := range []bool{true, false} {
		var file bytes.Buffer
		secretExchange(t, &file, keyLog)
		name := filepath.Join(t.TempDir(), "capture.pcapng")
		if err := os.WriteFile(name, file.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		found := show(name, "-Y", "http", "-T", "fields", "-e", "http.request.uri", "-e", "http.response.code")
		if keyLog != (strings.Contains(found, "/hidden/path") && strings.Contains(found, "200")) || !keyLog && found != "" {
			t.Errorf("with secrets: %v, tshark finds %q", keyLog, found)
		}
		first := show(name, "-c", "2", "-T", "fields", "-e", "frame.time_epoch", "-e", "frame.packet_flags_direction",
			"-e", "frame.interface_name", "-e", "tcp.flags.str", "-e", "_ws.malformed")
		lines := strings.Split(first, "\n")
		for i, want := range []string{"1700000000.124456789\t0x00000002\ttest0", "1700000000.125456789\t0x00000001\ttest0"} {
			if !strings.HasPrefix(lines[i], want) {
				t.Errorf("frame %d is %q, want %q", i+1, lines[i], want)
			}
		}
	}
}
