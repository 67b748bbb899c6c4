package realserver

import (
	"os/exec"
	"testing"
)

// Strace returns the program that makes a system call of another one fail, for
// tests of what a process leaves behind on a disk that fails.
func Strace(t testing.TB) string {
	t.Helper()
	const suite = "writes that fail"
	p := program(t, suite, "strace", "strace")
	if out, err := exec.Command(p, "-qq", "-e", "trace=none", p, "-V").CombinedOutput(); err != nil {
		missing(t, suite, "strace may not trace here: "+string(out))
	}
	return p
}
