package drill

import (
	"encoding/binary"
	"testing"
	"time"

	"smoltls/tcp"
)

func TestFiguresStandWhereProgramsLookForThem(t *testing.T) {
	b := tcpInfo(tcp.Info{
		State: tcp.StateCloseWait, RTT: 3 * time.Millisecond, RTTVar: time.Millisecond, RTO: time.Second, MSS: 1000, Cwnd: 12_500, Ssthresh: 7000, SendWindow: 30_000, RecvWindow: 40_000,
		Unacked: 2001, Sacked: 4000, Lost: 5000, Resent: 1000, SendQueue: 5001, Timeouts: 2, Timestamps: true, ECN: true, SendScale: 7, RecvScale: 8, PacingRate: 1 << 40,
	}, 1500, 0)
	for at, want := range map[int]uint32{8: 1_000_000, 16: 1000, 24: 3, 28: 4, 32: 6, 36: 1, 60: 1500, 68: 3000, 72: 1000, 76: 7, 80: 12, 84: 1460, 88: 3, 144: 3000, 228: 30_000, 232: 40_000} {
		if got := binary.NativeEndian.Uint32(b[at:]); got != want {
			t.Errorf("%d at %d, want %d", got, at, want)
		}
	}
	if got := binary.NativeEndian.Uint64(b[104:]); got != 1<<40 {
		t.Error(got)
	}
	if b[0] != 8 || b[1] != caLoss || b[2] != 2 || b[5] != infoTimestamps|infoScale|infoECN || b[6] != 0x87 && b[6] != 0x78 {
		t.Errorf("% x", b[:8])
	}
}

func TestReportsAloneAreDisorder(t *testing.T) {
	if b := tcpInfo(tcp.Info{MSS: 1000, Sacked: 1000}, 0, 0); b[1] != caDisorder {
		t.Errorf("% x", b[:8])
	}
}

func TestAThresholdThatWasNeverSetIsEndless(t *testing.T) {
	for _, ssthresh := range []int{0, maxThreshold} {
		b := tcpInfo(tcp.Info{MSS: 1000, Ssthresh: ssthresh, FastRecovery: true}, 0, 0)
		if got := binary.NativeEndian.Uint32(b[76:]); got != noThreshold || b[1] != caRecovery {
			t.Errorf("%d: %#x", ssthresh, got)
		}
	}
}
