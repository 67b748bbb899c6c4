package main

import (
	"context"
	"errors"
	"time"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/sync/engine"
)

// followPause is how long watch leaves an engine in another process alone
// between two passes, unless that process ends.
const followPause = 5 * time.Minute

// watch follows accounts until it is told to stop: it runs the engine, for the
// accounts that were named if any were, or shows the passes of the process that
// runs it.
func (a *app) watch(ctx context.Context, accounts []localstore.Account, named bool) error {
	store, err := a.open(ctx)
	if err != nil {
		return err
	}
	if err := a.follow(ctx, accounts); err != nil || ctx.Err() != nil {
		return err
	}
	var only []localstore.AccountID
	for _, account := range accounts {
		if named {
			only = append(only, account.ID)
		}
	}
	e := engine.New(engine.Config{Store: store, Accounts: only, Password: a.profile.Password, Log: a.profile.Log})
	changed, stop := e.StatusChanged()
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	said := map[localstore.AccountID]engine.Status{}
	for {
		select {
		case err := <-ended:
			return err
		case <-changed:
		}
		all, _ := e.Status()
		for _, s := range all {
			was := said[s.Account]
			said[s.Account] = s
			if s.Phase != was.Phase {
				text := string(s.Phase)
				if s.Fault != nil {
					text += ": " + s.Fault.Error()
				}
				a.say("%s  %s", a.accountName(ctx, s.Account), text)
			}
			if a.json && passEnded(was, s) {
				if err := a.printPass(ctx, s); err != nil && ctx.Err() == nil {
					return err
				}
			}
		}
	}
}

// follow asks the process that holds the lock for one pass after the other and
// says what each did. It returns nil once the lock is free, or ctx ended.
func (a *app) follow(ctx context.Context, accounts []localstore.Account) error {
	for told := false; ctx.Err() == nil; told = true {
		free, err := a.lockFree()
		if free || err != nil && !fault.Is(err, fault.Later) {
			return err
		}
		if !told {
			a.say("%s It carries the mail; what its passes do is shown here.", fault.Of(err).Text)
		}
		reports, err := a.request(ctx, accounts)
		if err := a.printFollowed(reports); err != nil {
			return err
		}
		for _, r := range reports {
			if r.Error != nil {
				a.say("%s: %s", r.Account, r.Error.Text)
			}
		}
		if err != nil && !errors.Is(err, engine.ErrNobody) && ctx.Err() == nil {
			return err
		}
		for until := clock.System.Now().Add(followPause); ctx.Err() == nil && clock.System.Now().Before(until); {
			if free, _ := a.lockFree(); free {
				break
			}
			select {
			case <-clock.System.After(2 * time.Second):
			case <-ctx.Done():
			}
		}
	}
	return nil
}

// lockFree tells whether nobody runs the engine; err says who does, or why it
// cannot be run.
func (a *app) lockFree() (bool, error) {
	release, err := a.profile.Store.Lock()
	if err != nil {
		return false, err
	}
	release()
	return true, nil
}
