package top

import (
	"testing"

	"smoltls/iface"
	"smoltls/tlssock"
)

func TestWords(t *testing.T) {
	for name, want := range map[string]string{
		"NotAcceptable": "not acceptable", "PAWS": "PAWS", "NoACK": "no ACK", "SYNQueueFull": "SYN queue full", "OutOfOrderFull": "out of order full", "SYNCookie": "SYN cookie",
	} {
		if got := words(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestDropsOfAllLayersStandTogetherTheMostFirst(t *testing.T) {
	s := iface.Stats{}
	s.Drops[iface.DropNoPort], s.OutDrops[iface.DropNoRoute], s.TCP.DropPAWS = 2, 1, 7
	got := drops(s)
	if len(got) != 3 || got[0].what != "PAWS" || got[1].what != "no port" || got[2].what != "no route (out)" {
		t.Errorf("%+v", got)
	}
}

func TestCloseNotifyIsNoAlertToTellOf(t *testing.T) {
	var s tlssock.Stats
	s.AlertsSent[tlssock.AlertCloseNotify], s.AlertsReceived[tlssock.AlertCloseNotify] = 5, 5
	if got := alerts(s); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	s.AlertsSent[tlssock.AlertUnknownCA] = 1
	if got := alerts(s); len(got) != 1 || got[0].n != 1 {
		t.Errorf("%+v", got)
	}
}
