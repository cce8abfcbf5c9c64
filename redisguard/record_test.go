package redisguard

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestARecordHasItsPrefixAndExpires(t *testing.T) {
	s := startRedis(t)
	g := s.guard(func(c *Config) { c.Prefix, c.Window = "another:", time.Minute })
	if !accepts(g, hello(1)) {
		t.Fatal("not accepted")
	}
	h := hello(1)
	key := g.key(&h)
	if ms, _ := s.do("PTTL", key).(int64); !strings.HasPrefix(key, "another:") || ms <= 0 || ms > lifetimes*time.Minute.Milliseconds() {
		t.Errorf("%s lives for %d ms", key, ms)
	}
	if n := s.do("DBSIZE"); n != int64(2) {
		t.Errorf("%v keys for one hello, want it and the mark", n)
	}
	if other := s.guard(); !accepts(other, hello(1)) {
		t.Error("fleets with other prefixes know of each other")
	}
}

// Who empties the data base makes nobody accept a replay.
func TestAReplayAfterTheDataBaseWasEmptied(t *testing.T) {
	s := startRedis(t)
	now := epoch
	clock := func(c *Config) { c.Now = func() time.Time { return now } }
	a, b := s.guard(clock), s.guard(clock)
	if !accepts(a, hello(1)) || accepts(b, hello(1)) {
		t.Fatal("not accepted, or twice")
	}
	now = hello(0).Expected
	s.do("FLUSHALL")
	for _, g := range []*Guard{b, a} { // the second finds the first's mark, which is not that of before
		if accepts(g, hello(1)) {
			t.Error("a replay is accepted")
		}
		if st := g.Stats(); st.Unsure+st.Replayed == 0 {
			t.Errorf("%+v", st)
		}
	}
}

func TestAUserWithFewRightsIsEnough(t *testing.T) {
	s := startRedis(t)
	s.do("ACL", "SETUSER", "fleet", "on", ">secret", "~smoltls:0rtt:*", "+set", "+get", "+info")
	s.do("ACL", "SETUSER", "default", "off")
	as := func(user string) *Guard {
		return s.guard(func(c *Config) { c.URL = "unix://" + user + "@" + s.path })
	}
	if g := as("fleet:secret"); !accepts(g, hello(1)) {
		t.Errorf("%+v", g.Stats())
	}
	if g := as("fleet:wrong"); accepts(g, hello(2)) || g.Stats().Failed != 1 {
		t.Errorf("with a wrong password: %+v", g.Stats())
	}
	if g := s.guard(); accepts(g, hello(3)) || g.Stats().Failed != 1 {
		t.Errorf("without a user: %+v", g.Stats())
	}
}

func TestARedisThatEvictsIsOfNoUse(t *testing.T) {
	s := startRedis(t, "--maxmemory", "64mb", "--maxmemory-policy", "volatile-ttl")
	g := s.guard()
	if err := g.keepsRecords(t.Context()); !errors.Is(err, errEvicts) || !strings.Contains(err.Error(), "volatile-ttl") {
		t.Error(err)
	}
	if accepts(g, hello(1)) {
		t.Error("accepted")
	}
	s.do("CONFIG", "SET", "maxmemory-policy", "noeviction")
	if accepts(g, hello(1)) {
		t.Error("accepted, after it was recorded")
	}
	if !accepts(g, hello(2)) {
		t.Errorf("%+v", g.Stats())
	}
}

func TestFieldsOfInfo(t *testing.T) {
	info := "# Server\r\nredis_version:7.0.15\r\nrun_id:abc\r\nempty:\r\n"
	for name, want := range map[string]string{"run_id": "abc", "empty": ""} {
		if v, ok := field(info, name); v != want || !ok {
			t.Errorf("%s: %q", name, v)
		}
	}
	if v, ok := field(info, "run"); ok {
		t.Errorf("%q", v)
	}
}
