package cli

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"net/netip"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smoltls/internal/nstest"
	"smoltls/phy"
	"smoltls/set"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

// captured is two stacks, of which one captures what both say.
type captured struct {
	t        *testing.T
	a, b     *Stack
	id       *x509lite.Identity
	listener set.ListenerHandle
}

// newCaptured makes them. The side that captures is the client's, or the server's.
func newCaptured(t *testing.T, file string, atServer bool, server *tlssock.Config) *captured {
	t.Helper()
	da, db := phy.NewSharedPipe(phy.PipeConfig{})
	capture := []func(*Common){func(c *Common) { c.Pcap = file }, func(*Common) {}}
	if atServer {
		capture[0], capture[1] = capture[1], capture[0]
	}
	c := &captured{t: t, a: stackOn(t, da, "192.0.2.1/24", capture[0]), b: stackOn(t, db, "192.0.2.2/24", capture[1])}
	var err error
	if c.id, err = x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: time.Now(), Names: []string{"here", "public"}}); err != nil {
		t.Fatal(err)
	}
	server.Certificates = tlssock.Certificates(c.id)
	server.KeyLogWriter, server.NextProtos = c.b.KeyLog, []string{"http/1.1"}
	if c.listener, err = c.b.TLS.Listen(netip.MustParseAddrPort("192.0.2.2:443"), set.ListenConfig{TLS: server}); err != nil {
		t.Fatal(err)
	}
	return c
}

// client fills in what every client of it has.
func (c *captured) client(cfg *tlssock.Config) *tlssock.Config {
	cfg.Trust, cfg.ServerName, cfg.KeyLogWriter, cfg.NextProtos = x509lite.Pin(c.id.Leaf), "here", c.a.KeyLog, []string{"http/1.1"}
	return cfg
}

// connect connects; what is early goes with the first flight.
func (c *captured) connect(cfg *tlssock.Config, early string) *exchanged {
	c.t.Helper()
	h, err := c.a.TLS.Connect(netip.MustParseAddrPort("192.0.2.2:443"), cfg)
	if err != nil {
		c.t.Fatal(err)
	}
	x := &exchanged{captured: c, h: h}
	x.client, _ = c.a.TLS.Get(h)
	if early != "" {
		c.until(func() bool { n, _ := x.client.TryWriteEarly([]byte(early)); return n == len(early) })
	}
	c.until(func() bool {
		sh, ok := c.b.TLS.Accept(c.listener)
		if ok {
			x.server, _ = c.b.TLS.Get(sh)
		}
		return x.server != nil && x.client.Engine().HandshakeComplete()
	})
	return x
}

// until polls both until done.
func (c *captured) until(done func() bool) {
	c.t.Helper()
	for end := time.Now().Add(30 * time.Second); !done(); time.Sleep(time.Millisecond) {
		if err := errors.Join(c.a.Poll(), c.b.Poll()); err != nil || time.Now().After(end) {
			c.t.Fatal("nothing comes of it: ", err)
		}
	}
}

// exchanged is a connection over which requests and answers are exchanged.
type exchanged struct {
	*captured
	h              set.Handle
	client, server *tlssock.Socket
}

// get sends a request for path, unless that went early, and has it answered with as many bytes as the path is long.
func (x *exchanged) get(path string, wasEarly bool) {
	x.t.Helper()
	request := requestFor(path)
	if !wasEarly {
		x.client.TryWrite([]byte(request))
	}
	x.transfer(x.server, request)
	answer := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\nX-Answer-To: %s\r\n\r\n%s", len(path), path, path)
	x.server.TryWrite([]byte(answer))
	x.transfer(x.client, answer)
}

func requestFor(path string) string { return "GET " + path + " HTTP/1.1\r\nHost: here\r\n\r\n" }

// transfer waits until to has read want.
func (x *exchanged) transfer(to *tlssock.Socket, want string) {
	x.t.Helper()
	var got []byte
	buf := make([]byte, 1<<12)
	x.until(func() bool {
		n, _ := to.TryRead(buf)
		got = append(got, buf[:n]...)
		return len(got) >= len(want) || to.Err() != nil
	})
	if string(got) != want {
		x.t.Fatalf("%q, %v, want %q", got, to.Err(), want)
	}
}

