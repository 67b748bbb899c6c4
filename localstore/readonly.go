package localstore

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"

	"paquebot.app/internal/fault"
)

var errReadOnly = &fault.Error{Remedy: fault.User, Scope: fault.App, Cause: fault.Disk, Op: "write",
	Text: "This profile cannot be written to: it can be read, but nothing can be changed."}

var errFull = &fault.Error{Remedy: fault.User, Scope: fault.App, Cause: fault.Disk, Op: "write",
	Text: "The disk is full: mail can be read, but nothing can be kept. Make some room and start Paquebot again."}

var errNoProfile = &fault.Error{Remedy: fault.User, Scope: fault.App, Cause: fault.Disk, Op: "open the profile",
	Text: "There is no Paquebot profile here, and none can be made because the folder cannot be written to."}

// ReadOnly tells whether the profile cannot be written.
func (s *Store) ReadOnly() bool { return s.readOnly }

// WhyReadOnly returns what every Write fails with while the profile is
// ReadOnly, in words for a person; nil when it can be written.
func (s *Store) WhyReadOnly() error {
	switch {
	case s.full:
		return errFull
	case s.readOnly:
		return errReadOnly
	}
	return nil
}

// prepareReadOnly checks that a profile can be read as it is.
func (s *Store) prepareReadOnly(ctx context.Context) error {
	for _, name := range []string{mailName, bodiesName} {
		if _, err := os.Stat(filepath.Join(s.dir, name)); errors.Is(err, os.ErrNotExist) {
			return errNoProfile
		}
	}
	err := s.checkReadable(ctx)
	if err == nil || !s.settled() {
		return err
	}
	// SQLite could not make the files beside the database that readers
	// share. Nobody can write to it, so none are needed.
	s.closePools()
	s.immutable = true
	s.newPools(readers)
	if s.checkReadable(ctx) != nil {
		return err
	}
	return nil
}

// settled tells whether the databases hold all that was committed: nothing is
// left in a write-ahead log.
func (s *Store) settled() bool {
	for _, name := range []string{mailName, bodiesName} {
		if info, err := os.Stat(filepath.Join(s.dir, name+"-wal")); err == nil && info.Size() > 0 {
			return false
		}
	}
	return true
}

// prepareFull opens a profile for reading that could not be opened because the
// disk is full, which is cause. Nothing is written, deleted or cut off: what
// is in the write-ahead logs is read from there.
func (s *Store) prepareFull(ctx context.Context, cause error) error {
	s.closePools()
	s.readOnly, s.full = true, true
	s.newPools(1) // who has a file for himself has one connection to it
	if s.checkReadable(ctx) != nil {
		return cause
	}
	slog.Warn("the disk is full: the profile is open for reading only", "err", cause)
	return nil
}

// checkReadable opens both databases for reading and looks at their versions.
func (s *Store) checkReadable(ctx context.Context) error {
	for _, file := range []struct {
		from *pool
		want identity
	}{{s.readers, mailIdentity()}, {s.bodyReaders, bodiesIdentity}} {
		c, err := file.from.take(ctx)
		if err != nil {
			return err
		}
		version, err := file.want.check(ctx, c)
		file.from.give(c)
		switch {
		case err != nil:
			return err
		case version == 0:
			return errNoProfile
		case version < file.want.version:
			return &fault.Error{Remedy: fault.User, Scope: fault.App, Cause: fault.Disk, Op: "open the profile",
				Text: "This profile is of an older Paquebot and has to be brought up to date, but it cannot be written to."}
		}
	}
	return nil
}
