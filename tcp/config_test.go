package tcp

import (
	"math"
	"testing"
	"time"
)

func TestZeroConfigIsTheDefault(t *testing.T) {
	var c Config
	if c.sendBuffer() != 64<<10 || c.recvBuffer() != 64<<10 || c.ackDelay() != 40*time.Millisecond || c.minRTO() != 200*time.Millisecond ||
		c.maxRTO() != time.Minute || c.initialRTO() != time.Second || c.connectTimeout() != 3*time.Minute || c.userTimeout() != 5*time.Minute ||
		c.maxRetries() != 15 || c.timeWait() != time.Minute || c.finWait() != time.Minute || c.keepAliveCount() != 9 ||
		c.keepAliveEvery() != 75*time.Second || c.maxOutOfOrder(c.recvBuffer()) != 64 {
		t.Fatal("a default differs from what is documented")
	}
}

func TestConfigIsHeldWithinItsRange(t *testing.T) {
	c := Config{SendBuffer: 1, RecvBuffer: math.MaxInt, AckDelay: -1, MinRTO: -1, KeepAliveCount: -1, MaxOutOfOrder: -1, MaxRetries: 1000, UserTimeout: -1}
	if c.sendBuffer() != minBuffer || c.recvBuffer() != maxBuffer || c.ackDelay() != DefaultAckDelay || c.minRTO() != DefaultMinRTO ||
		c.keepAliveCount() != DefaultKeepAliveCount || c.maxOutOfOrder(c.recvBuffer()) != maxBuffer/gapSpacing || c.maxRetries() != 255 || c.userTimeout() >= 0 {
		t.Fatal("out of range")
	}
	if (&Config{SendBuffer: -1}).sendBuffer() != DefaultBuffer {
		t.Fatal("a negative buffer")
	}
}

func TestWindowScaleIsTheLeastThatTellsTheBuffer(t *testing.T) { // RFC 7323 §2.3
	for size, want := range map[int]int8{1 << 10: 0, 0xffff: 0, 0x10000: 1, 0x1ffff: 1, 0x20000: 2, 1 << 20: 5, 1 << 30: 14} {
		if got := (&Config{RecvBuffer: size}).wscale(); got != want {
			t.Errorf("%d bytes: %d", size, got)
		}
	}
}