// close ends the connection at both ends.
func (x *exchanged) close() {
	x.client.Close()
	x.server.Close()
	x.a.TLS.Remove(x.h)
	x.until(func() bool { return x.a.TLS.Lingering() == 0 })
}

// TestACaptureIsReadByTshark: whatever way a connection began, or its keys went, tshark finds its requests and answers
// in a capture of either end, with no other file.
func TestACaptureIsReadByTshark(t *testing.T) {
	tshark, capinfos := nstest.Program(t, "tshark"), nstest.Program(t, "capinfos")
	key, err := tlssock.NewECHKey(tlssock.ECHKeyOptions{PublicName: "public"})
	if err != nil {
		t.Fatal(err)
	}
	list, err := tlssock.ECHConfigList(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, atServer := range map[string]bool{"client": false, "server": true} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "capture.pcapng")
			c := newCaptured(t, file, atServer, &tlssock.Config{MaxEarlyData: 1 << 14, EncryptedClientHelloKeys: []tls.EncryptedClientHelloKey{key}})
			cache := tlssock.NewLRUClientSessionCache(4)

			x := c.connect(c.client(&tlssock.Config{ClientSessionCache: cache}), "")
			x.get("/full", false)
			if err := errors.Join(x.client.KeyUpdate(true), x.server.KeyUpdate(false)); err != nil {
				t.Fatal(err)
			}
			x.get("/after-key-updates", false)
			if s := x.client.Stats(); s.KeyUpdatesIn == 0 || s.KeyUpdatesOut == 0 {
				t.Errorf("keys were not updated: %+v", s)
			}
			x.close()

			x = c.connect(c.client(&tlssock.Config{ClientSessionCache: cache}), "")
			x.get("/resumed", false)
			if !x.client.ConnectionState().DidResume {
				t.Error("not resumed")
			}
			x.close()

			x = c.connect(c.client(&tlssock.Config{ClientSessionCache: cache, EnableEarlyData: true}), requestFor("/early"))
			x.get("/early", true)
			if got := x.client.ConnectionState().EarlyData; got != tlssock.EarlyDataAccepted {
				t.Errorf("early data: %v", got)
			}
			x.close()

			x = c.connect(c.client(&tlssock.Config{KeyShares: []tls.CurveID{}}), "")
			x.get("/retried", false)
			if !x.client.ConnectionState().HelloRetryRequest {
				t.Error("not retried")
			}
			x.close()

			x = c.connect(c.client(&tlssock.Config{EncryptedClientHelloConfigList: list}), "")
			x.get("/encrypted-hello", false)
			if !x.client.ConnectionState().ECHAccepted {
				t.Error("ECH is not accepted")
			}
			x.close()
			if err := errors.Join(c.a.Close(), c.b.Close()); err != nil {
				t.Fatal(err)
			}

			requests, answers := tsharkSays(t, tshark, file, "http.request.uri"), tsharkSays(t, tshark, file, "http.response.line")
			for _, path := range []string{"/full", "/after-key-updates", "/resumed", "/early", "/retried", "/encrypted-hello"} {
				if !strings.Contains(requests, path+"\n") || !strings.Contains(answers, "X-Answer-To: "+path) {
					t.Errorf("tshark does not show %s: requests\n%sanswers\n%s", path, requests, answers)
				}
			}
			if wrong := tsharkSays(t, tshark, file, "_ws.malformed"); strings.TrimSpace(wrong) != "" {
				t.Errorf("malformed: %s", wrong)
			}
			if out, err := exec.Command(capinfos, file).CombinedOutput(); err != nil || !bytes.Contains(out, []byte("pcapng")) || bytes.Contains(out, []byte("cut short")) {
				t.Errorf("capinfos: %v\n%s", err, out)
			}
		})
	}
}

// tsharkSays gives a field of all frames that have it.
func tsharkSays(t *testing.T, tshark, file, field string) string {
	t.Helper()
	out, err := exec.Command(tshark, "-r", file, "-Y", field, "-T", "fields", "-e", field).Output()
	if err != nil {
		t.Fatalf("tshark: %v", err)
	}
	return string(out)
}
