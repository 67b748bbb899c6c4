package localstore

import (
	"context"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"

	"paquebot.app/internal/fault"
)

var indexNothing = scanning(onMail(`UPDATE messages SET indexed = 0 WHERE indexed > 0`))

// ensureIndex makes search.db where there is none, or none that can be opened,
// and marks every message as not indexed.
func (s *Store) ensureIndex(ctx context.Context) error {
	if well, err := s.indexIsWell(ctx); well || err != nil {
		return err
	}
	release, ok, err := s.lockIndex()
	if err != nil || !ok {
		return err
	}
	defer release()
	if well, err := s.indexIsWell(ctx); well || err != nil { // another process made it meanwhile
		return err
	}
	slog.Info("the search index is made anew")
	return s.resetIndex(ctx)
}

// indexIsWell tells whether search.db can be opened and is ours. That there is
// no room to open it says nothing about it and is an error.
func (s *Store) indexIsWell(ctx context.Context) (bool, error) {
	if !s.logged(searchName) {
		return false, nil
	}
	version, err := s.version(ctx, s.indexWriter, searchIdentity)
	if isFull(err) {
		return false, err
	}
	if err != nil {
		slog.Warn("the search index cannot be used", "err", err)
	}
	return err == nil && version == searchIdentity.version, nil
}

// mendIndex throws a damaged index away and begins a new one, when err says
// that it is damaged. It returns err, or what went wrong in mending.
func (s *Store) mendIndex(ctx context.Context, err error) error {
	if !isDamage(err) || s.readOnly {
		return err
	}
	slog.Warn("the search index is damaged", "err", err)
	release, ok, failed := s.lockIndex()
	if failed == nil && ok {
		defer release()
		failed = s.resetIndex(ctx)
	}
	if failed != nil {
		return failed
	}
	return err
}

// lockIndex takes the right to throw the index away: the engine's process
// would go on writing into a file that is gone. ok is false while that is
// another process, to which the index is left.
func (s *Store) lockIndex() (release func(), ok bool, err error) {
	if s.locked.Load() {
		return func() {}, true, nil
	}
	release, err = s.Lock()
	if fault.Is(err, fault.Later) {
		slog.Info("the search index is left to the process that runs the engine")
		return nil, false, nil
	}
	return release, err == nil, err
}

// resetIndex puts an empty index in the place of the one there is; the caller
// has lockIndex. The messages are marked first: after a crash in between they
// are indexed twice, which does no harm, and none is forgotten.
func (s *Store) resetIndex(ctx context.Context) error {
	s.resettingIndex.Lock()
	defer s.resettingIndex.Unlock()
	err := s.Write(ctx, "index nothing", func(tx *Tx) error {
		tx.note(Change{Topic: TopicSearch, Kind: Changed})
		return tx.do(indexNothing)
	})
	if err != nil {
		return err
	}
	err = s.readers.each(ctx, func(c *conn) error { return c.detachIndex(ctx) })
	if err != nil {
		return err
	}
	c, err := s.indexWriter.free(ctx)
	if err != nil {
		return err
	}
	defer func() { s.indexWriter.give(c) }()
	if c != nil {
		c.close()
		c = nil
	}
	for _, tail := range []string{"", "-wal", "-shm"} {
		if err := removeIfThere(filepath.Join(s.dir, searchName+tail)); err != nil {
			return diskFault("make the search index anew", err)
		}
	}
	if err := makePrivate(filepath.Join(s.dir, searchName)); err != nil {
		return diskFault("make the search index anew", err)
	}
	c, err = s.indexWriter.open(ctx)
	if err != nil {
		c = nil
		return diskFault("make the search index anew", err)
	}
	if err := c.run(ctx, "PRAGMA journal_mode=WAL"); err != nil {
		return diskFault("make the search index anew", err)
	}
	return diskFault("make the search index anew", c.install(ctx, searchIdentity, schema("migrations/search.sql")))
}

// attachIndex makes search.db readable on a connection, as fts.
func (s *Store) attachIndex(ctx context.Context, c *conn) error {
	if c.indexed {
		return nil
	}
	path := filepath.Join(s.dir, searchName)
	if _, err := os.Stat(path); err != nil {
		return diskFault("search", err)
	}
	values := url.Values{"mode": {"ro"}}
	if s.immutable {
		values.Set("immutable", "1")
	}
	if s.full { // locked as the connection's own file is: see dialFull
		values.Set("mode", "rw")
	}
	if _, err := c.c.ExecContext(ctx, "ATTACH ? AS fts", fileURI(path, values)); err != nil {
		return diskFault("search", err)
	}
	if err := c.run(ctx, "PRAGMA fts.cache_size=250"); err != nil {
		return diskFault("search", err)
	}
	if s.full {
		if err := c.keepLog("fts"); err != nil {
			return diskFault("search", err)
		}
	}
	c.indexed = true
	return nil
}

// detachIndex takes the index away from a connection, with the statements that
// use it.
func (c *conn) detachIndex(ctx context.Context) error {
	if !c.indexed {
		return nil
	}
	for q, st := range c.stmts {
		if q.on == foundFile {
			st.Close()
			delete(c.stmts, q)
		}
	}
	if err := c.run(ctx, "DETACH fts"); err != nil {
		return diskFault("search", err)
	}
	c.indexed = false
	return nil
}

// makePrivate makes an empty file that nobody else may read; what SQLite puts
// beside it has the same rights. The index holds the words of all mail.
func makePrivate(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}
