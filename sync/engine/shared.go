package engine

import (
	"context"
	"slices"
	"sync"
	"time"

	"paquebot.app/localstore"
)

// bodiesShare is how long bodies keep the one connection that a server allows,
// before it is asked for what is new.
const bodiesShare = 30 * time.Second

// shared tells whether an account's only connection serves for bodies too: its
// server let us in once, and refuses to again.
type shared struct {
	*sharing
	changed chan struct{} // the connection is shared now; capacity 1
}

type sharing struct {
	mu    sync.Mutex
	there bool      // the main connection stands
	one   bool      // bodies come over it
	open  bool      // there are more, which wait for their next share of it
	began time.Time // when bodies were last fetched over it
}

func newShared() shared { return shared{&sharing{}, make(chan struct{}, 1)} }

// connected notes whether the main connection stands.
func (s shared) connected(there bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.there = there
}

// refused notes whether a second connection was refused, and tells whether
// the main one serves for bodies now.
func (s shared) refused(refused bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.one
	if s.one = refused && s.there; s.one && !was {
		nudge(s.changed)
	}
	return s.one
}

// alone tells whether bodies come over the main connection.
func (s shared) alone() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.one
}

// kept notes when bodies were fetched over the connection, and whether they kept
// it until their share of it was over; more tells that.
func (s shared) kept(began time.Time, over bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.began, s.open = began, over
}

// last returns when bodies were last fetched; ok is false where they do not come
// over this connection.
func (s shared) last() (began time.Time, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.began, s.one
}

// askedMeanwhile tells whether a wish was made since bodies were last fetched
// over the one connection, which may have been too late to be seen.
func (s *supervisor) askedMeanwhile(ctx context.Context) (asked bool, err error) {
	began, alone := s.shared.last()
	if !alone {
		return false, nil
	}
	err = s.Store.Read(ctx, func(v *localstore.View) error {
		wishes, err := v.Asked(s.account.ID)
		asked = slices.ContainsFunc(wishes, func(w localstore.Wish) bool {
			return w.Error == "" && !w.Asked.Before(began.Truncate(time.Millisecond))
		})
		return err
	})
	return asked, err
}

func (s shared) more() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.one && s.open
}
