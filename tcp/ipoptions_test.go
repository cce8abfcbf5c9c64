package tcp

import "testing"

func TestOptionsOfIPAreTheConfigs(t *testing.T) {
	var s Socket
	s.Init(&Env{}, nil, nil)
	if s.HopLimit() != 0 || s.Traffic() != 0 {
		t.Error("a socket without a Config has options")
	}
	s.Init(&Env{}, nil, &Config{HopLimit: 9, DSCP: 46})
	if s.HopLimit() != 9 || s.Traffic() != 46<<2 {
		t.Errorf("hop limit %d, traffic class %#x", s.HopLimit(), s.Traffic())
	}
}
