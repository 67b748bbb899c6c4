//go:build unix

package localstore

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"paquebot.app/internal/fault"
)

// limit lets a file of the profile grow by a few pages only, or without bound.
func limit(t *testing.T, of *pool, full bool) {
	t.Helper()
	c, err := of.take(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer of.give(c)
	pages, err := c.number(context.Background(), "PRAGMA page_count")
	if err != nil {
		t.Fatal(err)
	}
	if full {
		pages += 3
	} else {
		pages = 1 << 30
	}
	if _, err := c.c.ExecContext(context.Background(), "PRAGMA max_page_count="+strconv.FormatInt(pages, 10)); err != nil {
		t.Fatal(err)
	}
}

func TestFullDisk(t *testing.T) {
	f := newFixture(t, Local)
	ctx := context.Background()
	limit(t, f.writer, true)
	limit(t, f.bodyWriter, true)
	kept := f.put(f.inbox, f.content()) // there is room for little

	err := f.Write(ctx, "test", func(tx *Tx) error {
		for range 10_000 {
			c := f.content()
			c.Preview = strings.Repeat("x", 1000)
			if _, err := tx.AddContent(c); err != nil {
				return nil // a careless caller must not commit a half
			}
		}
		return nil
	})
	wantFull(t, err)
	w := f.NewBlob(ctx)
	data := noise(5 * chunkSize)
	n, err := w.Write(data)
	wantFull(t, err)
	small := f.NewBlob(ctx)
	small.Write(noise(chunkSize))
	_, err = f.CompleteBlobs(ctx, small)
	wantFull(t, err)

	// It is read as before, and a little is written as before.
	f.write(func(tx *Tx) error { return tx.showBase(kept, Seen, nil) })
	if m := f.message(kept); m.Flags != Seen {
		t.Errorf("%+v", m)
	}
	f.read(func(v *View) error { return v.CheckCounts() })

	// There is room again: everything goes on, without a restart.
	limit(t, f.writer, false)
	limit(t, f.bodyWriter, false)
	if _, err := w.Write(data[n:]); err != nil {
		t.Fatal(err)
	}
	blobs, err := f.CompleteBlobs(ctx, w, small)
	if err != nil {
		t.Fatal(err)
	}
	wantBlob(t, f.Store, blobs[0].ID, data)
	wantBlob(t, f.Store, blobs[1].ID, noise(chunkSize))
	for range 100 {
		f.put(f.inbox, f.content())
	}
	report, err := f.Verify(ctx, nil)
	if err != nil || len(report.Damaged) != 0 {
		t.Errorf("%+v, %v", report, err)
	}
}

func wantFull(t *testing.T, err error) {
	t.Helper()
	wantCause(t, err, fault.Disk)
	if !strings.Contains(err.Error(), "disk is full") || !fault.Is(err, fault.User) {
		t.Fatalf("%v", err)
	}
}

// TestFullFilesystem fills a real, small filesystem, where this process may
// mount one.
func TestFullFilesystem(t *testing.T) {
	dir := t.TempDir()
	if err := mountTmpfs(dir, "size=4m"); err != nil {
		t.Logf("no small filesystem here (%v): TestFullDisk stands alone", err)
		return
	}
	t.Cleanup(func() { syscall.Unmount(dir, 0) })
	s := openStore(t, filepath.Join(dir, "profile"))
	ctx := context.Background()
	ballast := filepath.Join(dir, "ballast")
	room, err := os.Create(ballast)
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = room.Write(make([]byte, 4096))
	}
	room.Close()
	w := s.NewBlob(ctx)
	data := noise(2 * chunkSize)
	n, err := w.Write(data)
	wantFull(t, err)
	var failed error
	for i := 0; failed == nil && i < 1000; i++ {
		failed = s.Write(ctx, "test", func(tx *Tx) error { return tx.SetSetting(strconv.Itoa(i), strings.Repeat("x", 5000)) })
	}
	wantFull(t, failed)
	read(t, s, func(v *View) error { _, err := v.Accounts(); return err })
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data[n:]); err != nil {
		t.Fatal(err)
	}
	blobs, err := s.CompleteBlobs(ctx, w)
	if err != nil {
		t.Fatal(err)
	}
	wantBlob(t, s, blobs[0].ID, data)
	write(t, s, func(tx *Tx) error { return tx.SetSetting("a", "b") })
}

func mountTmpfs(dir, options string) error {
	out, err := exec.Command("mount", "-t", "tmpfs", "-o", options, "tmpfs", dir).CombinedOutput()
	if err != nil {
		return &os.PathError{Op: "mount " + strings.TrimSpace(string(out)), Path: dir, Err: err}
	}
	return nil
}
