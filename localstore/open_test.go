package localstore

import (
	"context"
	"testing"
)

// newStore opens a new profile in a folder of the test.
func newStore(t testing.TB, options ...Option) *Store {
	t.Helper()
	return openStore(t, t.TempDir(), options...)
}

func openStore(t testing.TB, dir string, options ...Option) *Store {
	t.Helper()
	s, err := Open(context.Background(), dir, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	unsynced(t, s)
	return s
}

// unsynced makes commits not wait for the disk: a test that is not killed does
// not need it. Those that kill processes open their profiles by Open.
func unsynced(t testing.TB, s *Store) {
	t.Helper()
	if s.ReadOnly() {
		return
	}
	for _, p := range []*pool{s.writer, s.bodyWriter} {
		c, err := p.take(context.Background())
		if err == nil {
			err = c.run(context.Background(), "PRAGMA synchronous=OFF")
			p.give(c)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// write runs f in a transaction that must succeed.
func write(t testing.TB, s *Store, f func(*Tx) error) {
	t.Helper()
	if err := s.Write(context.Background(), "test", f); err != nil {
		t.Fatal(err)
	}
}

// read runs f on a snapshot; it must succeed.
func read(t testing.TB, s *Store, f func(*View) error) {
	t.Helper()
	if err := s.Read(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

func TestOpenAgain(t *testing.T) {
	dir := t.TempDir()
	for range 3 {
		s, err := Open(context.Background(), dir)
		if err != nil {
			t.Fatal(err)
		}
		read(t, s, func(v *View) error { return v.CheckCounts() })
		if err := s.readIndexed(context.Background(), func(v *View) error { return v.CheckCounts() }); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
