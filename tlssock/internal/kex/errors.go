package kex

import (
	"errors"
	"fmt"
)

// Errors of the caller's making.
var (
	// ErrGroup: the group is not supported.
	ErrGroup = errors.New("kex: unsupported group")
	// ErrNoKey: no key was generated for the group.
	ErrNoKey = errors.New("kex: no key was generated for this group")
	// ErrEntropy: the source of randomness failed or gives no usable scalar. It wraps
	// what the source said.
	ErrEntropy = errors.New("kex: no usable randomness")
)

// Errors of the peer's making. Each is an ErrShare to errors.Is, and the alert for all of
// them is illegal_parameter (RFC 8446 §4.2.8).
var (
	ErrShare = errors.New("kex: peer's key share is invalid")
	// ErrLength: the share has not the length that the group prescribes.
	ErrLength = fmt.Errorf("%w: wrong length", ErrShare)
	// ErrPoint: the share is not an uncompressed point on the curve (RFC 8446 §4.2.8.2).
	ErrPoint = fmt.Errorf("%w: not a point on the curve", ErrShare)
	// ErrZero: the X25519 secret would be all zeros, because the share is a point of
	// small order (RFC 8446 §7.4.2, RFC 7748 §6.1).
	ErrZero = fmt.Errorf("%w: point of small order", ErrShare)
	// ErrEncapsulationKey: the ML-KEM encapsulation key has a coefficient that is not
	// reduced (FIPS 203 §7.2).
	ErrEncapsulationKey = fmt.Errorf("%w: encapsulation key is not reduced", ErrShare)
)
