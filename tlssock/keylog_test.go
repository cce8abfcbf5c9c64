package tlssock

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestKeyLog(t *testing.T) {
	var c, s strings.Builder
	p := newPair(t, func(cc, sc *Config) { cc.KeyLogWriter, sc.KeyLogWriter = &c, &s })
	p.mustHandshake()
	if c.String() != s.String() {
		t.Errorf("client:\n%s\nserver:\n%s", c.String(), s.String())
	}
	line := regexp.MustCompile(`^([A-Z_0-9]+) ([0-9a-f]{64}) ([0-9a-f]{64})$`)
	var labels []string
	for l := range strings.Lines(c.String()) {
		m := line.FindStringSubmatch(strings.TrimSuffix(l, "\n"))
		if m == nil {
			t.Fatalf("line %q", l)
		}
		labels = append(labels, m[1])
	}
	want := "CLIENT_HANDSHAKE_TRAFFIC_SECRET SERVER_HANDSHAKE_TRAFFIC_SECRET CLIENT_TRAFFIC_SECRET_0 SERVER_TRAFFIC_SECRET_0 EXPORTER_SECRET"
	if got := strings.Join(labels, " "); got != want {
		t.Errorf("labels %s", got)
	}
}

type brokenWriter struct{ left int }

var errDisk = errors.New("disk full")

func (w *brokenWriter) Write(p []byte) (int, error) {
	if w.left--; w.left < 0 {
		return 0, errDisk
	}
	return len(p), nil
}

func TestKeyLogThatCannotBeWrittenFailsTheHandshake(t *testing.T) {
	for lines := range 5 {
		p := newPair(t, func(c, _ *Config) { c.KeyLogWriter = &brokenWriter{lines} })
		p.handshake()
		if !errors.Is(p.client.Err(), errDisk) || alertOf(p.client.Err()).Alert != AlertInternalError {
			t.Errorf("after %d lines: %v", lines, p.client.Err())
		}
	}
}

// TestKeyLogOfAnEncryptedHelloNamesBothRandoms: who looks at the wire knows the outer one only.
func TestKeyLogOfAnEncryptedHelloNamesBothRandoms(t *testing.T) {
	var c, s strings.Builder
	p := newECHPair(t, func(cc, sc *Config) { cc.KeyLogWriter, sc.KeyLogWriter = &c, &s })
	p.mustHandshake()
	if !p.client.ConnectionState().ECHAccepted || c.String() != s.String() {
		t.Fatalf("client:\n%s\nserver:\n%s", c.String(), s.String())
	}
	secrets := make(map[string][]string) // by random
	for l := range strings.Lines(c.String()) {
		f := strings.Fields(l)
		if strings.HasPrefix(f[0], "ECH_") {
			continue // of the outer hello itself
		}
		secrets[f[1]] = append(secrets[f[1]], f[0]+" "+f[2])
	}
	if len(secrets) != 2 {
		t.Fatalf("%d randoms", len(secrets))
	}
	var before []string
	for _, lines := range secrets {
		if before != nil && !slices.Equal(before, lines) {
			t.Errorf("under one %q, under the other %q", before, lines)
		}
		before = lines
	}
}
