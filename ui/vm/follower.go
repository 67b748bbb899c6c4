package vm

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/localstore"
)

// settleTime is how long changes are collected before the window looks.
const settleTime = 50 * time.Millisecond

// Follower tells models of changes in the store: the one reader of the change
// feed.
type Follower struct {
	store *localstore.Store
	clock clock.Clock
	log   *slog.Logger
	mu    sync.Mutex
	tell  []func(Changes)
}

// Changes is what happened in the store since the last time.
type Changes struct {
	List     []localstore.Change
	Overflow bool // more than could be listed: ask the store again
}

// About tells whether something of a topic changed.
func (c Changes) About(topic localstore.Topic) bool {
	if c.Overflow {
		return true
	}
	for _, one := range c.List {
		if one.Topic == topic {
			return true
		}
	}
	return false
}

// NewFollower returns a follower of store.
func NewFollower(store *localstore.Store, c clock.Clock, log *slog.Logger) *Follower {
	return &Follower{store: store, clock: c, log: log}
}

// Tell adds a function that is called, off the window's goroutine, with every
// lot of changes. It may be called from any goroutine.
func (f *Follower) Tell(fn func(Changes)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tell = append(slices.Clip(f.tell), fn)
}

func (f *Follower) told() []func(Changes) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.tell
}

// Run follows until ctx ends.
func (f *Follower) Run(ctx context.Context) {
	w := f.store.Watch()
	defer w.Close()
	for {
		select {
		case <-w.Ready():
		case <-ctx.Done():
			return
		}
		select {
		case <-f.clock.After(settleTime):
		case <-ctx.Done():
			return
		}
		list, overflow := w.Take()
		for _, fn := range f.told() {
			fn(Changes{list, overflow})
		}
	}
}
