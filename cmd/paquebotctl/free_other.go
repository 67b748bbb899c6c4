//go:build !linux && !darwin && !freebsd && !windows

package main

import "errors"

// freeBytes is not known how to be asked for here.
func freeBytes(string) (int64, error) { return 0, errors.ErrUnsupported }
