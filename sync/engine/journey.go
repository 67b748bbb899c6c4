package engine

import (
	"context"

	"paquebot.app/internal/fault"
	"paquebot.app/localstore"
)

// What happened after a time without a network is noted as it happens, and told
// by the store. Where that cannot be written the mail goes on all the same.

// mark takes down how an account stands before it is connected to.
func (e *Engine) mark(ctx context.Context, id localstore.AccountID) (m localstore.JourneyMark) {
	err := e.Store.Read(ctx, func(v *localstore.View) (err error) {
		m, err = v.JourneyMark(id)
		return err
	})
	e.unnoted(ctx, err)
	return m
}

// reconnected notes that a server let us in after the mark, and whether a pass
// brought everything; said is what it said. It is the first since then.
func (e *Engine) reconnected(ctx context.Context, id localstore.AccountID, m localstore.JourneyMark, whole bool, said []string) {
	e.noteJourney(ctx, func(tx *localstore.Tx) error {
		if err := tx.Reconnected(id, m); err != nil || !whole {
			return err
		}
		if err := tx.LookedForLetters(id); err != nil {
			return err
		}
		if err := tx.JourneyReceived(id, said); err != nil {
			return err
		}
		_, err := tx.EndJourney(id, false)
		return err
	})
}

// lettersTried notes that the letters of an account that are due were tried.
func (e *Engine) lettersTried(ctx context.Context, id localstore.AccountID) {
	e.noteJourney(ctx, func(tx *localstore.Tx) error {
		if _, err := tx.EndJourney(id, true); err != nil || !e.status.connected(id) {
			return err
		}
		return tx.LookedForLetters(id)
	})
}

// outOfReach is how often in a row letters may find no server for sending, while
// the one for receiving is there, before a journey ends without them.
const outOfReach = 5

// reach counts that. A line that broke is no try: a journey goes on with the
// next.
type reach int

// tried tells whether letters count as tried after an attempt that ended so.
func (r *reach) tried(err error, connected bool) bool {
	switch {
	case !fault.Is(err, fault.Online):
		*r = 0
		return true
	case !connected:
		*r = 0
		return false
	}
	*r++
	return *r >= outOfReach
}

// wentOffline notes until when an account was online.
func (e *Engine) wentOffline(ctx context.Context, id localstore.AccountID) {
	e.noteJourney(ctx, func(tx *localstore.Tx) error { return tx.OnlineUntil(id) })
}

func (e *Engine) noteJourney(ctx context.Context, f func(*localstore.Tx) error) {
	e.unnoted(ctx, e.Store.Write(context.WithoutCancel(ctx), "journey", f))
}

func (e *Engine) unnoted(ctx context.Context, err error) {
	if err != nil && !stopped(ctx, err) {
		e.Log.Warn("journey not noted", "err", err)
	}
}
