package localstore

import (
	"context"
	"errors"
	"io/fs"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"paquebot.app/internal/fault"
)

// diskFault says in plain words what SQLite or the system says of a file. An
// error that has a meaning already, a context's end and a violated constraint
// stay as they are.
func diskFault(op string, err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var known *fault.Error
	if errors.As(err, &known) {
		return err
	}
	e := &fault.Error{Remedy: fault.User, Scope: fault.App, Cause: fault.Disk, Op: op, Err: err}
	switch code := resultCode(err); {
	case isFull(err):
		e.Text = "The disk is full. Nothing is lost; make some room and Paquebot goes on."
	case code == sqlite3.SQLITE_READONLY, code == sqlite3.SQLITE_PERM, errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		e.Text = "This profile cannot be written to."
	case code == sqlite3.SQLITE_CORRUPT, code == sqlite3.SQLITE_NOTADB:
		e.Text = "A file of this profile is damaged. Nothing was changed; please restore it from a backup."
	case code == sqlite3.SQLITE_BUSY, code == sqlite3.SQLITE_LOCKED:
		e.Remedy = fault.Later
		e.Text = "Another Paquebot is busy with this profile. Please try again in a moment."
	case code == sqlite3.SQLITE_IOERR, code == sqlite3.SQLITE_CANTOPEN, code == sqlite3.SQLITE_NOLFS:
		e.Text = "The disk with this profile does not answer as it should."
	default:
		return err
	}
	return e
}

// resultCode returns SQLite's primary result code, 0 when it is not SQLite's.
func resultCode(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}

// isFull tells whether something failed because the disk is full.
func isFull(err error) bool {
	return resultCode(err) == sqlite3.SQLITE_FULL || noRoomToShare(err) || errors.Is(err, syscall.ENOSPC)
}

// noRoomToShare tells whether SQLite could not make the file that its readers
// share: on a disk without a free byte even reading needs 32 KiB.
func noRoomToShare(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code() == sqlite3.SQLITE_IOERR_SHMSIZE
}

// isConstraint tells whether a statement was refused by a constraint: it did
// nothing, and the transaction goes on.
func isConstraint(err error) bool { return resultCode(err) == sqlite3.SQLITE_CONSTRAINT }

// isDamage tells whether a file is not what SQLite wrote.
func isDamage(err error) bool {
	code := resultCode(err)
	return code == sqlite3.SQLITE_CORRUPT || code == sqlite3.SQLITE_NOTADB
}

// unknown is the error of a row that does not exist.
func unknown(op, text string) error {
	return &fault.Error{Remedy: fault.User, Scope: fault.Message, Cause: fault.Missing, Op: op, Text: text}
}

// refuse is the error of a request that cannot be done as asked.
func refuse(op, text string) error {
	return &fault.Error{Remedy: fault.Never, Scope: fault.Message, Cause: fault.Data, Op: op, Text: text}
}
