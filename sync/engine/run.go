package engine

import (
	"context"
	"sync"
	"time"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// lockPause is how often a process that does not hold the lock looks whether
// it has become free.
const lockPause = 2 * time.Second

// Run carries mail until ctx ends: it waits for the store's lock, settles what
// a crash left behind, and keeps a supervisor for every account there is. It
// returns nil when ctx ended, else what made the profile unusable.
func (e *Engine) Run(ctx context.Context) error {
	release, err := e.lock(ctx)
	if err != nil {
		return err
	}
	defer release()
	if err := e.Recover(ctx); err != nil {
		return err
	}
	var all sync.WaitGroup
	defer all.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	all.Go(func() { e.index(ctx) })
	all.Go(func() { e.keepHouse(ctx) })
	all.Go(func() { e.keepTraffic(ctx) })
	all.Go(func() { e.heedWakes(ctx) })
	return e.keepSupervisors(ctx, &all)
}

// lock waits for the store's lock.
func (e *Engine) lock(ctx context.Context) (release func(), err error) {
	for {
		release, err := e.Store.Lock()
		if err == nil || !fault.Is(err, fault.Later) {
			return release, err
		}
		select {
		case <-e.Clock.After(lockPause):
		case <-ctx.Done():
			return func() {}, nil
		}
	}
}

// Recover settles what a crash left behind, and holds the letters of a profile
// that is a copy or was restored. Whoever holds the lock calls it before the
// first pass.
func (e *Engine) Recover(ctx context.Context) error {
	if err := e.Store.Write(ctx, "recover letters", func(tx *localstore.Tx) error { return tx.RecoverLetters(0) }); err != nil {
		return err
	}
	restored, err := e.Store.RecoverOrigin(ctx)
	if restored {
		e.Log.Warn("the profile is a copy or was restored: its letters wait")
	}
	return err
}

// keepSupervisors starts a supervisor for each account that appears and stops
// those of accounts that are gone or kept in another way.
func (e *Engine) keepSupervisors(ctx context.Context, all *sync.WaitGroup) error {
	watch := e.Store.Watch(localstore.TopicAccounts)
	defer watch.Close()
	type running struct {
		account localstore.Account
		stop    context.CancelFunc
	}
	supervised := map[localstore.AccountID]running{}
	for {
		accounts, err := e.accounts(ctx)
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		present := map[localstore.AccountID]bool{}
		for _, a := range accounts {
			present[a.ID] = true
			if old, ok := supervised[a.ID]; ok {
				if old.account == a {
					continue
				}
				old.stop()
			}
			inner, stop := context.WithCancel(ctx)
			supervised[a.ID] = running{a, stop}
			s := newSupervisor(e, a)
			all.Go(func() { s.run(inner) })
		}
		for id, r := range supervised {
			if !present[id] {
				r.stop()
				delete(supervised, id)
				e.status.remove(id)
			}
		}
		select {
		case <-watch.Ready():
			watch.Take()
		case <-ctx.Done():
			return nil
		}
	}
}
