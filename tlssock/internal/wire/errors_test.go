package wire

import "testing"

func TestErrorNamesMessageAndField(t *testing.T) {
	if s := syntax(TypeServerHello, "random").Error(); s != "ServerHello: random: malformed" {
		t.Error(s)
	}
	if s := syntax(TypeKeyUpdate, "").Error(); s != "KeyUpdate: malformed" {
		t.Error(s)
	}
}
