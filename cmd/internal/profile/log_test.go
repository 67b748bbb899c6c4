package profile

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheStoreLogsIntoTheProfile(t *testing.T) {
	dir := t.TempDir()
	p, err := Open(t.Context(), dir, slog.LevelInfo, nil)
	if err != nil {
		t.Fatal(err)
	}
	slog.Info("store slow", "why", "test")
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	log, err := os.ReadFile(filepath.Join(dir, "log", "paquebot.log"))
	for _, said := range []string{"search index is made anew", "store slow"} { // while it opens, and later
		if err != nil || !strings.Contains(string(log), said) {
			t.Errorf("the log holds %q, %v; want %q in it", log, err, said)
		}
	}
}
