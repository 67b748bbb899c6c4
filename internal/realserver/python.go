package realserver

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"
)

// Python runs a script of Python and returns what it prints: its email package
// is a second opinion on what a letter says.
func Python(t testing.TB, script string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(program(t, "letters read by Python", "python3", "python3"), append([]string{"-"}, args...)...)
	cmd.Stdin = strings.NewReader(script)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("python3: %v: %s", err, errs.Bytes())
	}
	return out.Bytes()
}
