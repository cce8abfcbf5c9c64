package tcp

import (
	"math"
	"testing"
	"time"
)

func TestInstantsAddAndSubtract(t *testing.T) {
	if Instant(5).Add(time.Second) != 1_000_000_005 || Instant(1e9).Sub(5) != 999_999_995 {
		t.Fatal("wrong")
	}
	if Never.Add(-time.Hour) != Never || Instant(10).Add(math.MaxInt64) != Never || (Never-1).Add(time.Second) != Never {
		t.Fatal("what is beyond Never")
	}
	if Instant(1_999_999_999).millis() != 1999 || Instant(1<<32*1e6+7e6).millis() != 7 {
		t.Fatal("millis")
	}
}
