package main

import (
	"path/filepath"
	"strings"
	"testing"

	"smoltls/cmd/internal/cmdtest"
)

// TestAnAddressAndNamesByDHCP: nothing is given but the device. The network and its servers are dnsmasq's to tell.
func TestAnAddressAndNamesByDHCP(t *testing.T) {
	s := newSite(t, "--dhcp-range=192.0.2.50,192.0.2.59,255.255.255.0,1h", "--dhcp-authoritative", "--dhcp-leasefile="+filepath.Join(t.TempDir(), "leases"))
	p := cmdtest.Start(t, run, s.dev, nil, "-tap", "given", "-dhcp", "-roots", s.roots, "-v", "https://web.test/file")
	err := p.Wait()
	if got, said := p.Stdout.String(), p.Stderr.String(); err != nil || got != string(s.file) || !strings.Contains(said, "address 192.0.2.5") || !strings.Contains(said, "from 192.0.2.1, DNS servers: 192.0.2.1") {
		t.Errorf("%d bytes, %v, %q", len(got), err, said)
	}
}
