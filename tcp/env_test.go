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
	env := Env{Rand: strings.NewReader("\x01\x02\x03\x04" + strings.Repeat("k", 32))}
	if err := env.seed(); err != nil || env.tsOffset != 0x01020304 || env.cookieSecret[0] != 'k' || env.cookieSecret[31] != 'k' {
		t.Fatal(err, env.tsOffset, env.cookieSecret)
	}
	env = Env{Rand: strings.NewReader("\x01")}
	if err := env.seed(); !errors.Is(err, io.ErrUnexpectedEOF) || env.seeded {
		t.Fatal(err)
	}
}
