package tcp

import (
	"errors"
	"io"
	"strings"
	"testing"
)

func TestEnvWithoutAPoolGetsOne(t *testing.T) {
	var env Env
	e := &end{}
	e.Init(&env, e, nil)
	if env.Pool == nil || env.Pool.Limit() == 0 {
		t.Fatal("no pool")
	}
}

func TestEnvDrawsFromItsOwnEntropy(t *testing.T) {
	env := Env{Rand: strings.NewReader("\x01\x02\x03\x04")}
	if err := env.seed(); err != nil || env.tsOffset != 0x01020304 {
		t.Fatal(err, env.tsOffset)
	}
	env = Env{Rand: strings.NewReader("\x01")}
	if err := env.seed(); !errors.Is(err, io.ErrUnexpectedEOF) || env.seeded {
		t.Fatal(err)
	}
}
