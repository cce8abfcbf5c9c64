package top

import (
	"fmt"
	"strconv"
	"time"
)

// size gives n bytes in three digits and a unit of 1000s, at most seven characters: "999 B", "1.23 kB", "45.6 MB".
func size(n float64) string {
	if n < 999.5 {
		return strconv.FormatFloat(max(n, 0), 'f', 0, 64) + " B"
	}
	return scaled(n) + "B"
}

// count gives a number of things, with a unit of 1000s from ten thousand on: "9999", "12.3 k".
func count(n uint64) string {
	if n < 10_000 {
		return strconv.FormatUint(n, 10)
	}
	return scaled(float64(n))
}

// scaled gives three digits, a space and the prefix of a unit.
func scaled(n float64) string {
	const prefixes = "kMGTPE"
	i := -1
	for i < len(prefixes)-1 && (n >= 999.5 || i < 0) {
		n /= 1000
		i++
	}
	switch {
	case n < 9.995:
		return fmt.Sprintf("%.2f %c", n, prefixes[i])
	case n < 99.95:
		return fmt.Sprintf("%.1f %c", n, prefixes[i])
	}
	return fmt.Sprintf("%.0f %c", n, prefixes[i])
}

// rate is size for bytes a second; nothing at all shows as nothing, so that who is busy is seen at once.
func rate(n float64) string {
	if n < 0.5 {
		return "·"
	}
	return size(n) + "/s"
}

// short gives a time between two moments of a network, at most six characters: "850 µs", "12 ms". 0 is not measured.
func short(d time.Duration) string {
	us := float64(d) / float64(time.Microsecond)
	switch {
	case d <= 0:
		return "·"
	case us < 9.95:
		return fmt.Sprintf("%.1f µs", us)
	case us < 999.5:
		return fmt.Sprintf("%.0f µs", us)
	case us < 9950:
		return fmt.Sprintf("%.1f ms", us/1000)
	case us < 999.5e3:
		return fmt.Sprintf("%.0f ms", us/1000)
	}
	return fmt.Sprintf("%.1f s", us/1e6)
}

// age gives a time in its two largest units: "7s", "3m04s", "2h05m", "3d04h".
func age(d time.Duration) string {
	s := int64(max(d, 0) / time.Second)
	switch {
	case s < 60:
		return fmt.Sprintf("%ds", s)
	case s < 3600:
		return fmt.Sprintf("%dm%02ds", s/60, s%60)
	case s < 24*3600:
		return fmt.Sprintf("%dh%02dm", s/3600, s/60%60)
	}
	return fmt.Sprintf("%dd%02dh", s/(24*3600), s/3600%24)
}
