package localstore

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paquebot.app/internal/fault"
)

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
