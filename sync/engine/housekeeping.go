package engine

import (
	"context"
	"time"

	"paquebot.app/localstore"
)

// housePause is how often what nobody needs any more is looked for.
const housePause = 6 * time.Hour

// keepHouse removes, now and then and never at the start, what time has run
// out for: blobs and words of the index that nothing names, mail whose days in
// the hold are over, letters filed long ago.
func (e *Engine) keepHouse(ctx context.Context) {
	for {
		select {
		case <-e.Clock.After(housePause):
		case <-ctx.Done():
			return
		}
		err := e.Store.Write(ctx, "keep house", func(tx *localstore.Tx) error {
			now := e.Clock.Now()
			if _, err := tx.ExpireHeld(now); err != nil {
				return err
			}
			if err := tx.ExpireBegun(now); err != nil {
				return err
			}
			return tx.ForgetLetters(now)
		})
		e.tidied("rows", err)
		e.tidied("accounts", e.Store.FinishRemovals(ctx))
		_, err = e.Store.SweepBlobs(ctx)
		e.tidied("bodies", err)
		e.tidied("free room", e.Store.ShrinkBodies(ctx))
		_, err = e.Store.SweepIndex(ctx)
		e.tidied("index", err)
	}
}

// tidied logs what could not be tidied; it is tried again the next time.
func (e *Engine) tidied(what string, err error) {
	if err != nil {
		e.Log.Warn("not tidied", "what", what, "err", err)
	}
}

// makeRoom lets bodies of an account leave where it has more of them than its
// quota allows. It runs after a pass without an error: the server has just been
// seen to have them.
func (e *Engine) makeRoom(ctx context.Context, a localstore.Account) {
	if a.Mode != localstore.IMAP {
		return
	}
	left, err := e.Store.MakeRoom(ctx, a.ID)
	e.tidied("room", err)
	if left > 0 {
		e.Log.Info("bodies left to make room", "account", a.Name, "count", left)
	}
}
