package tcp

import "testing"

func TestFlagsStandAsInTheHeader(t *testing.T) { // RFC 9293 §3.1
	if FIN != 1 || SYN != 2 || RST != 4 || PSH != 8 || ACK != 16 || URG != 32 || ECE != 64 || CWR != 128 {
		t.Fatal("values")
	}
	if got := (SYN | ACK).String(); got != "SYN|ACK" {
		t.Fatal(got)
	}
	if got := Flags(0).String(); got != "none" {
		t.Fatal(got)
	}
	if !(SYN | ACK).Has(ACK) || SYN.Has(SYN|ACK) {
		t.Fatal("Has")
	}
}
