package realserver

import "syscall"

// withParent makes a child end when we do, however we end.
func withParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
}
