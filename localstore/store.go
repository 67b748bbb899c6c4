package localstore

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"paquebot.app/internal/clock"
)

// Store is an open profile. See the package comment for what it guarantees.
type Store struct {
	dir       string
	clock     clock.Clock
	readOnly  bool
	immutable bool // read-only, and no other process can write either
	full      bool // read-only because the disk is full

	writer, readers         *pool // mail.db
	bodyWriter, bodyReaders *pool // bodies.db
	indexWriter             *pool // search.db
	resettingIndex          sync.Mutex
	bodyTurns               bodyTurns
	completeMu              sync.Mutex
	complete                map[BlobID]bool // blobs known to be complete
	locked                  atomic.Bool     // this Store holds the lock
	feed                    feed
	sound                   soundness
	closing                 sync.Once
	closeErr                error
}

// Option changes how Open works.
type Option func(*Store)

// WithClock makes the store ask c for the time.
func WithClock(c clock.Clock) Option { return func(s *Store) { s.clock = c } }

// Dir returns the profile folder.
func (s *Store) Dir() string { return s.dir }

// Close waits for readers and the writer and closes the files.
func (s *Store) Close() error {
	s.closing.Do(func() {
		s.feed.close()
		s.closeErr = diskFault("close the profile", s.closePools())
	})
	return s.closeErr
}

// View reads one snapshot of the store. It must not outlive its Read.
type View struct{ *session }

// Read runs f on one consistent snapshot. Up to four run at once; f must not
// keep the View, nor call Read or Write itself.
func (s *Store) Read(ctx context.Context, f func(*View) error) error {
	return s.read(ctx, s.readers, nil, func(in *session) error { return f(&View{in}) })
}

// readIndexed is Read with search.db attached as fts: queries made by onFound.
// What it returns for a damaged index is for Store.mendIndex.
func (s *Store) readIndexed(ctx context.Context, f func(*View) error) error {
	return s.read(ctx, s.readers, s.attachIndex, func(in *session) error { return f(&View{in}) })
}

// readBodies runs f on a snapshot of bodies.db.
func (s *Store) readBodies(ctx context.Context, f func(*session) error) error {
	return s.read(ctx, s.bodyReaders, nil, f)
}

func (s *Store) read(ctx context.Context, from *pool, prepare func(context.Context, *conn) error, f func(*session) error) error {
	c, err := from.take(ctx)
	if err != nil {
		return err
	}
	defer from.give(c)
	if prepare != nil {
		if err := prepare(ctx, c); err != nil {
			return err
		}
	}
	if err := c.run(ctx, "BEGIN DEFERRED"); err != nil {
		return diskFault("read", err)
	}
	// A snapshot that was not ended would be read for ever.
	defer c.run(context.WithoutCancel(ctx), "ROLLBACK")
	return f(&session{s: s, c: c, ctx: ctx})
}

// Tx writes; it embeds View, so that a write reads what it has written.
type Tx struct {
	*View
	changes  changes
	removing bool // an account was marked as being removed
}

// Write runs f in the one write transaction and makes it durable; an error of
// f or a panic rolls it back. why is a constant phrase for the log, which
// tells of waits over 1 s and of transactions over 100 ms. Changes are
// announced to watchers after the commit. f must not call Read or Write.
func (s *Store) Write(ctx context.Context, why string, f func(*Tx) error) error {
	var tx *Tx
	err := s.write(ctx, s.writer, why, func(in *session) error {
		tx = &Tx{View: &View{in}}
		return f(tx)
	})
	if err != nil {
		return err
	}
	s.feed.publish(tx.changes.list)
	if tx.removing {
		if err := s.FinishRemovals(ctx); err != nil {
			slog.Warn("an account is not removed completely: the next start goes on", "err", err)
		}
	}
	return nil
}

// writeBodies runs f in a write transaction of bodies.db.
func (s *Store) writeBodies(ctx context.Context, why string, f func(*session) error) error {
	return s.write(ctx, s.bodyWriter, why, f)
}

// writeIndex runs f in a write transaction of search.db (queries made by
// onIndex). What it returns for a damaged index is for Store.mendIndex.
func (s *Store) writeIndex(ctx context.Context, f func(*session) error) error {
	return s.write(ctx, s.indexWriter, "index", f)
}

// writeChunk is writeBodies for a piece of an incomplete blob: it is durable
// with the next commit that writeBodies makes, which syncs the whole log.
func (s *Store) writeChunk(ctx context.Context, why string, f func(*session) error) error {
	return s.take(ctx, s.bodyWriter, why, func(ctx context.Context, c *conn) error {
		if err := c.run(ctx, "PRAGMA synchronous=NORMAL"); err != nil {
			return diskFault("write", err)
		}
		err := s.transact(ctx, c, f)
		// A large mail would fill the cache that all connections share.
		if full := c.run(ctx, "PRAGMA synchronous=FULL; PRAGMA shrink_memory"); full != nil {
			return diskFault("write", full)
		}
		return err
	})
}

func (s *Store) write(ctx context.Context, to *pool, why string, f func(*session) error) error {
	return s.take(ctx, to, why, func(ctx context.Context, c *conn) error { return s.transact(ctx, c, f) })
}

// take runs f with a connection that writes, and logs what took long.
func (s *Store) take(ctx context.Context, from *pool, why string, f func(context.Context, *conn) error) error {
	if err := s.WhyReadOnly(); err != nil {
		return err
	}
	asked := s.clock.Now()
	c, err := from.take(ctx)
	if err != nil {
		return err
	}
	defer from.give(c)
	begun := s.clock.Now()
	defer func() { s.logSlow(why, begun.Sub(asked), s.clock.Now().Sub(begun)) }()
	// Once begun a transaction is short, and it ends as it must.
	return f(context.WithoutCancel(ctx), c)
}

// begin begins a transaction that writes. One that could not be ended before, and
// whose caller was told that it failed, is ended first.
func (c *conn) begin(ctx context.Context) error {
	err := c.run(ctx, "BEGIN IMMEDIATE")
	if err != nil && c.run(ctx, "ROLLBACK") == nil {
		err = c.run(ctx, "BEGIN IMMEDIATE")
	}
	return err
}

// transact runs f in a transaction and commits it.
func (s *Store) transact(ctx context.Context, c *conn, f func(*session) error) error {
	if err := c.begin(ctx); err != nil {
		return diskFault("write", err)
	}
	committed := false
	defer func() {
		if !committed {
			// It fails when SQLite rolled back on its own: as good.
			c.run(ctx, "ROLLBACK")
		}
	}()
	in := &session{s: s, c: c, ctx: ctx}
	if err := f(in); err != nil {
		return err
	}
	if in.failed != nil {
		return in.failed
	}
	if err := c.run(ctx, "COMMIT"); err != nil {
		return diskFault("write", err)
	}
	committed = true
	return nil
}

const (
	busyWait  = time.Second
	slowWrite = 100 * time.Millisecond
)

func (s *Store) logSlow(why string, waited, took time.Duration) {
	if waited > busyWait {
		slog.Warn("store busy", "why", why, "waited", waited)
	}
	if took > slowWrite {
		slog.Info("store slow", "why", why, "took", took)
	}
}
