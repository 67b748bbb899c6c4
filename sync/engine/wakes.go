package engine

import (
	"context"
	"encoding/json"
	"errors"

	"paquebot.app/internal/clock"
	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// heedWakes runs the passes that other processes ask for, until ctx ends.
func (e *Engine) heedWakes(ctx context.Context) {
	watch := e.Store.Watch(localstore.TopicWakes)
	defer watch.Close()
	for {
		if err := e.passesAsked(ctx); err != nil && ctx.Err() == nil {
			e.Log.Error("wakes not read", "err", err)
		}
		select {
		case <-watch.Ready():
			watch.Take()
		case <-ctx.Done():
			return
		}
	}
}

// passesAsked runs the passes that were asked for and stores their reports. A
// pass has connections of its own, and the supervisor waits meanwhile.
func (e *Engine) passesAsked(ctx context.Context) error {
	var wakes map[int64]localstore.AccountID
	err := e.Store.Read(ctx, func(v *localstore.View) (err error) {
		wakes, err = v.Wakes()
		return err
	})
	if err != nil {
		return err
	}
	for id, account := range wakes {
		a, err := e.account(ctx, account)
		var r Report
		if err != nil {
			r.Error = failure(err)
		} else {
			r = e.Pass(ctx, a)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		text, err := json.Marshal(r)
		if err != nil {
			return err
		}
		err = e.Store.Write(ctx, "wake done", func(tx *localstore.Tx) error { return tx.WakeDone(id, string(text)) })
		if err != nil {
			return err
		}
	}
	return nil
}

// ErrNobody says that no process runs the engine any more: the lock is free.
var ErrNobody = errors.New("no process runs the engine")

// Request asks the process that runs the engine for a pass over an account and
// waits for its report. It returns ErrNobody where that process ends, or never
// was one that answers, and gives up the lock.
func Request(ctx context.Context, store *localstore.Store, a localstore.Account) (Report, error) {
	watch := store.Watch(localstore.TopicWakes)
	defer watch.Close()
	var id int64
	err := store.Write(ctx, "wake", func(tx *localstore.Tx) (err error) {
		id, err = tx.Wake(a.ID)
		return err
	})
	if err != nil {
		return Report{}, err
	}
	for {
		var (
			text string
			done bool
		)
		err := store.Read(ctx, func(v *localstore.View) (err error) {
			text, done, err = v.WakeReport(id)
			return err
		})
		if err != nil {
			return Report{}, err
		}
		if done {
			var r Report
			if err := json.Unmarshal([]byte(text), &r); err != nil {
				return r, &fault.Error{Remedy: fault.Bug, Cause: fault.Data, Op: "read report", Err: err}
			}
			return r, nil
		}
		select {
		case <-watch.Ready():
			watch.Take()
		case <-clock.System.After(lockPause):
			if release, err := store.Lock(); err == nil {
				release()
				return Report{}, ErrNobody
			}
		case <-ctx.Done():
			return Report{}, &fault.Error{Remedy: fault.Later, Cause: fault.Server, Op: "wait for the pass", Err: ctx.Err()}
		}
	}
}
