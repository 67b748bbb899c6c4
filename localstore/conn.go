package localstore

import (
	"context"
	"database/sql"
	"net/url"
	"path/filepath"
	"strings"

	"modernc.org/sqlite" // and the driver "sqlite"
)

// conn is one connection to one file, with its prepared statements. It is used
// by one goroutine at a time.
type conn struct {
	pool    *sql.DB // holds this one connection
	c       *sql.Conn
	stmts   map[*query]*sql.Stmt
	indexed bool  // search.db is attached as fts
	version int64 // data_version when it was last asked, first at the opening
}

// pragma is a setting of a connection: "synchronous(FULL)".
type pragma string

// dial opens a connection. mode is SQLite's: rwc, rw or ro.
func dial(ctx context.Context, path, mode string, immutable bool, pragmas ...pragma) (*conn, error) {
	pool, err := sql.Open("sqlite", dsn(path, mode, immutable, pragmas))
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(1)
	c, err := pool.Conn(ctx)
	if err != nil {
		pool.Close()
		return nil, err
	}
	opened := &conn{pool: pool, c: c, stmts: map[*query]*sql.Stmt{}}
	if opened.version, err = opened.number(ctx, "PRAGMA data_version"); err != nil {
		opened.close()
		return nil, err
	}
	return opened, nil
}

// dialFull opens a connection that reads, on a disk that is full. Where SQLite
// cannot make the file that several connections share and nobody else has made
// it, it keeps in memory what would be in there, and locks everybody else out:
// so that nobody writes unseen once there is room again
// (https://www.sqlite.org/wal.html §6). For that lock the file is opened for
// writing. What is in the write-ahead log is seen; the log stays.
func dialFull(ctx context.Context, path string) (*conn, error) {
	c, err := dial(ctx, path, "rw", false, fullReads...)
	if !noRoomToShare(err) {
		return c, err
	}
	c, err = dial(ctx, path, "rw", false, append(fullReads[:len(fullReads):len(fullReads)], "locking_mode(EXCLUSIVE)")...)
	if err != nil {
		return nil, err
	}
	if err := c.keepLog("main"); err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

// keepLog makes SQLite leave the write-ahead log where it is when the
// connection is closed.
func (c *conn) keepLog(file string) error {
	return c.c.Raw(func(driver any) error {
		_, err := driver.(sqlite.FileControl).FileControlPersistWAL(file, 1)
		return err
	})
}

// dsn returns the address of a file with the settings of a connection.
func dsn(path, mode string, immutable bool, pragmas []pragma) string {
	values := url.Values{"mode": {mode}}
	if immutable {
		values.Set("immutable", "1")
	}
	for _, p := range pragmas {
		values.Add("_pragma", string(p))
	}
	return fileURI(path, values)
}

// fileURI returns the address of a file, any character of its path escaped
// (https://www.sqlite.org/uri.html).
func fileURI(path string, values url.Values) string {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // C:/Users: file:///C:/Users
	}
	u := url.URL{Scheme: "file", Path: slashed, RawQuery: values.Encode()}
	return u.String()
}

// stmt returns the prepared statement of q.
func (c *conn) stmt(ctx context.Context, q *query) (*sql.Stmt, error) {
	if s, ok := c.stmts[q]; ok {
		return s, nil
	}
	s, err := c.c.PrepareContext(ctx, q.text)
	if err != nil {
		return nil, err
	}
	c.stmts[q] = s
	return s, nil
}

// run executes SQL that is no query: pragmas, transactions, schemas.
func (c *conn) run(ctx context.Context, text string) error {
	_, err := c.c.ExecContext(ctx, text)
	return err
}

// number returns the number that a pragma or a count answers.
func (c *conn) number(ctx context.Context, text string) (n int64, err error) {
	err = c.c.QueryRowContext(ctx, text).Scan(&n)
	return n, err
}

func (c *conn) close() error {
	for _, s := range c.stmts {
		s.Close()
	}
	c.c.Close()
	return c.pool.Close()
}

// othersWrote tells whether another connection has changed the file since the
// last call, the first time since the opening.
func (c *conn) othersWrote(ctx context.Context) bool {
	version, err := c.number(ctx, "PRAGMA data_version")
	if err != nil || version == c.version {
		return false
	}
	c.version = version
	return true
}
