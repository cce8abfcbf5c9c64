package tunserver

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smoltls/cmd/internal/cmdtest"
	"smoltls/internal/nstest"
	"smoltls/phy"
	"smoltls/x509lite"
)

// Addresses at the ends of the devices: the kernel's, and ours.
var (
	kernelSide = []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24"), netip.MustParsePrefix("2001:db8::1/64")}
	ourSide    = []string{"-addr", "192.0.2.2/24", "-addr", "2001:db8::2/64"}
	mediums    = map[string]func(testing.TB, ...netip.Prefix) (*phy.TunTap, *nstest.NetNS){"TAP": nstest.TAP, "TUN": nstest.TUN, "TAP with offload": nstest.OffloadTAP}
)

// onDevice runs the server on dev with those flags more, until the test ends.
func onDevice(t *testing.T, dev phy.Device, args ...string) {
	t.Helper()
	p := cmdtest.Start(t, Run, dev, nil, append(append([]string{"-tap", "given", "-v"}, ourSide...), args...)...)
	t.Cleanup(func() {
		p.Interrupt()
		if err := p.Wait(); err != nil && !errors.Is(err, phy.ErrClosed) {
			t.Errorf("server: %v", err)
		}
	})
	p.Stderr.Await(t, "serving")
}

// keyed makes an identity of that key type in files.
func keyed(t *testing.T, name string, k x509lite.KeyType) *cmdtest.Identity {
	t.Helper()
	return cmdtest.NewIdentity(t, x509lite.SelfSignedOptions{Names: []string{name}, KeyType: k})
}

