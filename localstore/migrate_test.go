package localstore

import (
	"context"
	"os"
	"strings"
	"testing"

	"paquebot.app/internal/fault"
)

// TestMigration leads a profile of today to a later version: a copy is made,
// a step that fails leaves everything as it was, and the next try goes on.
func TestMigration(t *testing.T) {
	ctx := context.Background()
	f := newFixture(t, Local)
	id := f.put(f.inbox, f.content())
	now := mailMigrations()
	next := append(now[:len(now):len(now)], `CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT; INSERT INTO later VALUES (1);`)
	broken := append(next[:len(next):len(next)], `CREATE TABLE last (id INTEGER PRIMARY KEY) STRICT; INSERT INTO nowhere VALUES (1);`)
	version := func() (n int64) {
		c, err := f.writer.take(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer f.writer.give(c)
		if n, err = c.number(ctx, "PRAGMA user_version"); err != nil {
			t.Fatal(err)
		}
		return n
	}
	release, err := f.Lock()
	if err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithCancel(ctx)
	cancel()
	if err := f.migrate(short, next); err == nil {
		t.Error("migrated while somebody else has the lock")
	}
	release()
	if err := f.migrate(ctx, broken); err == nil {
		t.Fatal("a broken step is no error")
	}
	if v := version(); v != int64(len(next)) {
		t.Errorf("version %d after the broken step, want %d", v, len(next))
	}
	if err := f.migrate(ctx, broken[:len(next)]); err != nil {
		t.Error(err)
	}
	if f.message(id).Subject == "" {
		t.Error("the mail is gone")
	}
	if err := f.migrate(ctx, now); fault.Of(err).Cause != fault.Disk {
		t.Errorf("the later version opens: %v", err)
	}
	files, err := os.ReadDir(f.Dir())
	if err != nil {
		t.Fatal(err)
	}
	copies := 0
	for _, file := range files {
		if strings.HasSuffix(file.Name(), ".part") {
			t.Errorf("%s is left", file.Name())
		}
		if !strings.HasPrefix(file.Name(), "mail-before-") {
			continue
		}
		copies++
		c, err := dial(ctx, f.path(file.Name()), "ro", false)
		if err != nil {
			t.Fatal(err)
		}
		v, err := mailIdentity().check(ctx, c)
		n, err2 := c.number(ctx, "SELECT count(*) FROM messages")
		c.close()
		if err != nil || err2 != nil || v != int64(len(now)) || n != 1 {
			t.Errorf("%s: version %d, %d messages, %v, %v", file.Name(), v, n, err, err2)
		}
	}
	if copies != 1 {
		t.Errorf("%d copies", copies)
	}
}
