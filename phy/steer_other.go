//go:build !linux

package phy

import "errors"

// steerByPort: only Linux knows interfaces of several queues.
func steerByPort(*TunTap) error { return errors.ErrUnsupported }
