package localstore

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fault"
)

// Files of a profile.
const (
	mailName   = "mail.db"
	bodiesName = "bodies.db"
	searchName = "search.db"
	lockName   = "lock"
)

// Settings of connections. mail.db and bodies.db lose nothing that was
// committed; search.db can be made anew.
var (
	everywhere   = []pragma{"busy_timeout(5000)", "foreign_keys(1)", "trusted_schema(0)"}
	mailWrites   = append(everywhere[:3:3], "synchronous(FULL)", "cache_size(-8000)")
	mailReads    = append(everywhere[:3:3], "query_only(1)", "cache_size(-4000)")
	bodiesWrites = append(everywhere[:3:3], "synchronous(FULL)", "cache_size(-4000)")
	bodiesReads  = append(everywhere[:3:3], "query_only(1)", "cache_size(-1000)")
	indexWrites  = append(everywhere[:3:3], "synchronous(NORMAL)", "cache_size(-8000)")
)

// Open opens the profile in dir and makes it when there is none. Migrations
// run under the lock, after a copy of mail.db where the disk allows. It fails
// with a fault.Error of cause Disk for a database that is newer than this
// program, damaged or no Paquebot profile. A profile that cannot be written
// opens for reading; Write then fails with cause Disk.
func Open(ctx context.Context, dir string, options ...Option) (*Store, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, diskFault("open the profile", err)
	}
	s := &Store{dir: dir, clock: clock.System}
	for _, o := range options {
		o(s)
	}
	if s.readOnly, err = cannotWrite(dir); err != nil {
		return nil, err
	}
	s.writer = newPool(1, s.opener(mailName, mailWrites))
	s.bodyWriter = newPool(1, s.opener(bodiesName, bodiesWrites))
	s.indexWriter = newPool(1, s.opener(searchName, indexWrites))
	s.newReaders()
	if err := s.prepare(ctx); err != nil {
		s.Close()
		return nil, diskFault("open the profile", err)
	}
	return s, nil
}

// newReaders makes the pools of connections that read.
func (s *Store) newReaders() {
	s.readers = newPool(readers, s.opener(mailName, mailReads))
	s.bodyReaders = newPool(readers, s.opener(bodiesName, bodiesReads))
}

// prepare brings the files to what this program expects of them.
func (s *Store) prepare(ctx context.Context) error {
	if s.readOnly {
		return s.prepareReadOnly(ctx)
	}
	if err := s.migrate(ctx, mailMigrations()); err != nil {
		return err
	}
	if err := s.reserveBlobs(ctx); err != nil {
		return err
	}
	if err := s.ensureIndex(ctx); err != nil {
		return err
	}
	// Making the file counts as a change by others; what comes after does not.
	c, err := s.writer.take(ctx)
	if err != nil {
		return err
	}
	defer s.writer.give(c)
	c.othersWrote(ctx)
	return nil
}

// opener returns what opens a connection to a file of the profile.
func (s *Store) opener(name string, pragmas []pragma) func(context.Context) (*conn, error) {
	return func(ctx context.Context) (*conn, error) {
		mode := "rwc"
		if s.readOnly {
			mode = "ro"
		}
		return dial(ctx, filepath.Join(s.dir, name), mode, s.immutable, pragmas...)
	}
}

// cannotWrite makes the folder where there is none and finds out whether the
// profile can be written.
func cannotWrite(dir string) (bool, error) {
	err := os.MkdirAll(dir, 0o700)
	if err != nil && !isReadOnly(err) {
		return false, diskFault("open the profile", err)
	}
	if _, err := os.Stat(dir); err != nil {
		return false, diskFault("open the profile", err)
	}
	for _, name := range []string{lockName, mailName, bodiesName} {
		f, err := os.OpenFile(filepath.Join(dir, name), os.O_RDWR|os.O_CREATE, 0o600)
		if isReadOnly(err) {
			return true, nil
		}
		if err != nil {
			return false, diskFault("open the profile", err)
		}
		f.Close()
	}
	return false, nil
}

var errReadOnly = &fault.Error{Remedy: fault.User, Scope: fault.App, Cause: fault.Disk, Op: "write",
	Text: "This profile cannot be written to: it can be read, but nothing can be changed."}

var errNoProfile = &fault.Error{Remedy: fault.User, Scope: fault.App, Cause: fault.Disk, Op: "open the profile",
	Text: "There is no Paquebot profile here, and none can be made because the folder cannot be written to."}

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
	s.readers.close()
	s.bodyReaders.close()
	s.immutable = true
	s.newReaders()
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
