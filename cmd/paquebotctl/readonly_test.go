//go:build unix

package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// nobody is a user who owns nothing.
const nobody = 65534

// unwritable returns a profile with an account that its user may not write to.
func unwritable(t *testing.T) *shell {
	t.Helper()
	dir, err := os.MkdirTemp("", "paquebotctl")
	if err != nil {
		t.Fatal(err)
	}
	each := func(folder, file os.FileMode) error {
		return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				return os.Chmod(path, folder)
			}
			return errors.Join(err, os.Chmod(path, file))
		})
	}
	t.Cleanup(func() {
		if err := errors.Join(each(0o755, 0o644), os.RemoveAll(dir)); err != nil {
			t.Error(err)
		}
	})
	s := &shell{t, filepath.Join(dir, "profile")}
	s.add(startServers(t, 2), "pop")
	s.want(0, "sync")
	self, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "paquebotctl"), self, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(each(0o555, 0o444), os.Chmod(filepath.Join(dir, "paquebotctl"), 0o555)); err != nil {
		t.Fatal(err)
	}
	return s
}

// asNobody runs a command line as somebody who may only read.
func (s *shell) asNobody(args ...string) result {
	s.Helper()
	cmd := s.child(args...)
	if os.Getuid() == 0 {
		env := cmd.Env // the test binary lies where nobody else may look
		cmd = exec.Command(filepath.Join(filepath.Dir(s.dir), "paquebotctl"), cmd.Args[1:]...)
		cmd.Env = env
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	cmd.Dir = "/"
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		s.Fatal(err)
	}
	return result{cmd.ProcessState.ExitCode(), out.String(), errs.String()}
}

// TestAProfileThatCannotBeWrittenIsReadAndSaysSoOnce: whoever reads is told, and
// whoever writes is refused with the same sentence.
func TestAProfileThatCannotBeWrittenIsReadAndSaysSoOnce(t *testing.T) {
	s := unwritable(t)
	const sentence = "This profile cannot be written to"
	for _, c := range []struct {
		code int
		out  string
		args []string
	}{
		{0, "harbour 1", []string{"list", "INBOX"}},
		{0, "harbour", []string{"--json", "list", "INBOX"}},
		{0, "harbour", []string{"search", "harbour"}},
		{0, sentence, []string{"doctor"}},
		{74, "", []string{"flag", "1", "--set", "seen"}},
		{74, "", []string{"sync"}},
		{74, `"account": "anna"`, []string{"--json", "sync"}},
	} {
		r := s.asNobody(c.args...)
		if r.code != c.code || !strings.Contains(r.out, c.out) || strings.Count(r.err, sentence) != 1 {
			t.Errorf("%v: exit %d\n%s\n%s", c.args, r.code, r.out, r.err)
		}
	}
}
