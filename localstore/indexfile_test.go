package localstore

import (
	"context"
	"os"
	"strings"
	"testing"
)

// unindexedAfter tells how many messages are unindexed after an index is made of
// all of them and something happens to the file.
func unindexedAfter(t *testing.T, happens func(f *fixture), reopen bool) int {
	t.Helper()
	f := newFixture(t, Local)
	ctx := context.Background()
	for range 3 {
		id := f.put(f.inbox, f.content())
		m := f.message(id)
		if err := f.Index(ctx, []Document{{Message: id, Ord: m.Ord, Level: 1, Subject: m.Subject}}); err != nil {
			t.Fatal(err)
		}
	}
	s := f.Store
	if reopen {
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		happens(f)
		s = openStore(t, f.Dir())
	} else {
		happens(f)
	}
	n := 0
	read(t, s, func(v *View) error {
		left, err := v.Unindexed(10)
		n = len(left)
		return err
	})
	if err := s.readIndexed(ctx, func(v *View) error { _, err := v.Accounts(); return err }); err != nil {
		t.Error("the new index cannot be read:", err)
	}
	read(t, s, func(v *View) error { return v.CheckCounts() })
	return n
}

func TestIndexIsMadeAnew(t *testing.T) {
	if n := unindexedAfter(t, func(*fixture) {}, true); n != 0 {
		t.Errorf("an index that is well: %d are to be indexed", n)
	}
	for name, happens := range map[string]func(f *fixture){
		"missing": func(f *fixture) { os.Remove(f.path(searchName)) },
		"header":  func(f *fixture) { overwrite(t, f.path(searchName), 0, "no database") },
		"schema":  func(f *fixture) { overwrite(t, f.path(searchName), 100, strings.Repeat("x", 3000)) },
		"empty":   func(f *fixture) { os.Truncate(f.path(searchName), 0) },
		"foreign": func(f *fixture) { pragmaOn(t, f.Store, searchName, "PRAGMA application_id=7") },
	} {
		if n := unindexedAfter(t, happens, true); n != 3 {
			t.Errorf("%s: %d are to be indexed again, want 3", name, n)
		}
	}
}

// TestIndexIsMendedInUse: damage that is met while the program runs.
func TestIndexIsMendedInUse(t *testing.T) {
	n := unindexedAfter(t, func(f *fixture) {
		ctx := context.Background()
		if err := f.readIndexed(ctx, func(v *View) error { return nil }); err != nil { // attached now
			t.Fatal(err)
		}
		if err := f.mendIndex(ctx, damage(t)); !isDamage(err) {
			t.Errorf("%v", err)
		}
	}, false)
	if n != 3 {
		t.Errorf("%d are to be indexed again, want 3", n)
	}
}

// damage is what SQLite says of a file that is none of its own.
func damage(t *testing.T) error {
	t.Helper()
	path := t.TempDir() + "/x.db"
	if err := os.WriteFile(path, []byte(strings.Repeat("no database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := dial(context.Background(), path, "rw", false)
	if err == nil {
		defer c.close()
		_, err = c.number(context.Background(), "SELECT count(*) FROM sqlite_schema")
	}
	return err
}
