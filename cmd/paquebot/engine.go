package main

import (
	"context"
	"sync"
	"sync/atomic"

	"paquebot.app/cmd/internal/profile"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/sync/engine"
	"paquebot.app/ui/vm"
)

// windowEngine is the engine as the window knows it.
type windowEngine struct {
	*engine.Engine
	profile   *profile.Profile
	elsewhere *atomic.Bool
	arrived   *arrived
}

// arrived is how many bytes came in each account's running Receive.
type arrived struct {
	mu    sync.Mutex
	bytes map[localstore.AccountID]int64
}

// note implements engine.Config's Progress.
func (a *arrived) note(account localstore.Account, _, _ int, bytes int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.bytes == nil {
		a.bytes = map[localstore.AccountID]int64{}
	}
	a.bytes[account.ID] = bytes
}

func (a *arrived) of(account localstore.AccountID) int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.bytes[account]
}

var _ vm.Engine = windowEngine{}

// Status implements vm.Engine.
func (e windowEngine) Status() (all []vm.AccountStatus, workOffline bool) {
	statuses, offline := e.Engine.Status()
	if len(statuses) > 0 { // ours has the lock by now
		e.elsewhere.Store(false)
	}
	for _, s := range statuses {
		one := vm.AccountStatus{Account: s.Account, Phase: vm.Phase(s.Phase), Since: s.Since, Done: s.Done, Total: s.Total, Bytes: e.arrived.of(s.Account), Told: s.Told}
		if s.Fault != nil {
			one.Text = vm.Sentence(s.Fault)
			one.SignIn = s.Fault.Cause == fault.SignIn
		}
		all = append(all, one)
	}
	return all, offline
}

// Elsewhere implements vm.Engine.
func (e windowEngine) Elsewhere() bool { return e.elsewhere.Load() }

// Wake implements vm.Engine: where another process carries the mail, it is asked
// for a pass.
func (e windowEngine) Wake() {
	if !e.Elsewhere() {
		e.Engine.Wake()
		return
	}
	err := e.profile.Store.Write(context.Background(), "wake", func(tx *localstore.Tx) error {
		accounts, err := tx.Accounts()
		if err != nil {
			return err
		}
		for _, a := range accounts {
			if a.Mode == localstore.Local {
				continue
			}
			if _, err := tx.Wake(a.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		e.profile.Log.Error("wake", "err", err)
	}
}

// carriedElsewhere tells whether another process holds the profile's lock.
func carriedElsewhere(store *localstore.Store) bool {
	release, err := store.Lock()
	if err == nil {
		release()
	}
	return fault.Is(err, fault.Later)
}

// Check implements vm.Engine.
func (e windowEngine) Check(ctx context.Context, a localstore.Account, password string) error {
	return engine.Check(ctx, a, password)
}

// KeepPassword implements vm.Engine.
func (e windowEngine) KeepPassword(ctx context.Context, a localstore.Account, password string) (kept bool, err error) {
	err = e.profile.Keep(ctx, a, password)
	if profile.NotKept(err) {
		return false, nil
	}
	return err == nil, err
}

// AllowFile implements vm.Engine.
func (e windowEngine) AllowFile() { e.profile.File.Allow() }
