package dns

import (
	"errors"
	"fmt"
	"testing"
)

func TestNoServerIsAskedForSpecialNames_RFC6761_6(t *testing.T) {
	w := newWorld(t, Config{})
	w.answer = zone(addr("invalid.test.", "198.51.100.1", 60))
	for name, want := range map[string]string{
		"localhost": "[127.0.0.1] [::1]", "LocalHost.": "[127.0.0.1] [::1]", "a.localhost": "[127.0.0.1] [::1]",
		"invalid": "[] []", "a.b.invalid.": "[] []", "abcdefgh.onion": "[] []", // RFC 7686 §2
	} {
		a, _, err4 := w.lookup(name, A)
		aaaa, _, err6 := w.lookup(name, AAAA)
		if got := fmt.Sprintf("%v %v", a.Addrs, aaaa.Addrs); got != want || errors.Is(err4, ErrNotFound) != (want == "[] []") || errors.Is(err6, ErrNotFound) != (want == "[] []") {
			t.Errorf("%s: %s, %v, %v", name, got, err4, err6)
		}
	}
	if len(w.asked) != 0 || len(w.dns.queries) != 0 {
		t.Errorf("asked %q", w.asked)
	}
	if a, _, err := w.lookup("invalid.test", A); err != nil || len(a.Addrs) != 1 || len(w.asked) != 1 {
		t.Errorf("%+v, %v", a, err)
	}
}
