package main

import (
	"bufio"
	"errors"
	"io"
	"net/netip"
	"strings"
	"testing"

	"smoltls/cmd/internal/cmdtest"
	"smoltls/internal/nstest"
	"smoltls/phy"
	"smoltls/x509lite"
)

// sServer runs openssl s_server, which demands a client's certificate and answers with what came, each line reversed
// (-rev).
func sServer(t *testing.T, ns *nstest.NetNS, openssl, at string, k x509lite.KeyType, args ...string) (cert string) {
	t.Helper()
	id := cmdtest.NewIdentity(t, x509lite.SelfSignedOptions{Names: []string{"peer"}, KeyType: k})
	sServerAs(t, ns, openssl, at, id, args...)
	return id.Cert
}

// sServerAs is sServer for an identity that is there.
func sServerAs(t *testing.T, ns *nstest.NetNS, openssl, at string, id *cmdtest.Identity, args ...string) {
	t.Helper()
	all := append([]string{"s_server", "-accept", at, "-cert", id.Cert, "-key", id.Key, "-tls1_3", "-Verify", "1", "-rev"}, args...)
	cmd := ns.Command(openssl, all...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() && lines.Text() != "ACCEPT" {
	}
	if lines.Text() != "ACCEPT" {
		t.Fatalf("s_server does not start: %v", lines.Err())
	}
	go io.Copy(io.Discard, out)
}

// TestAgainstOpenSSLServerOfAnAuthority: the server has a chain, and what is known is the authority on top.
func TestAgainstOpenSSLServerOfAnAuthority(t *testing.T) {
	openssl := nstest.Program(t, "openssl")
	id, roots := cmdtest.Certified(t, "peer", "192.0.2.1")
	_, others := cmdtest.Certified(t, "peer")
	open := func(t *testing.T) phy.Device {
		dev, ns := nstest.TAP(t, netip.MustParsePrefix("192.0.2.1/24"))
		sServerAs(t, ns, openssl, "192.0.2.1:4433", id, "-cert_chain", id.Cert)
		return dev
	}
	for name, args := range map[string][]string{"by its address": nil, "by its name": {"-name", "peer"}} {
		t.Run(name, func(t *testing.T) {
			if said, err := clientOn(t, open(t), "desserts", append(args, "-roots", roots, "192.0.2.1:4433")...); err != nil {
				t.Errorf("%v\n%s", err, said)
			}
		})
	}
	t.Run("another root of the same name", func(t *testing.T) {
		c := cmdtest.Start(t, run, open(t), strings.NewReader(""), "-tap", "given", "-addr", "192.0.2.2/24", "-state", t.TempDir(), "-roots", others, "192.0.2.1:4433")
		if err := c.Wait(); !errors.Is(err, x509lite.ErrSignature) {
			t.Error(err)
		}
	})
}

// clientOn runs tunclient on dev. Its input ends when the answer has come.
func clientOn(t *testing.T, dev phy.Device, want string, args ...string) (said string, err error) {
	t.Helper()
	in, input := io.Pipe()
	all := append([]string{"-tap", "given", "-addr", "192.0.2.2/24", "-addr", "2001:db8::2/64", "-state", t.TempDir(), "-v"}, args...)
	c := cmdtest.Start(t, run, dev, in, all...)
	go io.WriteString(input, "stressed\n")
	if !c.Stdout.Await(t, want) {
		t.Errorf("%q came back", c.Stdout.String())
	}
	input.Close()
	err = c.Wait()
	return c.Stderr.String(), err
}

// TestAgainstOpenSSLServer: every key type, on TAP and TUN, IPv4 and IPv6, with a client certificate, with and without
// HelloRetryRequest.
func TestAgainstOpenSSLServer(t *testing.T) {
	openssl := nstest.Program(t, "openssl")
	host := []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24"), netip.MustParsePrefix("2001:db8::1/64")}
	for _, c := range []struct {
		name   string
		open   func(testing.TB, ...netip.Prefix) (*phy.TunTap, *nstest.NetNS)
		key    x509lite.KeyType
		peer   string
		server []string
		says   string
	}{
		{"TAP P-256 CCM", nstest.TAP, x509lite.ECDSAP256, "192.0.2.1:4433", []string{"-ciphersuites", "TLS_AES_128_CCM_SHA256"}, "TLS_AES_128_CCM_SHA256, X25519"},
		{"TUN P-384 retry", nstest.TUN, x509lite.ECDSAP384, "[2001:db8::1]:4433", []string{"-groups", "P-384"}, "P384"},
		{"TAP Ed25519 retry", nstest.TAP, x509lite.Ed25519Key, "[2001:db8::1]:4433", []string{"-groups", "P-256"}, "P256"},
		{"TUN RSA ChaCha", nstest.TUN, x509lite.RSA, "192.0.2.1:4433", []string{"-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"}, "CHACHA20"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dev, ns := c.open(t, host...)
			cert := sServer(t, ns, openssl, c.peer, c.key, c.server...)
			said, err := clientOn(t, dev, "desserts", "-server-cert", cert, "-name", "peer", c.peer)
			if err != nil || !strings.Contains(said, c.says) {
				t.Errorf("%v\n%s", err, said)
			}
		})
	}
}
