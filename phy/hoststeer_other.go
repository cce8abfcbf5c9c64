//go:build !linux

package phy

import "errors"

func steerHost(string, int) error { return errors.ErrUnsupported }
