package cli

import (
	"bytes"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"smoltls/phy"
)

func TestStackCapturesWithSecretsAndLogsKeys(t *testing.T) {
	dir := t.TempDir()
	pcap, keys := filepath.Join(dir, "a.pcapng"), filepath.Join(dir, "keys")
	da, db := phy.NewPipe(phy.PipeConfig{})
	a := stackOn(t, da, "192.0.2.1/24", func(c *Common) { c.Pcap, c.KeyLog = pcap, keys })
	b := stackOn(t, db, "192.0.2.2/24")
	handshake(t, a, b)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal("the second time:", err)
	}
	log, err := os.ReadFile(keys)
	if err != nil || bytes.Count(log, []byte("\n")) < 5 || !bytes.Contains(log, []byte("CLIENT_TRAFFIC_SECRET_0 ")) {
		t.Fatalf("%s %v", log, err)
	}
	capture, err := os.ReadFile(pcap)
	if err != nil || !bytes.Contains(capture, []byte("CLIENT_TRAFFIC_SECRET_0 ")) {
		t.Fatalf("%d bytes of capture without the secrets, %v", len(capture), err)
	}
	if fi, _ := os.Stat(keys); fi.Mode().Perm() != 0o600 {
		t.Errorf("others may read the secrets: %v", fi.Mode())
	}
}

func TestStackWorksThroughFaults(t *testing.T) {
	da, db := phy.NewPipe(phy.PipeConfig{})
	a := stackOn(t, da, "192.0.2.1/24", func(c *Common) { c.Drop, c.Corrupt, c.Seed = 0.1, 0.05, 4 })
	handshake(t, a, stackOn(t, db, "192.0.2.2/24"))
	st := a.Dev.(*phy.FaultDevice).Stats()
	if st.In == (phy.FaultCounters{}) {
		t.Error("no frame was counted by the faults")
	}
}

func TestWhatCantBeOpenedIsNamed(t *testing.T) {
	for flag, change := range map[string]func(*Common){
		"-pcap":   func(c *Common) { c.Pcap = filepath.Join(t.TempDir(), "no", "such", "folder") },
		"-keylog": func(c *Common) { c.KeyLog = filepath.Join(t.TempDir(), "no", "such", "folder") },
	} {
		dev, _ := phy.NewPipe(phy.PipeConfig{})
		c := &Common{Addrs: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")}}
		change(c)
		if _, err := c.OpenOn(dev); err == nil || !strings.Contains(err.Error(), flag) {
			t.Errorf("%s: %v", flag, err)
		}
	}
	dev, _ := phy.NewPipe(phy.PipeConfig{})
	if _, err := (&Common{}).OpenOn(dev); err == nil {
		t.Error("an interface without an address")
	}
}
