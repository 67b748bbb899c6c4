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
// and marks every message as not indexed. Where another process runs the
// engine, and with it the index, that is left to it.
func (s *Store) ensureIndex(ctx context.Context) error {
	c, err := s.indexWriter.take(ctx)
	if err == nil {
		var version int64
		version, err = searchIdentity.check(ctx, c)
		s.indexWriter.give(c)
		if err == nil && version == searchIdentity.version {
			return nil
		}
	}
	if err != nil {
		slog.Warn("the search index cannot be used and is made anew", "err", err)
	}
	return s.resetIndex(ctx)
}

// mendIndex throws a damaged index away and begins a new one, when err says
// that it is damaged. It returns err, or what went wrong in mending.
func (s *Store) mendIndex(ctx context.Context, err error) error {
	if !isDamage(err) || s.readOnly {
		return err
	}
	slog.Warn("the search index is damaged and is made anew", "err", err)
	if failed := s.resetIndex(ctx); failed != nil {
		return failed
	}
	return err
}

// resetIndex puts an empty index in the place of the one there is. The
// messages are marked first: after a crash in between they are indexed twice,
// which does no harm, and none is forgotten. Another process that runs the
// engine would go on writing into the file that was thrown away, so the lock
// is needed; while another has it, nothing happens.
func (s *Store) resetIndex(ctx context.Context) error {
	s.resettingIndex.Lock()
	defer s.resettingIndex.Unlock()
	if !s.locked.Load() {
		release, err := s.Lock()
		if fault.Is(err, fault.Later) {
			slog.Warn("the search index is left to the process that runs the engine")
			return nil
		}
		if err != nil {
			return err
		}
		defer release()
	}
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
	if _, err := c.c.ExecContext(ctx, "ATTACH ? AS fts", fileURI(path, values)); err != nil {
		return diskFault("search", err)
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
