package engine

import (
	"maps"
	"slices"
	"sync"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// Phase is what the engine is doing about an account.
type Phase string

const (
	Offline    Phase = "offline"    // no connection; tried again by itself
	Connecting Phase = "connecting" // dialling, signing in
	Syncing    Phase = "syncing"    // a pass runs
	Idle       Phase = "idle"       // connected, or nothing to do until the next poll
	NeedsUser  Phase = "needs user" // Fault says what
)

// Status is how an account stands. It is what a window shows; nothing is
// decided by it.
type Status struct {
	Account localstore.AccountID
	Phase   Phase
	Since   time.Time    // of the phase; for Offline, when the connection went
	Done    int          // of Total, while Syncing
	Total   int          // 0 while unknown
	Fault   *fault.Error // why Offline or NeedsUser; nil otherwise
	Told    []string     // what the passes of this connection had to say, the oldest first
}

// statuses keeps the status of every account and tells watchers of changes.
type statuses struct {
	mu      *sync.Mutex
	clock   clock.Clock
	of      map[localstore.AccountID]Status
	offline *bool
	changed map[chan struct{}]bool
}

func newStatuses(c clock.Clock) statuses {
	return statuses{mu: new(sync.Mutex), clock: c, of: map[localstore.AccountID]Status{}, offline: new(bool), changed: map[chan struct{}]bool{}}
}

// Status returns how every account stands, and whether the user works offline.
func (e *Engine) Status() (all []Status, workOffline bool) {
	e.status.mu.Lock()
	defer e.status.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(e.status.of)) {
		all = append(all, e.status.of[id])
	}
	return all, *e.status.offline
}

// StatusChanged returns a channel that receives when Status may say something
// new (capacity 1), until stop is called.
func (e *Engine) StatusChanged() (changed <-chan struct{}, stop func()) {
	c := make(chan struct{}, 1)
	e.status.mu.Lock()
	defer e.status.mu.Unlock()
	e.status.changed[c] = true
	return c, func() {
		e.status.mu.Lock()
		defer e.status.mu.Unlock()
		delete(e.status.changed, c)
	}
}

func (s *statuses) set(id localstore.AccountID, phase Phase, f *fault.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := Status{Account: id, Phase: phase, Since: s.clock.Now(), Fault: f, Told: s.of[id].Told}
	if old := s.of[id]; old.Phase == phase {
		now.Since = old.Since
	}
	s.of[id] = now
	s.tell()
}

// connected tells whether an account has a connection.
func (s *statuses) connected(id localstore.AccountID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	phase := s.of[id].Phase
	return phase == Syncing || phase == Idle
}

// told takes what the passes of an account had to say.
func (s *statuses) told(id localstore.AccountID, all []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.of[id]
	if slices.Equal(all, now.Told) {
		return
	}
	now.Account, now.Told = id, all
	s.of[id] = now
	s.tell()
}

func (s *statuses) progress(id localstore.AccountID, done, total int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.of[id]
	now.Account, now.Done, now.Total = id, done, total
	s.of[id] = now
	s.tell()
}

func (s *statuses) remove(id localstore.AccountID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.of, id)
	s.tell()
}

func (s *statuses) setOffline(offline bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*s.offline = offline
	s.tell()
}

func (s *statuses) tell() {
	for c := range s.changed {
		nudge(c)
	}
}
