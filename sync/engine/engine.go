package engine

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
	"paquebot.app/sync/link"
	"paquebot.app/sync/submit"
)

// Password finds the password of an account. It may take long and may ask the
// user; its error is a fault.Error.
type Password func(ctx context.Context, account localstore.Account) (string, error)

// Config is what an Engine needs.
type Config struct {
	Store    *localstore.Store
	Accounts []localstore.AccountID // whom Run supervises; nil: all. Passes that are asked for run for any
	Password Password
	Clock    clock.Clock                                                    // nil: the system's
	Log      *slog.Logger                                                   // nil: none
	Progress func(account localstore.Account, done, total int, bytes int64) // nil: nobody looks
	Free     func() (int64, error)                                          // room on the disk of the profile; nil: not known
}

// Engine runs the sync of a profile. Its methods are safe for concurrent use.
type Engine struct {
	Config
	status   statuses
	online   *gate // shut while the user works offline
	refusals *refusals

	mu      sync.Mutex
	nudges  map[localstore.AccountID]*supervisor // whom Wake wakes
	turns   map[localstore.AccountID]turns       // who works for an account now
	indexed chan struct{}                        // wakes the indexer
	gauges  map[localstore.AccountID]*gauge      // what goes over the wire

	storing sync.Mutex // held while gauges are stored
}

// New returns an engine that does nothing yet.
func New(c Config) *Engine {
	if c.Clock == nil {
		c.Clock = clock.System
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Progress == nil {
		c.Progress = func(localstore.Account, int, int, int64) {}
	}
	return &Engine{
		Config:   c,
		online:   newGate(),
		refusals: newRefusals(),
		status:   newStatuses(c.Clock),
		nudges:   map[localstore.AccountID]*supervisor{},
		turns:    map[localstore.AccountID]turns{},
		indexed:  make(chan struct{}, 1),
		gauges:   map[localstore.AccountID]*gauge{},
	}
}

// WorkOffline closes every connection and makes none until it is called with
// false. What the user does meanwhile waits in the store.
func (e *Engine) WorkOffline(offline bool) {
	e.online.set(!offline)
	e.status.setOffline(offline)
	if !offline {
		e.Wake()
	}
}

// Wake makes every account try now: the computer woke up, the network
// changed, the user asks, a password or setting was mended.
func (e *Engine) Wake() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, s := range e.nudges {
		nudge(s.nudged)
		nudge(s.reachable)
		nudge(s.mended)
	}
}

// nudge leaves one message in a channel of capacity 1.
func nudge(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// accounts returns the accounts that Run supervises: those that have a server,
// of those that were named.
func (e *Engine) accounts(ctx context.Context) ([]localstore.Account, error) {
	var out []localstore.Account
	err := e.Store.Read(ctx, func(v *localstore.View) error {
		out = nil
		all, err := v.Accounts()
		for _, a := range all {
			if a.Mode != localstore.Local && (e.Accounts == nil || slices.Contains(e.Accounts, a.ID)) {
				out = append(out, a)
			}
		}
		return err
	})
	return out, err
}

// account reads an account as it is now.
func (e *Engine) account(ctx context.Context, id localstore.AccountID) (a localstore.Account, err error) {
	err = e.Store.Read(ctx, func(v *localstore.View) error {
		a, err = v.Account(id)
		return err
	})
	return a, err
}

// open signs in to the incoming server of an account for a pass.
func (e *Engine) open(ctx context.Context, a localstore.Account) (link.Link, error) {
	return e.openFor(ctx, a, use{receive: true})
}

// openFor signs in for a purpose.
func (e *Engine) openFor(ctx context.Context, a localstore.Account, u use) (l link.Link, err error) {
	progress := func(done, total int, bytes int64) {
		if u.moved != nil {
			u.moved()
		}
		e.status.progress(a.ID, done, total)
		e.Progress(a, done, total, bytes)
	}
	err = e.withSecret(ctx, a, func(secret string) (err error) {
		l, err = openLink(e.metered(ctx, a.ID), e.Config, a, secret, u, progress)
		return e.refusals.judge(a, secret, err, func() (bool, error) { return e.letInBefore(ctx, a) })
	})
	return l, err
}

// send sends what is due in the outbox of an account.
func (e *Engine) send(ctx context.Context, a localstore.Account) (sent int, err error) {
	err = e.withSecret(ctx, a, func(secret string) error {
		report, err := submit.Run(e.metered(ctx, a.ID), e.Store, a, secret, submit.Options{Clock: e.Clock, Log: e.Log})
		sent += report.Sent
		return err
	})
	return sent, err
}

// stopped tells whether an error only says that ctx ended.
func stopped(ctx context.Context, err error) bool {
	return ctx.Err() != nil || errors.Is(err, context.Canceled)
}

// transient tells whether time or a connection mends an error.
func transient(err error) bool {
	f := fault.Of(err)
	return f != nil && (f.Remedy == fault.Online || f.Remedy == fault.Later)
}
