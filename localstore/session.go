package localstore

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// session runs queries on one connection inside one transaction.
type session struct {
	s   *Store
	c   *conn
	ctx context.Context
	// failed is the first error that was no constraint's. SQLite may have
	// rolled back on its own then, so nothing more may run: it would be
	// committed alone.
	failed error
}

func (s *session) fail(err error) error {
	err = diskFault("store", err)
	if err != nil && !isConstraint(err) && s.failed == nil {
		s.failed = err
	}
	return err
}

// exec runs a query that returns no rows.
func (s *session) exec(q *query, args ...any) (sql.Result, error) {
	if s.failed != nil {
		return nil, s.failed
	}
	st, err := s.c.stmt(s.ctx, q)
	if err != nil {
		return nil, s.fail(err)
	}
	r, err := st.ExecContext(s.ctx, args...)
	return r, s.fail(err)
}

// do is exec for who does not ask for the result.
func (s *session) do(q *query, args ...any) error {
	_, err := s.exec(q, args...)
	return err
}

// add runs an INSERT and returns the id of the new row.
func (s *session) add(q *query, args ...any) (int64, error) {
	r, err := s.exec(q, args...)
	if err != nil {
		return 0, err
	}
	return r.LastInsertId()
}

// touch runs an UPDATE or DELETE and returns how many rows it touched.
func (s *session) touch(q *query, args ...any) (int, error) {
	r, err := s.exec(q, args...)
	if err != nil {
		return 0, err
	}
	n, err := r.RowsAffected()
	return int(n), err
}

// one reads the first row of q into dest; found is false when there is none.
func (s *session) one(q *query, dest []any, args ...any) (found bool, err error) {
	if s.failed != nil {
		return false, s.failed
	}
	st, err := s.c.stmt(s.ctx, q)
	if err != nil {
		return false, s.fail(err)
	}
	err = st.QueryRowContext(s.ctx, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, s.fail(err)
}

// number reads one number; 0 when there is no row.
func (s *session) number(q *query, args ...any) (n int64, err error) {
	_, err = s.one(q, []any{&n}, args...)
	return n, err
}

// scanner is a row that can be read.
type scanner interface{ Scan(dest ...any) error }

// collect reads all rows of q. scan reads one row and runs no query: the
// prepared statement is in use meanwhile.
func collect[T any](s *session, q *query, scan func(scanner) (T, error), args ...any) ([]T, error) {
	if s.failed != nil {
		return nil, s.failed
	}
	st, err := s.c.stmt(s.ctx, q)
	if err != nil {
		return nil, s.fail(err)
	}
	rows, err := st.QueryContext(s.ctx, args...)
	if err != nil {
		return nil, s.fail(err)
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		t, err := scan(rows)
		if err != nil {
			return nil, s.fail(err)
		}
		all = append(all, t)
	}
	return all, s.fail(rows.Err())
}

// scanID reads a row of one id.
func scanID[T ~int64](r scanner) (id T, err error) {
	err = r.Scan(&id)
	return id, err
}

// unix is how a time is stored: whole seconds, 0 for no time.
func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// fromUnix is the time that unix stored.
func fromUnix(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}

// hashColumn is how a hash is stored: NULL for one that is not known.
func hashColumn(h [32]byte) any {
	if h == [32]byte{} {
		return nil
	}
	return h[:]
}

// hashOf is the hash that hashColumn stored.
func hashOf(b []byte) (h [32]byte) {
	copy(h[:], b)
	return h
}

// oneIf is how a truth is stored.
func oneIf(b bool) int {
	if b {
		return 1
	}
	return 0
}

// orNull stores id 0 as no reference.
func orNull[T ~int64](id T) any {
	if id == 0 {
		return nil
	}
	return int64(id)
}
