package localstore

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"

	"paquebot.app/internal/clock"
)

// Files of a profile.
const (
	mailName   = "mail.db"
	bodiesName = "bodies.db"
	searchName = "search.db"
	lockName   = "lock"
)

// Settings of connections. mail.db and bodies.db lose nothing that was
// committed; search.db can be made anew. The cache sizes, in pages, add up: see
// docs/decisions/0007-small-pages-small-caches.md.
var (
	everywhere   = []pragma{"busy_timeout(5000)", "foreign_keys(1)", "trusted_schema(0)"}
	mailWrites   = append(everywhere[:3:3], "synchronous(FULL)", "cache_size(500)")
	mailReads    = append(everywhere[:3:3], "query_only(1)", "cache_size(250)")
	bodiesWrites = append(everywhere[:3:3], "synchronous(FULL)", "cache_size(250)", "wal_autocheckpoint(4000)")
	bodiesReads  = append(everywhere[:3:3], "query_only(1)", "cache_size(32)")
	indexWrites  = append(everywhere[:3:3], "synchronous(NORMAL)", "cache_size(500)")
	// On a full disk. Settings are made in the order of the alphabet: one that
	// reads the file, like cache_size, would come before locking_mode.
	fullReads = []pragma{"busy_timeout(5000)", "query_only(1)", "temp_store(MEMORY)", "trusted_schema(0)"}
)

// Open opens the profile in dir and makes it when there is none. Migrations
// run under the lock, after a copy of mail.db where the disk allows. It fails
// with a fault.Error of cause Disk for a database that is newer than this
// program, damaged or no Paquebot profile. A profile that cannot be written,
// or lies on a disk without room for what SQLite needs to share it, opens for
// reading; Write then fails with cause Disk, and WhyReadOnly says why.
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
	s.newPools(readers)
	err = s.prepare(ctx)
	if isFull(err) {
		err = s.prepareFull(ctx, err)
	}
	if err != nil {
		s.Close()
		return nil, diskFault("open the profile", err)
	}
	return s, nil
}

// newPools makes the pools of connections, of each file one that writes and
// so many that read.
func (s *Store) newPools(readers int) {
	s.writer = newPool(1, s.opener(mailName, mailWrites))
	s.bodyWriter = newPool(1, s.opener(bodiesName, bodiesWrites))
	s.indexWriter = newPool(1, s.opener(searchName, indexWrites))
	s.readers = newPool(readers, s.opener(mailName, mailReads))
	s.bodyReaders = newPool(readers, s.opener(bodiesName, bodiesReads))
}

// closePools waits for all connections and closes them.
func (s *Store) closePools() (first error) {
	for _, p := range []*pool{s.readers, s.writer, s.bodyReaders, s.bodyWriter, s.indexWriter} {
		if err := p.close(); err != nil && first == nil {
			first = err
		}
	}
	return first
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
	if err := s.FinishRemovals(ctx); err != nil {
		slog.Warn("an account is not removed completely", "err", err)
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
		path := filepath.Join(s.dir, name)
		switch {
		case s.full:
			return dialFull(ctx, path)
		case s.readOnly:
			return dial(ctx, path, "ro", s.immutable, pragmas...)
		}
		return dial(ctx, path, "rwc", false, pragmas...)
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
