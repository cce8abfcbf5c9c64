package nstest

import (
	"errors"
	"net"
	"os"
	"strings"
	"testing"
)

func TestNamespaceHasItsOwnInterfacesAndGivesTheThreadBack(t *testing.T) {
	before, err := os.Readlink("/proc/thread-self/ns/net")
	if err != nil {
		t.Fatal(err)
	}
	ns := NewNetNS(t)
	err = ns.Do(func() error {
		inside, err := os.Readlink("/proc/thread-self/ns/net")
		if err != nil {
			return err
		}
		if inside == before {
			return errors.New("still in the old namespace")
		}
		links, err := net.Interfaces()
		if err != nil {
			return err
		}
		if len(links) != 1 || links[0].Name != "lo" || links[0].Flags&net.FlagUp == 0 {
			t.Errorf("interfaces: %+v", links)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		after, err := os.Readlink("/proc/thread-self/ns/net")
		if err != nil || after != before {
			t.Fatalf("a thread stayed in %s, %v", after, err)
		}
	}
}

func TestCommandRunsInTheNamespace(t *testing.T) {
	cat := Program(t, "cat")
	ns := NewNetNS(t)
	for name, run := range map[string]func(*Cmd) (string, error){
		"Output":         func(c *Cmd) (string, error) { b, err := c.Output(); return string(b), err },
		"CombinedOutput": func(c *Cmd) (string, error) { b, err := c.CombinedOutput(); return string(b), err },
		"Run": func(c *Cmd) (string, error) {
			var b strings.Builder
			c.Stdout = &b
			err := c.Run()
			return b.String(), err
		},
	} {
		// Of every namespace, only one with nothing but "lo" has three lines here.
		got, err := run(ns.Command(cat, "/proc/self/net/dev"))
		if err != nil || strings.Count(got, "\n") != 3 || !strings.Contains(got, "lo:") {
			t.Errorf("%s: %v:\n%s", name, err, got)
		}
	}
	if err := ns.Command("/no/such/program").Run(); err == nil {
		t.Error("a program that does not exist ran")
	}
}

func TestErrorOfDoIsTheFunctions(t *testing.T) {
	ns := NewNetNS(t)
	want := errors.New("mine")
	if err := ns.Do(func() error { return want }); err != want {
		t.Fatal(err)
	}
}

func TestTheSysfsOfANamespaceIsSeenByOneFunctionOnly(t *testing.T) {
	ns := NewNetNS(t)
	before, err := os.ReadDir("/sys/class/net")
	if err != nil {
		t.Fatal(err)
	}
	err = ns.DoWithSysfs(func() error {
		in, err := os.ReadDir("/sys/class/net")
		if err == nil && (len(in) != 1 || in[0].Name() != "lo") {
			t.Errorf("within: %v", in)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if after, err := os.ReadDir("/sys/class/net"); err != nil || len(after) != len(before) {
		t.Errorf("after: %v, %v", after, err)
	}
}
