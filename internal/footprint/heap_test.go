package main

import (
	"testing"

	"smoltls/x509lite"
)

// A handshake takes little memory, and what it takes for itself goes back.
func TestAHandshakeTakesLittleMemory(t *testing.T) {
	p, err := newPeers(x509lite.Ed25519Key)
	if err != nil {
		t.Fatal(err)
	}
	ours, err := second(p.smoltls)
	if err != nil {
		t.Fatal(err)
	}
	if ours.Peak < ours.Idle || ours.Idle < ours.Further || ours.Further < 1<<10 {
		t.Errorf("out of order: %+v", ours)
	}
	if ours.Peak > 64<<10 || ours.Further > 3<<10 {
		t.Errorf("both ends: peak %v, each further connection %v", ours.Peak, ours.Further)
	}
	theirs, err := second(p.cryptoTLS)
	if err != nil {
		t.Fatal(err)
	}
	if theirs.Peak < theirs.Idle || theirs.Idle < 4<<10 {
		t.Errorf("crypto/tls can't be that small: %+v", theirs)
	}
}

func TestBytesAreShownInKiB(t *testing.T) {
	if s := Bytes(1536).String(); s != "1.5 KiB" {
		t.Error(s)
	}
}
