package dhcp

import "testing"

func TestEventsSayWhatHasHappened(t *testing.T) {
	for want, e := range map[string]Event{
		"dhcp: bound 192.0.2.100/24 from 192.0.2.1":                       {Kind: Bound, Lease: Lease{Addr: offered, Server: server1.addr}},
		"dhcp: lost 192.0.2.100/24 from 192.0.2.1: " + ErrExpired.Error(): {Kind: Lost, Lease: Lease{Addr: offered, Server: server1.addr}, Err: ErrExpired},
		"dhcp: failed: " + ErrNoAnswer.Error():                            {Kind: Failed, Err: ErrNoAnswer},
		"dhcp: nothing":                                                   {},
	} {
		if got := e.String(); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
	if Renewed.String() != "renewed" || Ended.String() != "ended" || EventKind(99).String() != "nothing" {
		t.Error("names")
	}
}
