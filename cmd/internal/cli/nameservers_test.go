package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"smoltls/dns"
)

func TestServersOfTheHostAreThoseThatADeviceReaches(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	stub := file("stub", "# by a program\nnameserver 127.0.0.53\noptions edns0\nsearch example\n")
	real := file("real", "nameserver 192.0.2.53 # trailing\n  nameserver\t2001:db8::53\nnameserver fe80::1%eth0\nnameserver nonsense\nnameserver\n;nameserver 192.0.2.54\n")
	many := file("many", strings.Repeat("nameserver 192.0.2.1\n", 100))
	for _, c := range []struct {
		files []string
		want  string
	}{
		{[]string{real}, "[192.0.2.53:53 [2001:db8::53]:53]"},
		{[]string{stub, real}, "[192.0.2.53:53 [2001:db8::53]:53]"},
		{[]string{filepath.Join(dir, "absent"), real}, "[192.0.2.53:53 [2001:db8::53]:53]"},
	} {
		got, from, err := nameserversOf(c.files)
		if err != nil || fmt.Sprint(got) != c.want || from != real {
			t.Errorf("%v: %v of %s, %v", c.files, got, from, err)
		}
	}
	if got, _, err := nameserversOf([]string{many}); err != nil || len(got) != dns.MaxServers {
		t.Errorf("%d servers, %v", len(got), err)
	}
	if _, _, err := nameserversOf([]string{stub}); !errors.Is(err, ErrNoNameserver) || !strings.Contains(err.Error(), stub) {
		t.Error(err)
	}
}

func FuzzResolvConf(f *testing.F) {
	f.Add([]byte("nameserver 192.0.2.53\nnameserver ::1\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, s := range parseResolvConf(text) {
			if !s.IsValid() || s.Addr().IsLoopback() || s.Port() != dns.Port {
				t.Errorf("%v", s)
			}
		}
	})
}
