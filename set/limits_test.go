package set

import (
	"testing"
	"time"
)

func TestZeroLimitsAreTheDefaultsAndNegativeTimesSwitchOff(t *testing.T) {
	want := Limits{
		Sockets: DefaultSockets, Listeners: DefaultListeners, Handshakes: DefaultHandshakes, HandshakeTimeout: DefaultHandshakeTimeout, GuardTimeout: DefaultGuardTimeout,
		AcceptBacklog: DefaultAcceptBacklog, Linger: DefaultLinger, Lingering: DefaultLingering, SleepAfter: DefaultSleepAfter,
	}
	if got := (Limits{}).withDefaults(); got != want {
		t.Errorf("%+v", got)
	}
	odd := Limits{Sockets: 1, Listeners: 2, Handshakes: 3, HandshakeTimeout: -1, GuardTimeout: -1, AcceptBacklog: 4, Linger: time.Second, Lingering: 5, SleepAfter: -1}
	if got := odd.withDefaults(); got != odd {
		t.Errorf("%+v", got)
	}
}
