package localstore

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fault"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// mailMigrations returns the steps of mail.db's schema: the step at index i
// leads from version i to i+1.
func mailMigrations() []string {
	names, err := fs.Glob(migrationFiles, "migrations/[0-9][0-9][0-9][0-9]_*.sql")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	var steps []string
	for _, name := range names { // sorted, as Glob reads folders
		steps = append(steps, schema(name))
	}
	return steps
}

// schema returns an embedded file of SQL.
func schema(name string) string {
	text, err := migrationFiles.ReadFile(name)
	if err != nil {
		panic(err) // it is part of the program
	}
	return string(text)
}

// identity is what makes a file one of a profile's.
type identity struct {
	application int64 // PRAGMA application_id
	version     int64 // PRAGMA user_version that this program knows
}

const (
	mailApplication   = 0x50514d4c // "PQML"
	bodiesApplication = 0x50514244 // "PQBD"
	searchApplication = 0x50515358 // "PQSX"
)

var (
	bodiesIdentity = identity{bodiesApplication, 1}
	searchIdentity = identity{searchApplication, 1}
)

func mailIdentity() identity {
	return identity{mailApplication, int64(len(mailMigrations()))}
}

// check returns the version of a file, 0 for an empty one, and refuses what is
// not ours or is newer than this program.
func (want identity) check(ctx context.Context, c *conn) (version int64, err error) {
	tables, err := c.number(ctx, "SELECT count(*) FROM sqlite_schema")
	if err != nil {
		return 0, err
	}
	application, err := c.number(ctx, "PRAGMA application_id")
	if err != nil {
		return 0, err
	}
	version, err = c.number(ctx, "PRAGMA user_version")
	if err != nil {
		return 0, err
	}
	switch {
	case tables == 0 && application == 0 && version == 0:
		return 0, nil
	case application != want.application:
		return 0, &fault.Error{Remedy: fault.User, Scope: fault.App, Cause: fault.Disk, Op: "open the profile",
			Text: "The file in this folder is a database of another program, not a Paquebot profile. It was left as it is."}
	case version > want.version:
		return 0, &fault.Error{Remedy: fault.User, Scope: fault.App, Cause: fault.Disk, Op: "open the profile",
			Text: "This profile was last used by a newer Paquebot. Please use that version; nothing was changed."}
	}
	return version, nil
}

// migrate brings mail.db and bodies.db to the present version. A profile that
// has it already is not locked.
func (s *Store) migrate(ctx context.Context, steps []string) error {
	current, err := s.versions(ctx, steps)
	if err != nil || current {
		return err
	}
	release, err := s.lockPatiently(ctx)
	if err != nil {
		return err
	}
	defer release()
	// Another process may have done it meanwhile: everything is asked again.
	if err := s.makeBodies(ctx); err != nil {
		return err
	}
	return s.makeMail(ctx, steps)
}

// versions tells whether both files are as this program expects.
func (s *Store) versions(ctx context.Context, steps []string) (current bool, err error) {
	if !s.logged(mailName) || !s.logged(bodiesName) {
		return false, nil
	}
	mail, err := s.version(ctx, s.writer, identity{mailApplication, int64(len(steps))})
	if err != nil {
		return false, err
	}
	bodies, err := s.version(ctx, s.bodyWriter, bodiesIdentity)
	if err != nil {
		return false, err
	}
	return mail == int64(len(steps)) && bodies == bodiesIdentity.version, nil
}

// logged tells whether a file is a database with a write-ahead log. While one
// is being made it is not: whoever opens it then, besides its maker, meets a
// journal that is about to be deleted. It is opened with the lock only.
func (s *Store) logged(name string) bool {
	f, err := os.Open(filepath.Join(s.dir, name))
	if err != nil {
		return false
	}
	defer f.Close()
	const readVersion, wal = 19, 2 // https://www.sqlite.org/fileformat.html §1.3
	var header [100]byte
	_, err = io.ReadFull(f, header[:])
	return err == nil && header[readVersion] == wal
}

func (s *Store) version(ctx context.Context, of *pool, want identity) (int64, error) {
	c, err := of.take(ctx)
	if err != nil {
		return 0, err
	}
	defer of.give(c)
	return want.check(ctx, c)
}

// lockPatience is how long Open waits for another process that is making or
// migrating the same profile.
const lockPatience = 10 * time.Second

