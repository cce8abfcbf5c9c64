package main

import (
	"bufio"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smoltls/internal/nstest"
	"smoltls/netconn"
	"smoltls/tlssock"
	"smoltls/x509lite"
)

// files are a place for certificates and keys.
type files struct {
	t   *testing.T
	dir string
}

func (f files) write(name string, b []byte) string {
	f.t.Helper()
	path := filepath.Join(f.dir, name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		f.t.Fatal(err)
	}
	return path
}

// identity makes a certificate and its key, in files.
func (f files) identity(name string) (cert, key string) {
	f.t.Helper()
	id, err := x509lite.SelfSigned(x509lite.SelfSignedOptions{Now: time.Now(), Names: []string{name}})
	if err != nil {
		f.t.Fatal(err)
	}
	pem, err := id.PrivateKeyPEM()
	if err != nil {
		f.t.Fatal(err)
	}
	return f.write(name+".pem", id.CertificatePEM()), f.write(name+".key", pem)
}

// broker starts a mosquitto that accepts one client's certificate only, at the kernel's end of a TAP interface, and
// gives a Runner at the other end.
func broker(t *testing.T, f files, cert, key, accepted string) *netconn.Runner {
	t.Helper()
	mosquitto := nstest.Program(t, "mosquitto")
	dev, ns := nstest.TAP(t, netip.MustParsePrefix("192.0.2.1/24"))
	conf := fmt.Sprintf("user root\nlog_dest stderr\nlistener 8883 192.0.2.1\ncertfile %s\nkeyfile %s\ncafile %s\nrequire_certificate true\nuse_identity_as_username true\ntls_version tlsv1.3\n", cert, key, accepted)
	cmd := ns.Command(mosquitto, "-v", "-c", f.write("mosquitto.conf", []byte(conf)))
	out, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	running := make(chan bool, 2)
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if strings.Contains(lines.Text(), " running") {
				running <- true
			}
		}
		running <- false
	}()
	if !<-running {
		t.Fatal("mosquitto does not start")
	}
	r, err := netconn.Start(netconn.Config{Device: dev, Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.2/24")}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func TestMosquittoTakesOurCertificateAndNobodyElses(t *testing.T) {
	f := files{t, t.TempDir()}
	brokerCert, brokerKey := f.identity("broker.test")
	deviceCert, deviceKey := f.identity("device-7.test")
	r := broker(t, f, brokerCert, brokerKey, deviceCert)

	config, err := load(brokerCert, deviceCert, deviceKey)
	if err != nil {
		t.Fatal(err)
	}
	message := strings.Repeat("hello ", 20_000) // many records
	back, err := greet(&netconn.Dialer{Runner: r, TLS: config, NoServerName: true}, "192.0.2.1:8883", "greetings", message)
	if back != message || err != nil {
		t.Errorf("%d bytes come back, %v", len(back), err)
	}

	otherCert, otherKey := f.identity("device-8.test")
	if config, err = load(brokerCert, otherCert, otherKey); err != nil {
		t.Fatal(err)
	}
	if _, err = greet(&netconn.Dialer{Runner: r, TLS: config, NoServerName: true}, "192.0.2.1:8883", "greetings", "x"); err == nil {
		t.Error("mosquitto takes a stranger")
	}
	if config, err = load(otherCert, deviceCert, deviceKey); err != nil {
		t.Fatal(err)
	}
	_, err = (&netconn.Dialer{Runner: r, TLS: config, NoServerName: true}).DialTLS("tcp", "192.0.2.1:8883")
	var alert *tlssock.AlertError
	if !errors.Is(err, x509lite.ErrNotPinned) || !errors.As(err, &alert) {
		t.Errorf("we take a stranger: %v", err)
	}
}
