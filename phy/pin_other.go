//go:build !linux

package phy

import "errors"

func pin(int) (func(), error) { return nil, errors.ErrUnsupported }
