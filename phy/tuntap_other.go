//go:build !linux && !darwin && !windows

package phy

import "errors"

// tunTapQueue has no driver under it here: open always fails.
type tunTapQueue = pump

func (t *TunTap) open(TunTapOptions) error {
	return &OpenError{Medium: t.medium, Name: t.name, Reason: errors.ErrUnsupported}
}

func openReason(error) error { return errors.ErrUnsupported }
