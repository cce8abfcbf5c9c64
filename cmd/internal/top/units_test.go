package top

import (
	"testing"
	"time"
	"unicode/utf8"
)

func TestSizesHaveThreeDigitsAndFit(t *testing.T) {
	for n, want := range map[float64]string{
		-1: "0 B", 0: "0 B", 999.4: "999 B", 999.5: "1.00 kB", 1234: "1.23 kB", 9_995: "10.0 kB", 99_949: "99.9 kB", 99_950: "100 kB", 999_499: "999 kB", 999_500: "1.00 MB",
		2.5e9: "2.50 GB", 1.8e19: "18.0 EB",
	} {
		if got := size(n); got != want || utf8.RuneCountInString(got) > 7 {
			t.Errorf("%v: %q, want %q", n, got, want)
		}
	}
	if got := rate(0.4) + rate(2500); got != "·2.50 kB/s" {
		t.Errorf("rates: %q", got)
	}
}

func TestCountsAreWholeWhileTheyAreSmall(t *testing.T) {
	for n, want := range map[uint64]string{0: "0", 9999: "9999", 10_000: "10.0 k", 1_234_567: "1.23 M"} {
		if got := count(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

func TestTimes(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "·", 1900: "1.9 µs", 850 * time.Microsecond: "850 µs", 1234 * time.Microsecond: "1.2 ms", 12 * time.Millisecond: "12 ms", 1500 * time.Millisecond: "1.5 s",
	} {
		if got := short(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
	for d, want := range map[time.Duration]string{
		-1: "0s", 59 * time.Second: "59s", 184 * time.Second: "3m04s", 125 * time.Minute: "2h05m", 76 * time.Hour: "3d04h",
	} {
		if got := age(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}
