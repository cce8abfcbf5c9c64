package drill

import (
	"testing"
	"time"

	"smoltls/tcp"
)

func TestSysctlsMakeTheConfiguration(t *testing.T) {
	values := map[string]string{
		"tcp_rmem": "4096\t540000\t15728640\n", "tcp_wmem": "4096 262144 4194304", "tcp_sack": "0\n", "tcp_timestamps": "0", "tcp_ecn": "1", "tcp_retries2": "7", "tcp_fin_timeout": "5",
	}
	w := &World{cfg: Config{Sysctl: func(name string) string { return values[name] }}}
	want := tcp.Config{
		Nagle: true, AckDelay: quickACK, NoPacing: true, RecvBuffer: 540000, MaxRecvBuffer: 15728640, SendBuffer: 262144, MaxSendBuffer: 4194304,
		NoSACK: true, NoTimestamps: true, ECN: tcp.ECNRequest, MaxRetries: 7, FinWait: 5 * time.Second,
	}
	if got := w.config(); *got != want {
		t.Errorf("%+v, want %+v", *got, want)
	}
	values["tcp_ecn"] = "0"
	if got := w.config(); got.ECN != tcp.ECNOff {
		t.Error(got.ECN)
	}
}

func TestWithoutSysctlsTheDefaultsHold(t *testing.T) {
	values := map[string]string{"tcp_rmem": "many few some"}
	for _, sysctl := range []func(string) string{nil, func(name string) string { return values[name] }} {
		w := &World{cfg: Config{Sysctl: sysctl, Paced: true}}
		if got, want := w.config(), (tcp.Config{Nagle: true, AckDelay: quickACK}); *got != want {
			t.Errorf("%+v", *got)
		}
	}
}
