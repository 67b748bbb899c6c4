//go:build !linux && !darwin && !freebsd && !windows

package profile

import "errors"

// FreeBytes is not known how to be asked for here.
func FreeBytes(string) (int64, error) { return 0, errors.ErrUnsupported }
