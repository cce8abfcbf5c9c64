package tcp

import "testing"

func TestStatesHaveTheNamesOfTheRFC(t *testing.T) {
	for s, want := range map[State]string{StateClosed: "CLOSED", StateSynReceived: "SYN-RECEIVED", StateFinWait2: "FIN-WAIT-2", StateTimeWait: "TIME-WAIT", 99: "State(99)"} {
		if got := s.String(); got != want {
			t.Errorf("%d: %s", s, got)
		}
	}
}

func TestWhatAStatePermits(t *testing.T) {
	for s := StateClosed; s <= StateTimeWait; s++ {
		if got, want := s.canSend(), s == StateEstablished || s == StateCloseWait; got != want {
			t.Errorf("%v: canSend %v", s, got)
		}
		if got, want := s.hasConnection(), s != StateClosed && s != StateListen && s != StateSynSent && s != StateSynReceived; got != want {
			t.Errorf("%v: hasConnection %v", s, got)
		}
	}
}
