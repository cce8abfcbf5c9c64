package tidy

import "strings"

// room is what a folder may import of this module, and what is asked of it.
type room struct {
	imports []string // folders of this module, besides those below the room itself
	still   bool     // no goroutine, channel, lock, clock or timer: `now` is an argument
}

// rooms are the folders that other people build on, as ARCHITECTURE.md draws them. A folder belongs to the longest
// entry that it is, or lies below.
var rooms = map[string]room{
	"internal/checksum": {still: true},
	"internal/bufpool":  {still: true},
	"internal/ccm":      {still: true},
	"internal/ring":     {still: true, imports: []string{"internal/bufpool", "internal/checksum"}},
	"phy":               {imports: []string{"internal/checksum"}},
	"x509lite":          {still: true},
	"tcp":               {still: true, imports: []string{"internal/bufpool", "internal/checksum", "internal/ring"}},
	"internal/dgram":    {still: true, imports: []string{"internal/bufpool"}},
	"iface":             {still: true, imports: []string{"internal/bufpool", "internal/checksum", "internal/dgram", "phy", "tcp"}},

	"tlssock/internal/suite": {still: true, imports: []string{"internal/ccm"}},
	"tlssock/internal/kex":   {still: true},
	"tlssock/internal/wire":  {still: true},
	"tlssock/internal/ech":   {still: true, imports: []string{"tlssock/internal/wire"}},
	"tlssock":                {still: true, imports: []string{"internal/bufpool", "tcp", "x509lite"}},

	"set": {still: true, imports: []string{"iface", "internal/bufpool", "tcp", "tlssock", "x509lite"}},

	"dns": {still: true, imports: []string{"iface", "set", "tcp", "tlssock"}},

	"dhcp": {still: true, imports: []string{"iface", "phy"}},

	// What blocks, on top of the core: goroutines, locks and clocks are at home here.
	"netconn":         {imports: []string{"dhcp", "dns", "iface", "phy", "set", "tcp", "tlssock", "x509lite"}},
	"netconn/nethttp": {imports: []string{"netconn"}}, // apart, because programs that speak no HTTP shall not carry net/http
	"tlstest":         {imports: []string{"iface", "internal/checksum", "netconn", "phy", "set", "tcp", "tlssock", "x509lite"}},
}

// roomOf gives the room that a folder belongs to; false when nothing is asked of it.
func roomOf(dir string) (name string, r room, ok bool) {
	for n, candidate := range rooms {
		if within(dir, n) && len(n) > len(name) {
			name, r, ok = n, candidate, true
		}
	}
	return name, r, ok
}

// within reports whether dir is root, or lies below it.
func within(dir, root string) bool { return dir == root || strings.HasPrefix(dir, root+"/") }
