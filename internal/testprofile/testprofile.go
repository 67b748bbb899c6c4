// Package testprofile hands tests new, empty profiles.
//
// It guarantees that each is a folder of its own with the files that
// localstore.Open makes: they are made once and copied, since making them takes
// most of a second under the race detector. It is safe for concurrent use.
package testprofile

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"paquebot.app/localstore"
)

// Dir returns a folder with an empty profile, which goes at the end of the test.
func Dir(t testing.TB) string {
	t.Helper()
	all, err := files()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, data := range all {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// files makes a profile and returns its files by name.
var files = sync.OnceValues(func() (map[string][]byte, error) {
	dir, err := os.MkdirTemp("", "profile")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	store, err := localstore.Open(context.Background(), dir)
	if err != nil {
		return nil, err
	}
	if err := store.Close(); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	all := map[string][]byte{}
	for _, e := range entries {
		if !strings.Contains(e.Name(), ".db") {
			continue
		}
		if all[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			return nil, err
		}
	}
	return all, nil
})