func (s *Store) lockPatiently(ctx context.Context) (release func(), err error) {
	const pause = 50 * time.Millisecond
	for waited := time.Duration(0); ; waited += pause {
		release, err = s.Lock()
		if !fault.Is(err, fault.Later) || waited >= lockPatience {
			return release, err
		}
		select {
		case <-clock.System.After(pause): // the other process lives in the computer's time
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// makeBodies makes bodies.db where there is none. One that is missing while
// mail.db names bodies is not made anew: that would hide a loss.
func (s *Store) makeBodies(ctx context.Context) error {
	version, err := s.version(ctx, s.bodyWriter, bodiesIdentity)
	if err != nil || version > 0 {
		return err
	}
	used, err := s.version(ctx, s.writer, mailIdentity())
	if err != nil {
		return err
	}
	if used > 0 {
		return &fault.Error{Remedy: fault.User, Scope: fault.App, Cause: fault.Disk, Op: "open the profile",
			Text: "The file bodies.db of this profile is missing or empty. It holds the mail itself; please restore it from a backup."}
	}
	c, err := s.bodyWriter.take(ctx)
	if err != nil {
		return err
	}
	defer s.bodyWriter.give(c)
	for _, setting := range []string{"PRAGMA page_size=4096", "PRAGMA auto_vacuum=INCREMENTAL", "PRAGMA journal_mode=WAL"} {
		if err := c.run(ctx, setting); err != nil {
			return err
		}
	}
	return c.install(ctx, bodiesIdentity, schema("migrations/bodies.sql"))
}

// install runs a schema and marks the file, all in one transaction.
func (c *conn) install(ctx context.Context, mark identity, text string) error {
	err := c.run(ctx, fmt.Sprintf("BEGIN IMMEDIATE;\n%s\n;PRAGMA application_id=%d;PRAGMA user_version=%d;COMMIT",
		text, mark.application, mark.version))
	if err != nil {
		c.run(context.WithoutCancel(ctx), "ROLLBACK")
	}
	return err
}

// makeMail makes mail.db or leads it step by step to the present version.
func (s *Store) makeMail(ctx context.Context, steps []string) error {
	c, err := s.writer.take(ctx)
	if err != nil {
		return err
	}
	defer s.writer.give(c)
	want := identity{mailApplication, int64(len(steps))}
	version, err := want.check(ctx, c)
	if err != nil {
		return err
	}
	if version == 0 {
		if err := s.refuseOrphans(ctx); err != nil {
			return err
		}
		if err := c.run(ctx, "PRAGMA journal_mode=WAL"); err != nil {
			return err
		}
	} else if version < want.version {
		s.copyBefore(ctx, c, version)
	}
	for ; version < want.version; version++ {
		if err := c.install(ctx, identity{mailApplication, version + 1}, steps[version]); err != nil {
			return fmt.Errorf("bring the profile to version %d: %w", version+1, err)
		}
	}
	return nil
}

// refuseOrphans fails when mail.db is missing while there are bodies: a new
// one would make them waste.
func (s *Store) refuseOrphans(ctx context.Context) error {
	c, err := s.bodyWriter.take(ctx)
	if err != nil {
		return err
	}
	defer s.bodyWriter.give(c)
	n, err := c.number(ctx, "SELECT count(*) FROM (SELECT 1 FROM blobs LIMIT 1)")
	if err != nil {
		return err
	}
	if n > 0 {
		return &fault.Error{Remedy: fault.User, Scope: fault.App, Cause: fault.Disk, Op: "open the profile",
			Text: "The file mail.db of this profile is missing or empty, while bodies.db holds mail. Please restore it from a backup."}
	}
	return nil
}

// copyBefore keeps a copy of mail.db as it was at a version. Without room for
// it the migration goes on: it is one transaction a step.
func (s *Store) copyBefore(ctx context.Context, c *conn, version int64) {
	name := filepath.Join(s.dir, fmt.Sprintf("mail-before-%d.db", version+1))
	part := name + ".part"
	err := removeIfThere(part)
	if err == nil {
		_, err = c.c.ExecContext(ctx, "VACUUM INTO ?", part)
	}
	if err == nil {
		err = syncFile(part)
	}
	if err == nil {
		err = os.Rename(part, name)
	}
	if err != nil {
		removeIfThere(part)
		slog.Warn("no copy of mail.db before the migration", "err", err)
	}
}

func removeIfThere(path string) error {
	err := os.Remove(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
