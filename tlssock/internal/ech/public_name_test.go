package ech

import (
	"strings"
	"testing"
)

func TestPublicNames(t *testing.T) {
	label := strings.Repeat("a", 63)
	for name, valid := range map[string]bool{
		"public.example": true, "a": true, "xn--bcher-kva.example": true, "1.2.3.com": true, "0x1.example": true, "1a": true, "0xfg": true,
		label + ".example": true, label + "a.example": false, strings.Repeat(label+".", 4) + "a": false,
		"": false, ".": false, "a.": false, ".a": false, "a..b": false, "under_score.example": false, "-a.example": false, "a-.example": false,
		"a b": false, "bücher.example": false, "1.2.3.4": false, "4": false, "a.0x": false, "a.0XaF": false, "0x7f000001": false, "[::1]": false,
	} {
		if validPublicName(name) != valid {
			t.Errorf("%q: %v", name, !valid)
		}
	}
}
