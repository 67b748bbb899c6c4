//go:build unix

package localstore

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// nobody is a user who owns nothing.
const nobody = 65534

// readAs runs the task "read" on a profile as somebody who may not write to
// it: nobody where the test is root, else as ourselves.
func readAs(t *testing.T, dir string) string {
	t.Helper()
	program := os.Args[0]
	cmd := exec.Command(program)
	if os.Getuid() == 0 {
		// The test program lies where nobody else may look.
		copied := filepath.Join(openDir(t), "localstore.test")
		copyFile(t, program, copied)
		cmd = exec.Command(copied)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), childTask+"=read", childDir+"="+dir)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Logf("the other process: %v", err)
	}
	return string(out)
}

// openDir is a temporary folder that everybody can read.
func openDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "localstore")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		filepath.WalkDir(dir, func(path string, _ os.DirEntry, _ error) error { return os.Chmod(path, 0o755) })
		os.RemoveAll(dir)
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// lockAway takes the right to write from everything in a folder.
func lockAway(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.Chmod(path, 0o555)
		}
		return os.Chmod(path, 0o444)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestReadOnlyProfile: after a clean end, after a crash (a log is left), and
// while another process has it open.
func TestReadOnlyProfile(t *testing.T) {
	for _, how := range []string{"closed", "killed", "open"} {
		t.Run(how, func(t *testing.T) {
			dir := filepath.Join(openDir(t), "profile")
			var s *Store
			switch how {
			case "killed":
				c := startChild(t, "write", dir)
				c.goOn()
				c.want("written")
				c.cmd.Process.Kill()
				c.cmd.Wait()
			default:
				var err error
				if s, err = Open(context.Background(), dir); err != nil {
					t.Fatal(err)
				}
				defer s.Close()
			}
			if how == "closed" {
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
			}
			lockAway(t, dir)
			out := readAs(t, dir)
			for _, want := range []string{"read-only true accounts 1", "write: This profile cannot be written to", "lock: This profile cannot be written to"} {
				if !strings.Contains(out, want) {
					t.Errorf("the other process says %q, not %q", out, want)
				}
			}
		})
	}
}

func TestReadOnlyFolderWithoutProfile(t *testing.T) {
	dir := openDir(t)
	lockAway(t, dir)
	if out := readAs(t, dir); !strings.Contains(out, "There is no Paquebot profile here") {
		t.Errorf("%q", out)
	}
}
