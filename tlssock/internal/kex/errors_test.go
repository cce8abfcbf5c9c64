package kex

import (
	"errors"
	"testing"
)

func TestErrorsOfThePeerAreErrShareAndThoseOfTheCallerAreNot(t *testing.T) {
	for _, err := range []error{ErrLength, ErrPoint, ErrZero, ErrEncapsulationKey} {
		if !errors.Is(err, ErrShare) {
			t.Errorf("%v is not an ErrShare", err)
		}
	}
	for _, err := range []error{ErrGroup, ErrNoKey, ErrEntropy} {
		if errors.Is(err, ErrShare) {
			t.Errorf("%v is an ErrShare", err)
		}
	}
}
