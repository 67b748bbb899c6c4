// Package realserver starts private copies of real server programs for tests:
// Dovecot (IMAP, POP3, LMTP), Postfix (submission) and an X server. Each lives
// in a temporary folder, listens only on loopback or a socket of its own, and
// is stopped when the test ends, also when the test binary is killed.
//
// A program that is not installed, or that needs root, makes the test skip
// itself with the name of the suite. Where everything ought to be installed
// (PAQUEBOT_CI=1 or CI=true) the same is a failure. This is the only package
// whose tests may be skipped, so that a list of skips is a list of programs to
// install.
package realserver

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// strict tells whether a missing program is a failure.
func strict() bool {
	return os.Getenv("PAQUEBOT_CI") == "1" || os.Getenv("CI") == "true"
}

// missing ends the test because suite cannot run here.
func missing(t testing.TB, suite, why string) {
	t.Helper()
	if strict() {
		t.Fatalf("the suite %q cannot run: %s", suite, why)
	}
	t.Skipf("skipped suite %q: %s", suite, why)
}

// needRoot ends the test unless it runs as root: both mail servers drop to an
// unprivileged user for what they do with mail.
func needRoot(t testing.TB, suite string) {
	t.Helper()
	if os.Geteuid() != 0 {
		missing(t, suite, "it needs root")
	}
}

// program returns where a program is, looking also where only root looks.
func program(t testing.TB, suite, name, debianPackage string) string {
	t.Helper()
	if p, err := exec.LookPath(name); err == nil {
		return p
	}
	for _, dir := range []string{"/usr/sbin", "/usr/local/sbin", "/usr/lib/dovecot", "/usr/libexec/dovecot"} {
		if p, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
			return p
		}
	}
	missing(t, suite, name+" is not installed (Debian and Ubuntu: apt install "+debianPackage+")")
	return ""
}

// privateDir returns a temporary folder that other users may enter, with a
// short name, because the path of a socket may have only about 100 bytes.
func privateDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "pqb")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Errorf("a server's folder stays behind: %v", err)
		}
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// makeDirs creates folders below dir that other users may enter.
func makeDirs(t testing.TB, dir string, names ...string) {
	t.Helper()
	for _, n := range names {
		if err := os.MkdirAll(filepath.Join(dir, n), 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

// write puts text into a file that other users may read.
func write(t testing.TB, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// tail returns the last bytes of a log file, for a failure's message.
func tail(name string) string {
	b, err := os.ReadFile(name)
	if err != nil {
		return err.Error()
	}
	return string(b[max(0, len(b)-2000):])
}
