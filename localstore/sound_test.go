package localstore

import (
	"context"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"paquebot.app/internal/fault"
)

// TestDamagedPagesAreFound: a file that opens and takes rows, and has lost some.
func TestDamagedPagesAreFound(t *testing.T) {
	for _, name := range []string{mailName, bodiesName} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, POP)
			for range 200 {
				f.put(f.inbox, f.whole(f.content()))
			}
			if err := f.Sound(context.Background()); err != nil {
				t.Fatal(err)
			}
			dir := f.Dir()
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
			spoil(t, f.path(name))
			s, err := Open(context.Background(), dir, WithClock(f.clock))
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			for range 2 {
				err = s.Sound(context.Background())
				if fe := fault.Of(err); fe == nil || fe.Cause != fault.Disk || !strings.Contains(fe.Text, name) {
					t.Errorf("%v", err)
				}
			}
		})
	}
}

// spoil overwrites a piece of each of the last pages of a file but the last.
func spoil(t *testing.T, path string) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for at := len(raw) - 6*4096; at < len(raw)-4096; at += 4096 {
		for i := range 512 {
			raw[at+i] = byte(random.Uint32())
		}
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}
