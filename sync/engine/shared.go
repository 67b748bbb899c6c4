package engine

import (
	"sync"
	"time"
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
	there bool // the main connection stands
	one   bool // bodies come over it
	open  bool // there are more, which wait for their next share of it
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

// kept notes whether bodies kept the connection until their share of it was
// over; more tells it.
func (s shared) kept(over bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open = over
}

func (s shared) more() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.one && s.open
}
