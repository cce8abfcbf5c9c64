package cli

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"strings"

	"smoltls/dns"
)

// ErrNoNameserver says that the host's configuration names no DNS server that could be asked from a device of ours.
var ErrNoNameserver = errors.New("no DNS server is known")

// resolvConfs are where systems keep the servers' addresses. Where the first names only a resolver on the host's own
// loopback, the second has those that it asks.
var resolvConfs = []string{"/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"}

// HostNameservers gives the DNS servers that the host is configured for, and the file that says so. Those on its
// loopback are left out: nobody but the host reaches them.
func HostNameservers() (servers []netip.AddrPort, file string, err error) {
	return nameserversOf(resolvConfs)
}

func nameserversOf(files []string) ([]netip.AddrPort, string, error) {
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		if servers := parseResolvConf(text); len(servers) > 0 {
			return servers[:min(len(servers), dns.MaxServers)], file, nil
		}
	}
	return nil, "", fmt.Errorf("%w: %s has none that can be reached from a device", ErrNoNameserver, strings.Join(files, " and "))
}

// parseResolvConf gives the servers of a resolv.conf(5), but for those that only the host itself reaches: on its
// loopback, or on one of its links.
func parseResolvConf(text []byte) (servers []netip.AddrPort) {
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) < 2 || fields[0] != "nameserver" {
			continue
		}
		a, err := netip.ParseAddr(fields[1])
		if err != nil || a.IsLoopback() || a.IsUnspecified() || a.Zone() != "" {
			continue
		}
		servers = append(servers, netip.AddrPortFrom(a.Unmap(), dns.Port))
	}
	return servers
}
