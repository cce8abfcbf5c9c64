package ech

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
)

func testConfig() *Config {
	return &Config{ID: 42, KEM: X25519, PublicKey: bytes.Repeat([]byte{9}, 32), Suites: DefaultSuites, MaxNameLength: 64, PublicName: "public.example"}
}

func marshal(t testing.TB, c *Config) []byte {
	t.Helper()
	raw, err := c.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func list(t testing.TB, configs ...[]byte) []byte {
	t.Helper()
	l, err := MarshalList(configs...)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// withExtensions gives an ECHConfig with these extensions.
func withExtensions(raw []byte, extensions string) []byte {
	out := append(bytes.Clone(raw[:len(raw)-2]), byte(len(extensions)>>8), byte(len(extensions)))
	out = append(out, extensions...)
	out[2], out[3] = byte((len(out)-4)>>8), byte(len(out)-4)
	return out
}

var otherVersion = []byte{0xba, 0xdd, 0, 5, 5, 4, 3, 2, 1}

func TestConfigSurvivesTheRoundTrip(t *testing.T) {
	want := testConfig()
	raw := marshal(t, want)
	got, err := ParseConfig(raw)
	if err != nil {
		t.Fatal(err)
	}
	if got.ID != 42 || got.KEM != X25519 || !bytes.Equal(got.PublicKey, want.PublicKey) || !slices.Equal(got.Suites, want.Suites) ||
		got.MaxNameLength != 64 || got.PublicName != "public.example" || got.Mandatory || !bytes.Equal(got.Raw, raw) {
		t.Errorf("%+v", got)
	}
	for n := range raw {
		if _, err := ParseConfig(raw[:n]); !errors.Is(err, ErrConfigList) {
			t.Errorf("cut at %d of %d: %v", n, len(raw), err)
		}
	}
	if _, err := ParseConfig(otherVersion); !errors.Is(err, ErrConfigList) {
		t.Errorf("another version: %v", err)
	}
}

func TestListSkipsOtherVersionsAndTakesNoDefects(t *testing.T) {
	raw := marshal(t, testConfig())
	l := list(t, otherVersion, raw, otherVersion, raw)
	configs, err := ParseList(l)
	if err != nil || len(configs) != 2 || !bytes.Equal(configs[1].Raw, raw) {
		t.Fatalf("%d of 2: %v", len(configs), err)
	}
	for n := range l {
		if _, err := ParseList(l[:n]); !errors.Is(err, ErrConfigList) {
			t.Errorf("cut at %d of %d: %v", n, len(l), err)
		}
	}
	inside := func(change func(b []byte)) []byte {
		b := bytes.Clone(raw)
		change(b)
		return b
	}
	for what, config := range map[string][]byte{
		"shifted": raw[1:], "empty key": inside(func(b []byte) { b[7], b[8] = 0, 0 }), "odd suites": inside(func(b []byte) { b[42]++ }),
		"extension twice":                withExtensions(raw, "\x00\x01\x00\x00\x00\x01\x00\x00"),
		"extension cut":                  withExtensions(raw, "\x00\x01\x00\x01"),
		"more extensions than are taken": withExtensions(raw, manyExtensions(MaxConfigExtensions+1)),
	} {
		if _, err := ParseList(list(t, config)); !errors.Is(err, ErrConfigList) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := ParseList([]byte{0, 0}); !errors.Is(err, ErrConfigList) {
		t.Errorf("empty list: %v", err)
	}
}

func manyExtensions(n int) string {
	var b strings.Builder
	for i := range n {
		b.Write([]byte{0, byte(i), 0, 0})
	}
	return b.String()
}

func TestOnlyMandatoryExtensionsMatter(t *testing.T) {
	raw := marshal(t, testConfig())
	for extensions, mandatory := range map[string]bool{
		"\x1a\x1a\x00\x01x": false, "\x1a\x1a\x00\x00\x9a\x9a\x00\x00": true, manyExtensions(MaxConfigExtensions): false,
	} {
		c, err := ParseConfig(withExtensions(raw, extensions))
		if err != nil || c.Mandatory != mandatory {
			t.Errorf("%x: %+v, %v", extensions, c, err)
		}
	}
}

func TestWhatCannotBePublished(t *testing.T) {
	for what, c := range map[string]struct {
		change func(c *Config)
		err    error
	}{
		"name":      {func(c *Config) { c.PublicName = "under_score.example" }, ErrPublicName},
		"no key":    {func(c *Config) { c.PublicKey = nil }, ErrConfigList},
		"no suites": {func(c *Config) { c.Suites = nil }, ErrConfigList},
		"long key":  {func(c *Config) { c.PublicKey = make([]byte, 1<<16) }, ErrConfigList},
	} {
		config := testConfig()
		c.change(config)
		if _, err := config.Marshal(); !errors.Is(err, c.err) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := MarshalList(); !errors.Is(err, ErrConfigList) {
		t.Errorf("a list of none: %v", err)
	}
	if _, err := MarshalList(make([]byte, 1<<16)); !errors.Is(err, ErrConfigList) {
		t.Errorf("a list too long: %v", err)
	}
}

// What is taken has nothing in it that was not there, and can be published again.
func FuzzConfigList(f *testing.F) {
	raw := marshal(f, testConfig())
	f.Add(list(f, otherVersion, raw))
	f.Add(list(f, withExtensions(raw, "\x1a\x1a\x00\x01x\x9a\x9a\x00\x00")))
	f.Fuzz(func(t *testing.T, l []byte) {
		configs, err := ParseList(l)
		if err != nil {
			if !errors.Is(err, ErrConfigList) {
				t.Fatal(err)
			}
			return
		}
		for _, c := range configs {
			if !bytes.Contains(l, c.Raw) {
				t.Fatalf("%x is not in %x", c.Raw, l)
			}
			again, err := ParseConfig(c.Raw)
			if err != nil || again.PublicName != c.PublicName || len(again.Suites) != len(c.Suites) {
				t.Fatalf("%x: %+v, %v", c.Raw, again, err)
			}
			if raw, err := c.Marshal(); err == nil && len(raw) > len(c.Raw) {
				t.Fatalf("%x becomes %x", c.Raw, raw)
			}
		}
		if r, err := Choose(configs); err == nil {
			if _, s, err := r.NewSealer(bytes.NewReader(make([]byte, 4096))); err == nil && s == nil {
				t.Fatal("no sealer")
			}
		}
	})
}
