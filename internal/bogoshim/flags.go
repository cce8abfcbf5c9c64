package main

import (
	"errors"
	"fmt"
	"strings"
)

// errUnknownFlag makes the runner count a test as not implemented.
var errUnknownFlag = errors.New("unknown flag")

// flag is one of the runner's flags: what it does to the options, and whether a value follows it.
type flag struct {
	value bool
	set   func(o *options, value string) error
}

// flags are all that are known. Each concern adds its own, in its init.
var flags = map[string]flag{}

// on is a flag without a value.
func on(name string, set func(o *options)) {
	flags[name] = flag{set: func(o *options, _ string) error { set(o); return nil }}
}

// with is a flag with a value.
func with(name string, set func(o *options, value string) error) {
	flags[name] = flag{value: true, set: set}
}

// number is a flag with a number.
func number(name string, field func(o *options) *int) {
	with(name, func(o *options, v string) error {
		_, err := fmt.Sscan(v, field(o))
		return err
	})
}

// text is a flag with a string.
func text(name string, field func(o *options) *string) {
	with(name, func(o *options, v string) error { *field(o) = v; return nil })
}

// ignored are flags that ask for what is so anyway, or for what TLS 1.3 does not have.
func ignored(names ...string) {
	for _, name := range names {
		on(name, func(*options) {})
	}
}

// phase is which of the connections a flag is for.
type phase int

const (
	initial phase = iota
	resume
	retry
	phases
)

var prefixes = [phases]string{"-on-initial-", "-on-resume-", "-on-retry-"}

// parseFlags gives the options for each phase.
func parseFlags(args []string) (o [phases]options, err error) {
	for p := range o {
		o[p] = defaultOptions()
	}
	for len(args) > 0 {
		name := args[0]
		args = args[1:]
		first, last := initial, retry
		for p, prefix := range prefixes {
			if rest, ok := strings.CutPrefix(name, prefix); ok {
				name, first, last = "-"+rest, phase(p), phase(p)
			}
		}
		f, ok := flags[name]
		if !ok {
			return o, fmt.Errorf("%w: %s", errUnknownFlag, name)
		}
		value := ""
		if f.value {
			if len(args) == 0 {
				return o, fmt.Errorf("%s without a value", name)
			}
			value, args = args[0], args[1:]
		}
		for p := first; p <= last; p++ {
			if err := f.set(&o[p], value); err != nil {
				return o, fmt.Errorf("%s %s: %w", name, value, err)
			}
		}
	}
	return o, nil
}
