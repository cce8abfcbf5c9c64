package tidy

import "testing"

func importing(paths ...string) string {
	text := "package p\n"
	for _, p := range paths {
		text += "import \"" + p + "\"\n"
	}
	return text
}

func TestImportsRunOneWay(t *testing.T) {
	for _, c := range []struct{ dir, path string }{
		{"phy", "tcp"}, {"phy", "iface"}, {"tcp", "iface"}, {"tcp", "phy"}, {"tlssock", "iface"}, {"tlssock", "phy"}, {"tlssock", "set"},
		{"x509lite", "tcp"}, {"x509lite", "tlssock"}, {"iface", "set"}, {"set", "cmd/internal/cli"}, {"internal/ring", "tcp"},
		{"tlssock/internal/suite", "tlssock"}, {"tcp", "internal/simnet"},
	} {
		expect(t, CheckImports(read(t, c.dir+"/a.go", importing("fmt", ModulePath+"/"+c.path))), c.dir+"/a.go:3: "+c.dir+" may not import "+c.path)
		expect(t, CheckImports(read(t, c.dir+"/a_test.go", importing(ModulePath+"/"+c.path))))
	}
}

func TestPackagesFromOutsideStayWhereTheyBelong(t *testing.T) {
	for _, c := range []struct{ dir, path string }{
		{"tcp", "github.com/google/gopacket"}, {"tcp", "github.com/google/gopacket/layers"}, {"cmd/x", "github.com/google/gopacket"},
		{"iface", "github.com/songgao/water"}, {"x509lite", "net"}, {"tcp", "net"}, {"tlssock/internal/wire", "os"}, {"internal/ring", "net"},
		{"phy", "net/http"}, {"netconn", "net/http"},
	} {
		expect(t, CheckImports(read(t, c.dir+"/a.go", importing(c.path))), c.dir+"/a.go:2: "+c.dir+" may not import "+c.path)
	}
}

func TestImportsInOrderAreLeftAlone(t *testing.T) {
	expect(t, CheckImports(read(t,
		"phy/a.go", importing("github.com/songgao/water", "github.com/google/gopacket", "os", "net"),
		"iface/a.go", importing("github.com/google/gopacket/layers", "net/netip", ModulePath+"/phy", ModulePath+"/tcp"),
		"tlssock/a.go", importing(ModulePath+"/tlssock/internal/wire", ModulePath+"/x509lite"),
		"netconn/nethttp/a.go", importing("net", "net/http", ModulePath+"/netconn"),
		"set/a.go", importing(ModulePath+"/iface", ModulePath+"/tlssock"),
		"cmd/x/a.go", importing("net/http", "os", ModulePath+"/set", ModulePath+"/phy"),
		"internal/simnet/a.go", importing("os", ModulePath+"/set"))))
}

func TestANewPackageNeedsARoom(t *testing.T) {
	expect(t, CheckImports(read(t, "udp/a.go", "package udp\n")), "udp/a.go:1: udp is in no room: rooms.go says what a package may import")
}
