package wire

import "testing"

func TestTypeString(t *testing.T) {
	if s := TypeClientHello.String(); s != "ClientHello" {
		t.Error(s)
	}
	if s := Type(99).String(); s != "handshake message 99" {
		t.Error(s)
	}
}
