//go:build wasip1

package top

import "testing"

func TestThereIsNoTerminal(t *testing.T) {
	if s, err := Open(func() {}); s != nil || err == nil {
		t.Errorf("%v %v", s, err)
	}
}
