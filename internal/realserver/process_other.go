//go:build !linux

package realserver

import "syscall"

// withParent can promise nothing here: a child outlives a test binary that is
// killed.
func withParent() *syscall.SysProcAttr { return nil }