// sClient sends text through openssl s_client and wants it back.
func sClient(ns *nstest.NetNS, openssl string, text string, args ...string) (said string, err error) {
	cmd := ns.Command(openssl, append([]string{"s_client", "-tls1_3", "-nocommands", "-verify_return_error"}, args...)...)
	in, err := cmd.StdinPipe()
	if err != nil {
		return "", err
	}
	var out cmdtest.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		return "", err
	}
	io.WriteString(in, text)
	for end := time.Now().Add(20 * time.Second); !strings.Contains(out.String(), strings.TrimSpace(text)) && time.Now().Before(end); {
		if strings.Contains(out.String(), "alert") || strings.Contains(out.String(), "errno") {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	in.Close()
	cmd.Wait()
	if !strings.Contains(out.String(), strings.TrimSpace(text)) {
		return out.String(), errors.New("the text did not come back")
	}
	return out.String(), nil
}

// TestOpenSSLClient: s_client over TAP and TUN, IPv4 and IPv6, with each suite, group and key type that it has, with
// and without a certificate.
func TestOpenSSLClient(t *testing.T) {
	openssl := nstest.Program(t, "openssl")
	keys := map[string]x509lite.KeyType{"P-256": x509lite.ECDSAP256, "P-384": x509lite.ECDSAP384, "Ed25519": x509lite.Ed25519Key, "RSA": x509lite.RSA}
	suites := []string{"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_CCM_SHA256"}
	groups := []string{"X25519", "P-256", "P-384"}
	for medium, open := range mediums {
		for kind, k := range keys {
			t.Run(medium+"/"+kind, func(t *testing.T) {
				dev, ns := open(t, kernelSide...)
				server := keyed(t, "server", k)
				client := keyed(t, "client", k)
				onDevice(t, dev, "-cert", server.Cert, "-key", server.Key, "-client-auth", "request", "-client-cert", client.Cert)
				for i, suite := range suites {
					for j, group := range groups {
						addr := []string{"192.0.2.2:443", "[2001:db8::2]:443"}[(i+j)%2]
						args := []string{"-connect", addr, "-CAfile", server.Cert, "-ciphersuites", suite, "-groups", group}
						if (i+j/2)%2 == 0 {
							args = append(args, "-cert", client.Cert, "-key", client.Key)
						}
						said, err := sClient(ns, openssl, fmt.Sprintf("echo %d %d\n", i, j), args...)
						if err != nil || !strings.Contains(said, suite) {
							t.Errorf("%s %s %s: %v\n%s", addr, suite, group, err, said)
						}
					}
				}
			})
		}
	}
}

// TestOpenSSLClientWithAnAuthority: either end has a chain of the same two authorities, and knows the one on top.
func TestOpenSSLClientWithAnAuthority(t *testing.T) {
	openssl := nstest.Program(t, "openssl")
	dev, ns := nstest.TUN(t, kernelSide...)
	server, serverRoots := cmdtest.Certified(t, "server")
	client, clientRoots := cmdtest.Certified(t, "client")
	other, _ := cmdtest.Certified(t, "client")
	onDevice(t, dev, "-cert", server.Cert, "-key", server.Key, "-client-roots", clientRoots)
	args := []string{"-connect", "192.0.2.2:443", "-CAfile", serverRoots, "-verify_hostname", "server"}
	said, err := sClient(ns, openssl, "certified\n", append(args, "-cert", client.Cert, "-cert_chain", client.Cert, "-key", client.Key)...)
	if err != nil || !strings.Contains(said, "Acceptable client certificate CA names") {
		t.Errorf("%v\n%s", err, said)
	}
	for want, id := range map[string]*cmdtest.Identity{"bad certificate": other, "unknown ca": cmdtest.Named(t, "client")} {
		if said, err := sClient(ns, openssl, "never\n", append(args, "-cert", id.Cert, "-cert_chain", id.Cert, "-key", id.Key)...); err == nil || !strings.Contains(said, want) {
			t.Errorf("%s: %v\n%s", want, err, said)
		}
	}
}

func TestOpenSSLClientThatIsRefusedHearsTheAlert(t *testing.T) {
	openssl := nstest.Program(t, "openssl")
	dev, ns := nstest.TUN(t, kernelSide...)
	server := cmdtest.Named(t, "server")
	client := cmdtest.Named(t, "client")
	other := cmdtest.Named(t, "client")
	onDevice(t, dev, "-cert", server.Cert, "-key", server.Key, "-client-cert", client.Cert)
	for want, args := range map[string][]string{
		"certificate required": nil, "unknown ca": {"-cert", other.Cert, "-key", other.Key},
	} {
		said, err := sClient(ns, openssl, "never\n", append([]string{"-connect", "192.0.2.2:443", "-CAfile", server.Cert}, args...)...)
		if err == nil || !strings.Contains(said, want) {
			t.Errorf("s_client does not say %q: %v\n%s", want, err, said)
		}
	}
}

// TestCurl gets the page and 100 MiB over TAP and TUN, IPv4 and IPv6, with a client certificate.
func TestCurl(t *testing.T) {
	curl := nstest.Program(t, "curl")
	const size = 100 << 20
	h := sha256.New()
	for n := int64(0); n < size; {
		p := pattern(n)
		p = p[:min(int64(len(p)), size-n)]
		h.Write(p)
		n += int64(len(p))
	}
	want := hex.EncodeToString(h.Sum(nil))
	for medium, open := range mediums {
		t.Run(medium, func(t *testing.T) {
			dev, ns := open(t, kernelSide...)
			server := cmdtest.Named(t, "server")
			client := cmdtest.Named(t, "client")
			onDevice(t, dev, "-cert", server.Cert, "-key", server.Key, "-client-cert", client.Cert, "-serve", "http")
			for _, addr := range []string{"192.0.2.2", "[2001:db8::2]"} {
				common := []string{"-sS", "--cacert", server.Cert, "--cert", client.Cert, "--key", client.Key, "--resolve", "server:443:" + addr}
				page, err := ns.Command(curl, append(common, "https://server/")...).Output()
				if err != nil || !bytes.Contains(page, []byte("TLS 1.3")) || !bytes.Contains(page, []byte("SHA-256")) {
					t.Errorf("%s: %v\n%s", addr, err, page)
				}
				sum := sha256.New()
				get := ns.Command(curl, append(common, fmt.Sprintf("https://server/bytes/%d", size))...)
				get.Stdout = sum
				if err := get.Run(); err != nil || hex.EncodeToString(sum.Sum(nil)) != want {
					t.Errorf("%s: %v, %x, want %s", addr, err, sum.Sum(nil), want)
				}
			}
		})
	}
}

// TestTwoHundredClientsAtOnce: all are served through one interface; meanwhile two that were there before keep working.
func TestTwoHundredClientsAtOnce(t *testing.T) {
	dev, ns := nstest.TAP(t, kernelSide...)
	server := keyed(t, "server", x509lite.Ed25519Key)
	onDevice(t, dev, "-cert", server.Cert, "-key", server.Key)
	pem, err := os.ReadFile(server.Cert)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	cfg := &tls.Config{RootCAs: roots, ServerName: "server", MinVersion: tls.VersionTLS13}
	const clients = 200
	err = ns.Do(func() error {
		var early [2]*tls.Conn
		for i := range early {
			if early[i], err = dialTLS(cfg); err != nil {
				return err
			}
			defer early[i].Close()
		}
		conns := make([]net.Conn, clients) // made in this namespace's thread
		for i := range conns {
			if conns[i], err = net.DialTimeout("tcp", "192.0.2.2:443", 30*time.Second); err != nil {
				return fmt.Errorf("client %d: %w", i, err)
			}
		}
		results := make(chan error, clients)
		for i, c := range conns {
			go func() { results <- echoThrough(tls.Client(c, cfg), fmt.Sprintf("client %d ", i), 200) }()
		}
		for n := range clients {
			for i, c := range early {
				if err := roundTrip(c, fmt.Sprintf("early %d %d", i, n)); err != nil {
					return fmt.Errorf("an earlier connection: %w", err)
				}
			}
			if err := <-results; err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func dialTLS(cfg *tls.Config) (*tls.Conn, error) {
	c, err := net.DialTimeout("tcp", "192.0.2.2:443", 30*time.Second)
	if err != nil {
		return nil, err
	}
	return tls.Client(c, cfg), nil
}

// roundTrip sends text and wants it back.
func roundTrip(c *tls.Conn, text string) error {
	c.SetDeadline(time.Now().Add(60 * time.Second))
	if _, err := io.WriteString(c, text); err != nil {
		return err
	}
	got := make([]byte, len(text))
	if _, err := io.ReadFull(c, got); err != nil || string(got) != text {
		return fmt.Errorf("%q came back as %q: %w", text, got, err)
	}
	return nil
}

// echoThrough makes n round trips and ends cleanly.
func echoThrough(c *tls.Conn, name string, n int) error {
	defer c.Close()
	for k := range n {
		if err := roundTrip(c, fmt.Sprint(name, k)); err != nil {
			return err
		}
	}
	c.CloseWrite()
	if rest, err := io.ReadAll(c); err != nil || len(rest) > 0 {
		return fmt.Errorf("%s: the end: %q %w", name, rest, err)
	}
	return nil
}

// TestCaptureOpensDecrypted: tshark shows the request in a capture with no further file.
func TestCaptureOpensDecrypted(t *testing.T) {
	curl, tshark := nstest.Program(t, "curl"), nstest.Program(t, "tshark")
	pcap := filepath.Join(t.TempDir(), "capture.pcapng")
	t.Run("transfer", func(t *testing.T) {
		dev, ns := nstest.TAP(t, kernelSide...)
		server := cmdtest.Named(t, "server")
		onDevice(t, dev, "-cert", server.Cert, "-key", server.Key, "-serve", "http", "-pcap", pcap)
		if out, err := ns.Command(curl, "-sS", "--cacert", server.Cert, "--resolve", "server:443:192.0.2.2", "https://server/bytes/1000").CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	})
	out, err := nstest.NewNetNS(t).Command(tshark, "-r", pcap, "-Y", "http.request.uri == \"/bytes/1000\"").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "GET /bytes/1000") {
		t.Fatalf("%v\n%s", err, out)
	}
}
