//go:build wasip1

package top

import "errors"

// Open fails: there is no terminal to open.
func Open(wake func()) (Surface, error) { return nil, errors.New("no terminal here") }
