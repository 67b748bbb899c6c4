package vm

import (
	"context"
	"strings"

	"paquebot.app/localstore"
)

// AnswerPaused answers for everything that waits in a paused folder.
func (a *Actions) AnswerPaused(folder localstore.FolderID, answer localstore.Answer) {
	a.env.Go("answer for a folder", func(ctx context.Context) func() {
		r, err := a.env.Store.EndPause(ctx, folder, answer)
		return a.answered(ctx, r, err)
	})
}

// AnswerHeld answers for those of the messages that are in the hold.
func (a *Actions) AnswerHeld(ids []localstore.MessageID, answer localstore.Answer) {
	a.settle("answer for held mail", func(tx *localstore.Tx) (localstore.Settled, error) {
		var held []localstore.MessageID
		for _, id := range ids {
			_, is, err := tx.HeldUntil(id)
			if err != nil {
				return localstore.Settled{}, err
			}
			if is {
				held = append(held, id)
			}
		}
		return tx.AnswerHeld(held, answer)
	})
}

// Upload puts messages that only this computer has on their server.
func (a *Actions) Upload(ids []localstore.MessageID) {
	a.settle("put on the server", func(tx *localstore.Tx) (localstore.Settled, error) { return tx.Upload(ids) })
}

func (a *Actions) settle(why string, f func(*localstore.Tx) (localstore.Settled, error)) {
	a.env.Go(why, func(ctx context.Context) func() {
		var r localstore.Settled
		err := a.env.Store.Write(ctx, why, func(tx *localstore.Tx) (err error) {
			r, err = f(tx)
			return err
		})
		return a.answered(ctx, r, err)
	})
}

func (a *Actions) answered(ctx context.Context, r localstore.Settled, err error) func() {
	switch {
	case ctx.Err() != nil:
		return nil
	case err != nil:
		return func() { a.Refused(err) }
	}
	return func() { a.Done(settledWords(r), nil) }
}

// settledWords say what became of messages that a server has no more.
func settledWords(r localstore.Settled) string {
	var all []string
	say := func(n int, one, many string) {
		switch {
		case n == 1:
			all = append(all, one)
		case n > 1:
			all = append(all, thousands(n)+many)
		}
	}
	say(r.Kept, "The message stays on this computer.", " messages stay on this computer.")
	say(r.Going, "The message is on its way to the server.", " messages are on their way to the server.")
	say(r.There, "One message was on the server again already.", " were on the server again already.")
	say(r.Partial, "One is not wholly on this computer and stays here.", " are not wholly on this computer and stay here.")
	say(r.Held, "The message is put aside for 30 days; search finds it.", " messages are put aside for 30 days; search finds them.")
	say(r.Removed, "The message is removed.", " messages are removed.")
	say(r.Headers, "Of one there was only the header.", " were never downloaded.")
	return strings.Join(all, " ")
}
