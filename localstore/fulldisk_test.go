//go:build unix

package localstore

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	sqlite3 "modernc.org/sqlite/lib"

	"paquebot.app/internal/fault"
)

// TestOpenWithoutAFreeByte opens profiles on a real, small filesystem that is
// full to the last byte, where this process may mount one: closed well, and
// with all that was ever written still in the write-ahead logs.
func TestOpenWithoutAFreeByte(t *testing.T) {
	for _, logs := range []bool{false, true} {
		t.Run(map[bool]string{false: "closed", true: "logs"}[logs], func(t *testing.T) {
			disk := t.TempDir()
			if err := mountTmpfs(disk, "size=8m"); err != nil {
				t.Logf("no small filesystem here: %v", err)
				return
			}
			t.Cleanup(func() { syscall.Unmount(disk, syscall.MNT_DETACH) })
			dir := filepath.Join(disk, "profile")
			f := newFixture(t, POP)
			id := f.mail(f.inbox, "Trip to Zürich", "Bob <bob@example.org>")
			f.index(map[string]string{"Trip to Zürich": "needle"})
			body := f.message(id).Blob
			if !logs {
				if err := f.Close(); err != nil {
					t.Fatal(err)
				}
			}
			copyProfile(t, f.Dir(), dir)
			if _, err := os.Stat(filepath.Join(dir, mailName+"-wal")); (err == nil) != logs {
				t.Fatalf("the log: %v", err)
			}
			free := fill(t, disk)
			before := profileFiles(t, dir)

			s := openStore(t, dir)
			if why := s.WhyReadOnly(); !s.ReadOnly() || why == nil || !strings.Contains(why.Error(), "disk is full") {
				t.Fatalf("read-only %v: %v", s.ReadOnly(), why)
			}
			read(t, s, func(v *View) error {
				m, err := v.Message(id)
				if m.Subject != "Trip to Zürich" || m.Blob != body {
					t.Errorf("%+v", m)
				}
				return err
			})
			r, err := s.OpenBlob(context.Background(), body)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := new(bytes.Buffer).ReadFrom(r.Reader()); err != nil {
				t.Error(err)
			}
			r.Close()
			found, err := s.Search(context.Background(), ParseQuery("needle", time.UTC), 10)
			if err != nil || !slices.Equal(found.Messages, []MessageID{id}) {
				t.Errorf("search: %+v, %v", found, err)
			}
			err = s.Write(context.Background(), "test", func(tx *Tx) error { return tx.SetSetting("a", "b") })
			wantFull(t, err)
			_, err = s.Lock()
			wantFull(t, err)
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			for name, was := range before {
				is, err := os.ReadFile(filepath.Join(dir, name))
				if err != nil || strings.HasSuffix(name, "-wal") && !bytes.Equal(is, was) {
					t.Errorf("%s was touched: %v", name, err)
				}
			}

			free()
			s = openStore(t, dir)
			if s.ReadOnly() {
				t.Fatal("with room it is read-only")
			}
			write(t, s, func(tx *Tx) error { return tx.SetSetting("a", "b") })
			read(t, s, func(v *View) error { _, err := v.Message(id); return err })
			report, err := s.Verify(context.Background(), nil)
			if err != nil || len(report.Damaged) != 0 {
				t.Errorf("%+v, %v", report, err)
			}
		})
	}
}

// TestFullAndReadAlone: who reads a full disk without the shared file has the
// profile for himself. Another may not write unseen when there is room again.
func TestFullAndReadAlone(t *testing.T) {
	disk := t.TempDir()
	if err := mountTmpfs(disk, "size=8m"); err != nil {
		t.Logf("no small filesystem here: %v", err)
		return
	}
	t.Cleanup(func() { syscall.Unmount(disk, syscall.MNT_DETACH) })
	dir := filepath.Join(disk, "profile")
	if err := openStore(t, dir).Close(); err != nil {
		t.Fatal(err)
	}
	free := fill(t, disk)
	s := openStore(t, dir)
	read(t, s, func(v *View) error { _, err := v.Accounts(); return err })
	free()
	for _, name := range []string{mailName, bodiesName} {
		c, err := dial(context.Background(), filepath.Join(dir, name), "rw", false, "busy_timeout(0)")
		if err == nil {
			_, err = c.number(context.Background(), "SELECT count(*) FROM sqlite_schema")
			c.close()
		}
		if resultCode(err) != sqlite3.SQLITE_BUSY {
			t.Errorf("another connection to %s: %v", name, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestFullWhileOpen: another process has the profile open, so that what is
// shared is there, and everybody can read.
func TestFullWhileOpen(t *testing.T) {
	disk := t.TempDir()
	if err := mountTmpfs(disk, "size=8m,mode=755"); err != nil {
		t.Logf("no small filesystem here: %v", err)
		return
	}
	t.Cleanup(func() { syscall.Unmount(disk, syscall.MNT_DETACH) })
	dir := filepath.Join(disk, "profile")
	c := startChild(t, "write", dir)
	c.goOn()
	c.want("written")
	fill(t, disk)
	s := openStore(t, dir)
	read(t, s, func(v *View) error { _, err := v.Accounts(); return err })
}

// TestNewProfileOnFullDisk: where there is nothing to read, the disk is full
// and that is all.
func TestNewProfileOnFullDisk(t *testing.T) {
	disk := t.TempDir()
	if err := mountTmpfs(disk, "size=8m"); err != nil {
		t.Logf("no small filesystem here: %v", err)
		return
	}
	t.Cleanup(func() { syscall.Unmount(disk, syscall.MNT_DETACH) })
	fill(t, disk)
	_, err := Open(context.Background(), filepath.Join(disk, "profile"))
	wantCause(t, err, fault.Disk)
	if !strings.Contains(err.Error(), "disk is full") {
		t.Error(err)
	}
}

// fill leaves not one byte free; free makes room again.
func fill(t *testing.T, disk string) (free func()) {
	t.Helper()
	ballast := filepath.Join(disk, "ballast")
	f, err := os.Create(ballast)
	for size := 1 << 20; err == nil && size > 0; size /= 2 {
		for err == nil {
			_, err = f.Write(make([]byte, size))
		}
		if errors.Is(err, syscall.ENOSPC) {
			err = nil
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	return func() {
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
	}
}
