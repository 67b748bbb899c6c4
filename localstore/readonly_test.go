//go:build unix

package localstore

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"paquebot.app/internal/fault"
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

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
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

// TestOpenRefusals: files that are not ours, newer, damaged or missing are
// refused in a sentence and left as they are.
func TestOpenRefusals(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(t *testing.T, s *Store)
		want string
	}{
		{"newer", func(t *testing.T, s *Store) { pragmaOn(t, s, mailName, "PRAGMA user_version=9999") }, "newer Paquebot"},
		{"newer bodies", func(t *testing.T, s *Store) { pragmaOn(t, s, bodiesName, "PRAGMA user_version=9999") }, "newer Paquebot"},
		{"foreign", func(t *testing.T, s *Store) { pragmaOn(t, s, mailName, "PRAGMA application_id=1") }, "another program"},
		{"swapped", func(t *testing.T, s *Store) { copyFile(t, s.path(bodiesName), s.path(mailName)) }, "another program"},
		{"not SQLite", func(t *testing.T, s *Store) { overwrite(t, s.path(mailName), 0, "This is no database at all.") }, "damaged"},
		{"damaged schema", func(t *testing.T, s *Store) { overwrite(t, s.path(mailName), 100, strings.Repeat("x", 3900)) }, "damaged"},
		{"bodies missing", func(t *testing.T, s *Store) { os.Remove(s.path(bodiesName)) }, "bodies.db of this profile is missing"},
		{"mail missing", func(t *testing.T, s *Store) { os.Remove(s.path(mailName)) }, "mail.db of this profile is missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFixture(t, Local)
			f.put(f.inbox, f.whole(f.content()))
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
			c.do(t, f.Store)
			before := contentsOf(t, f.path(mailName)) + contentsOf(t, f.path(bodiesName))
			for range 2 {
				s, err := Open(context.Background(), f.Dir())
				if err == nil {
					s.Close()
					t.Fatal("it opens")
				}
				wantCause(t, err, fault.Disk)
				if !strings.Contains(err.Error(), c.want) {
					t.Errorf("%v", err)
				}
			}
			if contentsOf(t, f.path(mailName))+contentsOf(t, f.path(bodiesName)) != before {
				t.Error("a file was changed")
			}
		})
	}
}

func (s *Store) path(name string) string { return filepath.Join(s.dir, name) }

func pragmaOn(t *testing.T, s *Store, name, pragma string) {
	t.Helper()
	c, err := dial(context.Background(), s.path(name), "rw", false)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	if err := c.run(context.Background(), pragma); err != nil {
		t.Fatal(err)
	}
}

func overwrite(t *testing.T, path string, at int64, with string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte(with), at); err != nil {
		t.Fatal(err)
	}
}

func contentsOf(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(data)
}

// TestDamagedBody: a page of a body that changed on the disk is found.
func TestDamagedBody(t *testing.T) {
	f := newFixture(t, Local)
	c := f.content()
	body := "This body is long enough to be found: " + strings.Repeat("abcdefgh", 4000)
	c.Blob, c.Body, c.Size = f.blob(body), BodyWhole, int64(len(body))
	f.put(f.inbox, c)
	f.put(f.inbox, f.whole(f.content()))
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	data := contentsOf(t, f.path(bodiesName))
	overwrite(t, f.path(bodiesName), int64(strings.Index(data, "abcdefghabcdefgh")), "ABCDEFGH")
	s := openStore(t, f.Dir())
	calls := 0
	report, err := s.Verify(context.Background(), func(done, total int) {
		if calls++; done != calls || total != 2 {
			t.Errorf("progress %d of %d", done, total)
		}
	})
	if err != nil || report.Checked != 2 || len(report.Damaged) != 1 || report.Damaged[0].Blob != c.Blob || report.Damaged[0].Content == 0 {
		t.Errorf("%+v, %v", report, err)
	}
}
