package tidy

import (
	"go/ast"
	"slices"
	"strconv"
	"strings"
)

// confined are packages from outside that only some rooms may use. "net" has sockets of the operating system; net/netip
// is not meant.
var confined = []struct {
	path    string // with what lies below it, unless exact
	exact   bool
	allowed []string // rooms and other folders
}{
	{path: "github.com/google/gopacket", allowed: []string{"dhcp", "iface", "phy"}},
	{path: "github.com/songgao/water", allowed: []string{"phy"}},
	{path: "net", exact: true, allowed: []string{"phy", "cmd", "examples", "internal", "netconn", "netconn/nethttp", "tlstest"}},
	{path: "net/http", allowed: []string{"cmd", "examples", "netconn/nethttp"}},
	{path: "os", exact: true, allowed: []string{"phy", "cmd", "examples", "internal", "netconn", "tlstest"}},
}

// CheckImports finds imports against the order of the rooms, and packages from outside where they do not belong, tests
// aside. A package that is neither a room nor internal nor a command nor an example is one that rooms.go must learn of.
func CheckImports(m *Module) (found []Finding) {
	for _, s := range m.Sources {
		if s.IsTest() {
			continue
		}
		name, r, ok := roomOf(s.Dir())
		if !ok && s.Dir() != "." && !within(s.Dir(), "internal") && !within(s.Dir(), "cmd") && !within(s.Dir(), "examples") {
			found = append(found, s.finding(s.AST, "%s is in no room: rooms.go says what a package may import", s.Dir()))
			continue
		}
		for _, spec := range s.AST.Imports {
			found = append(found, s.checkImport(spec, name, r, ok)...)
		}
	}
	return found
}

func (s *Source) checkImport(spec *ast.ImportSpec, name string, r room, inRoom bool) []Finding {
	p, _ := strconv.Unquote(spec.Path.Value)
	if own, ours := strings.CutPrefix(p, ModulePath+"/"); ours {
		if inRoom && !within(own, name) && !slices.Contains(r.imports, own) {
			return []Finding{s.finding(spec, "%s may not import %s", name, own)}
		}
		return nil
	}
	for _, c := range confined {
		if p != c.path && (c.exact || !within(p, c.path)) {
			continue
		}
		allowed := slices.Contains(c.allowed, name)
		if !inRoom {
			allowed = slices.ContainsFunc(c.allowed, func(a string) bool { return within(s.Dir(), a) })
		}
		if !allowed {
			return []Finding{s.finding(spec, "%s may not import %s", s.Dir(), p)}
		}
	}
	return nil
}
