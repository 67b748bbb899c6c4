package localstore

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"paquebot.app/internal/fault"
)

const (
	// soundFor is how long the answer of Sound holds.
	soundFor = 24 * time.Hour
	// mostBodies is how many bytes of bodies.db Sound reads, at most: checking a
	// file reads all of it.
	mostBodies = 128 << 20
)

var quickCheck = scanning(onMail(`SELECT quick_check FROM pragma_quick_check WHERE quick_check <> 'ok' LIMIT 1`))

// soundness is what Sound found last.
type soundness struct {
	mu sync.Mutex
	at time.Time // zero: never
}

// Sound tells whether the files of the profile are as SQLite wrote them. It is
// asked before something is given up elsewhere because it is safe here: a file
// with damaged pages may take new rows and lose them. The error has cause Disk
// and names the file. An answer without an error holds for a day. bodies.db is
// left out above 128 MiB: its damaged pages do not reach what is added to it.
func (s *Store) Sound(ctx context.Context) error {
	s.sound.mu.Lock()
	defer s.sound.mu.Unlock()
	now := s.clock.Now()
	if age := now.Sub(s.sound.at); !s.sound.at.IsZero() && age >= 0 && age < soundFor {
		return nil
	}
	for _, file := range []struct {
		name string
		of   *pool
	}{{mailName, s.readers}, {bodiesName, s.bodyReaders}} {
		if info, err := os.Stat(filepath.Join(s.dir, file.name)); file.name == bodiesName && err == nil && info.Size() > mostBodies {
			continue
		}
		if err := s.quickCheck(ctx, file.of, file.name); err != nil {
			return err
		}
	}
	s.sound.at = now
	return nil
}

func (s *Store) quickCheck(ctx context.Context, of *pool, name string) error {
	var wrong []string
	err := s.read(ctx, of, nil, func(in *session) (err error) {
		wrong, err = collect(in, quickCheck, func(r scanner) (what string, err error) {
			err = r.Scan(&what)
			return what, err
		})
		return err
	})
	if err == nil && len(wrong) == 0 || err != nil && !isDamage(err) {
		return err
	}
	if err == nil {
		err = fmt.Errorf("%s: %s", name, wrong[0])
	}
	return &fault.Error{Remedy: fault.User, Scope: fault.App, Cause: fault.Disk, Op: "check the profile", Err: err,
		Text: fmt.Sprintf("The file %s of this profile is damaged. Please restore the profile from a backup.", name)}
}
