//go:build unix

package localstore

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

func TestNobodyElseMayReadTheFiles(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) < 4 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, path := range files {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); !info.IsDir() && mode&0o077 != 0 {
			t.Errorf("%s has mode %v", filepath.Base(path), mode)
		}
	}
}
