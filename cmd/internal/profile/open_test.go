package profile

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paquebot.app/internal/fault"
)

func TestAPathThatIsNoFolderIsNamed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "letter.txt")
	if err := os.WriteFile(file, []byte("no folder"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{file, filepath.Join(file, "below")} {
		_, err := Open(t.Context(), dir, slog.LevelInfo, nil)
		if err == nil {
			t.Fatalf("%s was opened", dir)
		}
		if f := fault.Of(err); f.Cause != fault.Disk || f.Remedy != fault.User || !strings.Contains(f.Text, dir) {
			t.Errorf("%s: %+v", dir, f)
		}
	}
}
